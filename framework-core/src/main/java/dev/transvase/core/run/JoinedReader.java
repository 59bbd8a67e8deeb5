package dev.transvase.core.run;

import static dev.transvase.core.error.CoreErrors.UNSUPPORTED_JOB;
import static dev.transvase.spi.error.CommonErrors.DUPLICATE_TABLE;

import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.look.Preview;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.SequenceValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Several readers as one, which reads what all of them do: a step with several databases. Each has a place in the job file
 * that its splits' names and its messages begin with. What they read is of one point in time for each, not for all.
 */
final class JoinedReader implements Reader {

    private final List<Part> parts;

    /** For each part the index that its first table has among all. */
    private final List<Integer> firstTables = new ArrayList<>();

    /** One of the readers, and where the job file has it. */
    record Part(String place, Reader reader) {}

    JoinedReader(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public ReadPlan plan(Checks checks) {
        List<Schema> tables = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        List<Set<String>> origins = new ArrayList<>();
        Set<String> read = new HashSet<>();
        List<SequenceValue> sequences = new ArrayList<>();
        List<ReadPlan.Definitions> definitions = new ArrayList<>();
        firstTables.clear();
        for (Part part : parts) {
            ReadPlan plan = at(part, () -> part.reader().plan(new PlacedChecks(part.place(), checks)));
            if (plan.unbounded() || plan.changes().isPresent()) {
                checks.error(
                        "connection",
                        UNSUPPORTED_JOB,
                        "changes can be read from one database only",
                        "write a separate job for each");
            }
            int first = tables.size();
            firstTables.add(first);
            plan.tables()
                    .forEach(
                            table -> definitions.add(index -> plan.definitions().of(index - first)));
            plan.sequences()
                    .forEach(value ->
                            sequences.add(new SequenceValue(first + value.table(), value.column(), value.last())));
            tables.addAll(plan.tables());
            leftOut.addAll(plan.leftOut());
            read.addAll(plan.read());
            List<Set<String>> its =
                    plan.origins().isEmpty() ? Collections.nCopies(plan.tables().size(), Set.of()) : plan.origins();
            reportReadTwice(
                    part,
                    plan.tables(),
                    its,
                    new HashSet<>(origins.stream().flatMap(Set::stream).toList()),
                    checks);
            origins.addAll(its);
        }
        return ReadPlan.of(tables)
                .withLeftOut(leftOut)
                .withOrigins(origins, read)
                .withSequences(sequences)
                .withDefinitions(index -> definitions.get(index).of(index));
    }

    /** Each reader reads every record once; what two of them read would come twice. */
    private static void reportReadTwice(
            Part part, List<Schema> tables, List<Set<String>> origins, Set<String> earlier, Checks checks) {
        for (int i = 0; i < tables.size(); i++) {
            List<String> twice =
                    origins.get(i).stream().filter(earlier::contains).sorted().toList();
            if (!twice.isEmpty()) {
                checks.error(
                        "connection",
                        DUPLICATE_TABLE,
                        part.place() + ": " + tables.get(i).table() + " reads rows that another connection of this"
                                + " step already reads: " + String.join(", ", twice) + "; they would be written twice",
                        "list all tables of one database in one connection, each of them once");
            }
        }
    }

    @Override
    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            int from = firstTables.get(i);
            int to = i + 1 < parts.size() ? firstTables.get(i + 1) : accepted.size();
            List<Schema> its = accepted.subList(from, to);
            at(part, () -> part.reader().split(its, channels, new PlacedChecks(part.place(), checks)))
                    .forEach(split -> splits.add(new Split(
                            prefix(part) + split.id(),
                            from + split.table(),
                            split.stage(),
                            split.payload(),
                            split.description(),
                            split.expected())));
        }
        return splits;
    }

    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        int index = parts.size() - 1;
        while (firstTables.get(index) > split.table()) {
            index--;
        }
        Part part = parts.get(index);
        Split its = Split.of(
                        split.id().substring(prefix(part).length()),
                        split.table() - firstTables.get(index),
                        split.payload(),
                        split.description())
                .inStage(split.stage());
        return part.reader().open(its, schema, position);
    }

    private static String prefix(Part part) {
        return part.place() + '/';
    }

    @Override
    public Optional<Preview> preview(Preview.Request request) {
        for (Part part : parts) {
            Optional<Preview> preview = at(part, () -> part.reader().preview(request));
            if (preview.isPresent()) {
                return preview;
            }
        }
        return Optional.empty();
    }

    /** Closes all, whatever any of them does. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (Part part : parts) {
            try {
                part.reader().close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private interface Work<T> {
        T run();
    }

    private static <T> T at(Part part, Work<T> work) {
        try {
            return work.run();
        } catch (TransvaseException e) {
            throw e.reworded(part.place() + ": " + e.getMessage());
        }
    }

    /** Tells where in the step what is found is. */
    private record PlacedChecks(String place, Checks checks) implements Checks {

        @Override
        public void error(String parameter, ErrorCode code, String message, String remedy) {
            checks.error(parameter, code, place + ": " + message, remedy);
        }

        @Override
        public void error(String parameter, Finding finding) {
            checks.error(parameter, placed(finding));
        }

        @Override
        public void warning(String parameter, Finding finding) {
            checks.warning(parameter, placed(finding));
        }

        private Finding placed(Finding finding) {
            return new Finding(
                    finding.code(),
                    place + ": " + finding.message(),
                    finding.remedy(),
                    finding.subject(),
                    finding.plural(),
                    finding.fix());
        }

        @Override
        public void warning(String parameter, String message) {
            checks.warning(parameter, place + ": " + message);
        }

        @Override
        public void note(String message) {
            checks.note(place + ": " + message);
        }

        @Override
        public boolean failed() {
            return checks.failed();
        }
    }
}
