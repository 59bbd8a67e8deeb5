package dev.transvase.core.run;

import static dev.transvase.core.error.CoreErrors.DATA_SOURCE_TYPE_MISMATCH;
import static dev.transvase.core.error.CoreErrors.UNKNOWN_VARIABLE;
import static dev.transvase.spi.error.CommonErrors.TOO_MANY_COLUMNS;

import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.datasource.DataSourcesFile;
import dev.transvase.core.datasource.DataSourcesLookup;
import dev.transvase.core.job.JobFile;
import dev.transvase.core.job.StepSpec;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Restriction;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.plugin.PluginCatalog.Offer;
import dev.transvase.core.step.StepContext;
import dev.transvase.core.step.StepFactory;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.Split;
import dev.transvase.spi.StepType;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.Writer;
import dev.transvase.spi.WriterType;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Turns a job file into a plan that is checked and ready to run. */
public final class JobPlanner {

    /** Records travel with the number of their fields in 16 bits. */
    private static final int MOST_COLUMNS = Short.MAX_VALUE;

    private final PluginCatalog plugins;
    private final StepFactory steps;
    private final DataSourcesLookup dataSources;
    private final boolean restricted;
    private Optional<DataSourcesFile> dataSourcesFile;

    /** @param restricted whether jobs may only use named data sources, run no code and reach no file outside of their folder */
    public JobPlanner(PluginCatalog plugins, StepFactory steps, DataSourcesLookup dataSources, boolean restricted) {
        this.restricted = restricted;
        this.plugins = plugins;
        this.steps = steps;
        this.dataSources = dataSources;
    }

    /**
     * Binds the parameters, constructs the steps, connects and lets both check all they need. Changes nothing. Blocks on
     * the systems outside.
     *
     * @param problems holds what was found so far; warnings of it become the plan's
     * @return the plan, which the caller closes
     * @throws InvalidJobException with everything that is wrong
     * @throws TransvaseException when checking itself is not possible
     */
    public JobPlan plan(JobFile job, Problems problems) {
        return plan(job, false, problems);
    }

    /**
     * As {@link #plan(JobFile, Problems)}.
     *
     * @param untilCurrent whether a reader of changes ends once it has read what was committed before
     */
    public JobPlan plan(JobFile job, boolean untilCurrent, Problems problems) {
        return planned(job, construct(job, untilCurrent, problems), problems);
    }

    /**
     * As {@link #plan(JobFile, boolean, Problems)}.
     *
     * @param reported receives what the user should know meanwhile, for example that a server keeps it waiting
     */
    public JobPlan plan(JobFile job, boolean untilCurrent, Problems problems, Consumer<String> reported) {
        JobSteps constructed = construct(job, untilCurrent, problems);
        constructed.notices().tell(reported);
        return planned(job, constructed, problems);
    }

    private JobPlan planned(JobFile job, JobSteps constructed, Problems problems) {
        try {
            return plan(job, constructed, problems);
        } catch (RuntimeException | Error e) {
            closeAfter(e, constructed);
            throw e;
        }
    }

    /**
     * Binds the parameters and constructs the steps. Connects to nothing.
     *
     * @return both steps, which the caller closes
     * @throws InvalidJobException with everything that is wrong
     */
    public JobSteps construct(JobFile job, boolean untilCurrent, Problems problems) {
        Optional<Bound<ReaderType>> reading = bind(job.reader(), plugins::reader, job, problems);
        Optional<Bound<WriterType>> writing = bind(job.writer(), plugins::writer, job, problems);
        problems.throwIfFailed();
        List<Bound<ReaderType>> sources = new ArrayList<>(reading.stream().toList());
        for (StepSpec other : job.reader().others()) {
            bind(other, plugins::reader, job, problems).ifPresent(sources::add);
        }
        problems.throwIfFailed();
        Bound<WriterType> target = writing.orElseThrow();
        JobNotices notices = new JobNotices();
        JobContext context = new StepContext(
                job.name(),
                job.settings().speed().concurrent(),
                job.folder(),
                untilCurrent,
                sources.stream().anyMatch(source -> source.sharesDataSource(target)),
                job.settings().errorLimit().toleratesAny(),
                notices);
        WriterPositions stored = new WriterPositions();
        Reader reader = reader(job.reader(), sources, context, stored);
        try {
            Writer writer = steps.writer(target.offer(), target.parameters(), target.dataSource(), context);
            return new JobSteps(reader, writer, stored, notices);
        } catch (RuntimeException | Error e) {
            closeAfter(e, reader);
            throw e;
        }
    }

