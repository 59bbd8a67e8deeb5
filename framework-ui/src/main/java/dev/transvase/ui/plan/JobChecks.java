package dev.transvase.ui.plan;

import dev.transvase.core.job.JobFile;
import dev.transvase.core.job.JobSource;
import dev.transvase.core.job.ScheduleTime;
import dev.transvase.core.job.VariableValues;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.run.JobPlan;
import dev.transvase.core.run.JobSteps;
import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.look.Preview;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Type;
import dev.transvase.ui.http.Refusal;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Asks of a script what {@code transvase check} and {@code cdc} ask of a job file. All of it changes nothing, but {@link #drop}.
 * Thread-safe; blocks on the data sources, for a few scripts at a time.
 */
public final class JobChecks {

    private static final int MOST_AT_ONCE = 4;

    private final Plugins plugins;
    private final Path folder;
    private final Semaphore turns = new Semaphore(MOST_AT_ONCE);

    /** @param folder of the jobs: where relative paths in scripts start */
    public JobChecks(Plugins plugins, Path folder) {
        this.plugins = plugins;
        this.folder = folder;
    }

    /**
     * A script and what a run would be given with it.
     *
     * @param name of the job
     */
    public record Question(String name, String script, Map<String, String> variables) {}

    /**
     * What a check found.
     *
     * @param ok whether the job can run
     * @param connected whether the data sources were asked
     * @param plan what the job is going to do; empty when something is wrong, or nobody was asked
     */
    public record Checked(boolean ok, boolean connected, List<Found> findings, Optional<Planned> plan) {}

    /** Checks the script by itself: names, values and types of parameters. Connects to nothing. */
    public Checked check(Question question) {
        Problems problems = new Problems();
        try {
            JobFile job = read(question, problems);
            plugins.planner().construct(job, false, problems).close();
        } catch (InvalidJobException e) {
            // They are among the problems.
        } catch (TransvaseException e) {
            problems.add(Problem.of("", e.type(), e.code(), e.getMessage(), "", false));
        }
        return withoutVariables(question.script(), checked(question, problems, false, Optional.empty()));
    }

    /** Variables get their values when the job is run: until then nobody can say whether a value that has one is right. */
    private static Checked withoutVariables(String script, Checked checked) {
        List<Found> findings = checked.findings().stream()
                .filter(found -> found.code().equals("UNKNOWN_VARIABLE") || !isTextWithVariable(found.in(script)))
                .map(found -> found.code().equals("UNKNOWN_VARIABLE") ? found.asWarning() : found)
                .toList();
        return new Checked(findings.stream().allMatch(Found::warning), false, findings, Optional.empty());
    }

    private static boolean isTextWithVariable(String value) {
        return value.startsWith("\"") && value.contains("${");
    }

    /** Makes every check that a run makes, and plans it. */
    public Checked plan(Question question) {
        return inTurn(() -> {
            Problems problems = new Problems();
            Optional<Planned> planned = Optional.empty();
            try {
                JobFile job = read(question, problems);
                try (JobPlan plan = plugins.planner().plan(job, problems)) {
                    planned = Optional.of(planned(plan, problems));
                }
            } catch (InvalidJobException e) {
                // They are among the problems.
            } catch (TransvaseException e) {
                problems.add(Problem.of("", e.type(), e.code(), e.getMessage(), "", false));
            }
            return checked(question, problems, true, planned);
        });
    }

    private static Checked checked(Question question, Problems problems, boolean connected, Optional<Planned> planned) {
        List<Problem> all = new ArrayList<>(problems.errors());
        all.addAll(problems.warnings());
        List<Found> findings = all.stream()
                .map(problem -> Found.of(problem, question.script(), problems.masks()::apply))
                .toList();
        return new Checked(!problems.failed(), connected, findings, planned);
    }

    private Planned planned(JobPlan plan, Problems problems) {
        Map<Integer, Long> splits =
                plan.splits().stream().collect(Collectors.groupingBy(Split::table, Collectors.counting()));
        List<Planned.Table> tables = new ArrayList<>();
        for (int i = 0; i < plan.targets().size(); i++) {
            tables.add(table(plan.targets().get(i), splits.getOrDefault(i, 0L).intValue()));
        }
        return new Planned(
                plan.channels(),
                plan.splits().size(),
                plan.unbounded(),
                tables,
                plan.leftOut().stream()
                        .map(left -> new Planned.LeftOut(left.table(), left.why()))
                        .toList(),
                problems.notes().stream().map(problems.masks()::apply).toList());
    }

    private static Planned.Table table(WriteTarget target, int splits) {
        List<Column> columns = target.accepted().columns();
        boolean pairs = target.into().size() == columns.size();
        List<Planned.Column> planned = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            planned.add(new Planned.Column(
                    column.name(),
                    column.declaredType().isEmpty() ? column.type().toString() : column.declaredType(),
                    column.nullable(),
                    pairs ? target.into().get(i) : "",
                    travelsAs(column, target.accepted().wireFormat()),
                    column.named()));
        }
        return new Planned.Table(
                target.accepted().table().toString(), target.target(), target.description(), splits, planned);
    }

    private static String travelsAs(Column column, String wireFormat) {
        if (!(column.type() instanceof Type.Native)) {
            return column.type().toString();
        }
        return column.encoding() == Column.Encoding.WIRE ? wireFormat + " binary" : "text";
    }

    /** The names of the variables that a run has to be given values for. */
    public Set<String> variables(Question question) {
        return JobFile.variables(source(question), now());
    }

    /**
     * The first records of what the script's reader reads.
     *
     * @throws Refusal when the script is wrong, or its reader has none to show
     */
    public Preview preview(Question question, Preview.Request request) {
        return inTurn(() -> {
            Problems problems = new Problems();
            try (Reader reader = plugins.planner().reader(read(question, problems), problems)) {
                return reader.preview(request)
                        .orElseThrow(() -> Refusal.missing(
                                "there are no records to show: the reader shows none, or has no" + " such table"));
            } catch (InvalidJobException e) {
                throw refused(e, problems);
            } catch (TransvaseException e) {
                throw masked(e, problems);
            }
        });
    }

    /**
     * What a stream of changes keeps.
     *
     * @param stream what it is called
     * @param source facts about what it keeps at its source
     * @param target facts about its position at the target
     * @param figures {@code lagBytes}, {@code retainedBytes} and {@code safeBytes}, as far as the source tells them
     */
    public record StreamState(
            String stream, Map<String, String> source, Map<String, String> target, Map<String, Long> figures) {}

    /** Asks for it; empty when the job follows no changes. */
    public Optional<StreamState> stream(Question question) {
        return withSteps(question, (capture, steps) -> {
            Map<String, String> target = new LinkedHashMap<>();
            try {
                steps.writer()
                        .positions()
                        .ifPresent(positions -> target.putAll(positions.status(capture.streamSplit())));
            } catch (TransvaseException e) {
                target.put(
                        "position",
                        "unknown: " + e.getMessage()); // what the source keeps is worth knowing all the same
            }
            return new StreamState(capture.streamSplit(), capture.status(), target, capture.figures());
        });
    }

    /** Removes what the job keeps at its source, and its position at the target; says what was removed. Empty as there. */
    public Optional<List<String>> drop(Question question) {
        return withSteps(question, (capture, steps) -> {
            List<String> dropped = capture.drop();
            steps.writer().positions().ifPresent(positions -> positions.forget(capture.streamSplit()));
            return dropped;
        });
    }

    /** What is done with the steps of a job that follows changes. */
    private interface Work<T> {

        T with(ChangeCapture capture, JobSteps steps);
    }

    private <T> Optional<T> withSteps(Question question, Work<T> work) {
        return inTurn(() -> {
            Problems problems = new Problems();
            try (JobSteps steps = plugins.planner().construct(read(question, problems), false, problems)) {
                return steps.reader().changeCapture().map(capture -> work.with(capture, steps));
            } catch (InvalidJobException e) {
                throw refused(e, problems);
            } catch (TransvaseException e) {
                throw masked(e, problems);
            }
        });
    }

    private static Refusal refused(InvalidJobException e, Problems problems) {
        Problem first = e.problems().get(0);
        return Refusal.conflict(
                first.code(),
                problems.masks().apply(first.toString()),
                problems.masks().apply(first.remedy()));
    }

    private static Refusal masked(TransvaseException e, Problems problems) {
        return Refusal.of(e.reworded(problems.masks().apply(e.getMessage())));
    }

    private JobFile read(Question question, Problems problems) {
        VariableValues values = new VariableValues(question.variables(), Set.of(), now());
        Optional<JobFile> job = JobFile.read(source(question), values, plugins.catalog()::exampleUrl, problems);
        if (job.isEmpty() && !problems.failed()) {
            problems.add(Problem.of("", ErrorType.USER, "INVALID_JOB", "there is no reader and writer", "", false));
        }
        if (job.isEmpty()) {
            problems.throwIfFailed();
        }
        return job.orElseThrow();
    }

    private JobSource source(Question question) {
        String text = question.script().startsWith("\uFEFF") ? question.script().substring(1) : question.script();
        return new JobSource(question.name() + ".json", folder, Optional.of(folder), text);
    }

    private static ScheduleTime now() {
        return new ScheduleTime(LocalDateTime.now(ZoneId.systemDefault()));
    }

    private <T> T inTurn(Supplier<T> work) {
        turns.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }
}