    /**
     * Constructs the step that reads, alone, to look at what it would read. Connects to nothing.
     *
     * @return the reader, which the caller closes
     * @throws InvalidJobException with everything that is wrong with it
     */
    public Reader reader(JobFile job, Problems problems) {
        Optional<Bound<ReaderType>> reading = bind(job.reader(), plugins::reader, job, problems);
        problems.throwIfFailed();
        List<Bound<ReaderType>> sources = new ArrayList<>(reading.stream().toList());
        for (StepSpec other : job.reader().others()) {
            bind(other, plugins::reader, job, problems).ifPresent(sources::add);
        }
        problems.throwIfFailed();
        JobContext context = new StepContext(job.name(), 1, job.folder(), false, false, false, new JobNotices());
        return reader(job.reader(), sources, context, new WriterPositions());
    }

    private Reader reader(StepSpec step, List<Bound<ReaderType>> sources, JobContext context, WriterPositions stored) {
        List<JoinedReader.Part> parts = new ArrayList<>();
        try {
            for (Bound<ReaderType> source : sources) {
                String place = parts.isEmpty()
                        ? step.place()
                        : step.others().get(parts.size() - 1).place();
                parts.add(new JoinedReader.Part(
                        place,
                        steps.reader(source.offer(), source.parameters(), source.dataSource(), context, stored)));
            }
        } catch (RuntimeException | Error e) {
            closeAfter(e, new JoinedReader(parts));
            throw e;
        }
        return parts.size() == 1 ? parts.get(0).reader() : new JoinedReader(parts);
    }

    private JobPlan plan(JobFile job, JobSteps constructed, Problems problems) {
        Reader reader = constructed.reader();
        Writer writer = constructed.writer();
        int concurrent = job.settings().speed().concurrent();
        constructed.stored().of(writer);
        ReadPlan readPlan = checking(job.reader(), reader::plan, problems);
        if (problems.failed()) {
            checkWriter(job, writer, readPlan, problems);
        }
        problems.throwIfFailed();
        requireWidths(job.reader(), readPlan, problems);
        List<WriteTarget> targets = inStep(job.writer(), checks -> writer.plan(readPlan, checks), problems);
        if (restricted) {
            requireInFolder(job, targets, problems);
        }
        List<Schema> accepted = targets.stream().map(WriteTarget::accepted).toList();
        constructed.stored().to(places(readPlan, targets));
        List<Split> cut = inStep(job.reader(), checks -> reader.split(accepted, concurrent, checks), problems);
        List<Split> splits = SplitOrder.of(cut, targets, concurrent);
        int channels = Math.max(1, Math.min(concurrent, splits.size()));
        return new JobPlan(
                job,
                reader,
                writer,
                targets,
                splits,
                readPlan.unbounded(),
                readPlan.changes(),
                channels,
                problems.warnings(),
                readPlan.leftOut(),
                constructed.notices());
    }

    private static Map<TableName, String> places(ReadPlan read, List<WriteTarget> targets) {
        Map<TableName, String> places = new HashMap<>();
        for (int i = 0; i < targets.size(); i++) {
            places.put(read.tables().get(i).table(), targets.get(i).target());
        }
        return places;
    }

    private static void requireWidths(StepSpec step, ReadPlan plan, Problems problems) {
        for (Schema table : plan.tables()) {
            if (table.width() > MOST_COLUMNS) {
                problems.error(
                        JsonPath.key(step.path(), "column"),
                        TOO_MANY_COLUMNS,
                        table.table() + " has " + table.width() + " columns, a record has at most " + MOST_COLUMNS,
                        "read fewer of them");
            }
        }
        problems.throwIfFailed();
    }

    /** A writer may have made the path of a file of several parameters, or followed a link. */
    private static void requireInFolder(JobFile job, List<WriteTarget> targets, Problems problems) {
        Restriction restriction = new Restriction(job.ownFolder(), problems);
        for (WriteTarget target : targets) {
            if (target.target().startsWith("/")) {
                restriction.require(Path.of(target.target()), job.writer().path());
            }
        }
        problems.throwIfFailed();
    }

    /** What is wrong at the target is reported together with what is wrong at the source, if the source's tables are known. */
    private static void checkWriter(JobFile job, Writer writer, ReadPlan readPlan, Problems problems) {
        if (readPlan.changes().isEmpty() || readPlan.tables().isEmpty()) {
            return;
        }
        try {
            checking(job.writer(), checks -> writer.plan(readPlan, checks), problems);
        } catch (TransvaseException e) {
            problems.add(Problem.of("", e.type(), e.code(), e.getMessage(), "", false));
        }
    }

    /** Has a step check its part and goes on only when nothing is wrong. */
    private static <T> T inStep(StepSpec step, Function<Checks, T> planning, Problems problems) {
        T planned = checking(step, planning, problems);
        problems.throwIfFailed();
        return planned;
    }

    /** Has a step check its part, and tells which step it was when that is not possible. */
    private static <T> T checking(StepSpec step, Function<Checks, T> planning, Problems problems) {
        try {
            return planning.apply(problems.at(step.path()));
        } catch (TransvaseException e) {
            String message = ConnectionAdvice.fitting(e.getMessage(), step);
            throw e.reworded(place(step) + ": " + message);
        }
    }

    /** The step's place in the job file, and its data source where it names one. */
    private static String place(StepSpec step) {
        String name = step.parameter().path("datasource").asText("");
        return name.isEmpty() || step.inlineDataSource().isPresent()
                ? step.path()
                : step.path() + ", data source " + name;
    }

    private static void closeAfter(Throwable failure, AutoCloseable step) {
        try {
            step.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    private <T extends StepType> Optional<Bound<T>> bind(
            StepSpec step, Function<String, Offer<T>> catalog, JobFile job, Problems problems) {
        Offer<T> offer;
        try {
            offer = catalog.apply(step.stepType());
        } catch (TransvaseException e) {
            // What its parameters are to be is not known, so nothing that was found in them is right to say.
            problems.silenceBelow(step.path());
            problems.error(step.stepTypePath(), e.errorCode(), e.getMessage(), "");
            return Optional.empty();
        }
        return offer.plugin().call("binding its parameters", () -> {
            if (restricted) {
                restrict(step, offer.type(), job.ownFolder(), problems);
            }
            Optional<? extends Record> parameters = step.bind(offer.type().parameters(), job.folder(), problems);
            Optional<DataSourceSpec> spec = offer.type().dataSourceType().flatMap(type -> spec(step, type, problems));
            Optional<? extends Record> dataSource = spec.flatMap(s -> bindDataSource(offer, s, step, problems));
            return parameters.map(p -> new Bound<>(offer, p, spec, dataSource));
        });
    }

    private static void restrict(StepSpec step, StepType type, Optional<Path> folder, Problems problems) {
        Restriction restriction = new Restriction(folder, problems);
        if (step.inlineDataSource().isPresent()) {
            restriction.refuseConnection(JsonPath.key(step.path(), "connection"));
        }
        restriction.check(type.parameters(), step.parameter(), step.path());
    }

    private Optional<DataSourceSpec> spec(StepSpec step, String type, Problems problems) {
        if (step.inlineDataSource().isPresent()) {
            boolean unfinished = problems.errors().stream()
                    .anyMatch(e ->
                            e.code().equals(UNKNOWN_VARIABLE.name()) && e.path().startsWith(step.path()));
            if (unfinished) {
                return Optional.empty(); // an error about it would only come from the missing value
            }
            return step.inlineDataSource().map(spec -> spec.withType(type));
        }
        String name = step.parameter().path("datasource").asText("");
        if (name.isEmpty()) {
            return Optional.empty(); // binding the parameters has reported that it is missing
        }
        return file(problems).flatMap(f -> f.find(name, step.path() + ".datasource", problems));
    }

    private Optional<DataSourcesFile> file(Problems problems) {
        if (dataSourcesFile == null) {
            dataSourcesFile = dataSources.read(problems);
        }
        return dataSourcesFile;
    }

    private static <T extends StepType> Optional<? extends Record> bindDataSource(
            Offer<T> offer, DataSourceSpec spec, StepSpec step, Problems problems) {
        String wanted = offer.type().dataSourceType().orElseThrow();
        if (!spec.type().equals(wanted)) {
            problems.error(
                    step.path() + ".datasource",
                    DATA_SOURCE_TYPE_MISMATCH,
                    "a " + step.stepType() + " step needs a data source of type " + wanted + ", but " + spec.name()
                            + " is of type " + spec.type(),
                    "name another data source, or another stepType");
            return Optional.empty();
        }
        return offer.plugin().dataSourceTypes().stream()
                .filter(t -> t.name().equals(wanted))
                .findFirst()
                .flatMap(t -> spec.bind(t.parameters(), problems));
    }

    /** A step whose parameters have been read. */
    private record Bound<T extends StepType>(
            Offer<T> offer, Record parameters, Optional<DataSourceSpec> spec, Optional<? extends Record> dataSource) {

        /** By what their data sources say: two plugins read them into classes of their own, which are never equal. */
        boolean sharesDataSource(Bound<?> other) {
            return spec.isPresent() && other.spec.isPresent() && spec.get().saysTheSameAs(other.spec.get());
        }
    }
}
