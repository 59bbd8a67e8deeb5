package dev.transvase.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the runtime relies on in every reader of rows; {@link AbstractChangeReaderContractTest} is for those of changes. */
public abstract class AbstractReaderContractTest {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int BATCH_BYTES = 2 << 20;

    /** A fresh reader of the same data as every other one that this method makes; the test closes it. */
    protected abstract Reader newReader();

    /** All records that it reads with this many channels, in any order, as {@link Rows} has them. */
    protected abstract List<List<String>> expected(int channels);

    /** A reader that has been planned. */
    private record Planned(List<Schema> schemas, List<Split> splits) {

        static Planned of(Reader reader, int channels) {
            CollectedChecks checks = new CollectedChecks();
            ReadPlan plan = reader.plan(checks);
            assertFalse(checks.failed(), () -> "plan reported " + checks.errors());
            List<Schema> accepted = plan.tables().stream().map(Schema::standard).toList();
            List<Split> splits = reader.split(accepted, channels, checks);
            assertFalse(checks.failed(), () -> "split reported " + checks.errors());
            return new Planned(accepted, splits);
        }

        SplitReader open(Reader reader, Split split, Position position) {
            return reader.open(split, schemas.get(split.table()), position);
        }
    }

    @Test
    void oneChannelReadsEveryRecordOnce() {
        readsEveryRecordOnce(1);
    }

    @Test
    void fourChannelsReadEveryRecordOnce() {
        readsEveryRecordOnce(4);
    }

    private void readsEveryRecordOnce(int channels) {
        try (Reader reader = newReader()) {
            Planned planned = Planned.of(reader, channels);
            List<List<String>> rows = new ArrayList<>();
            for (Split split : planned.splits()) {
                try (SplitReader splitReader = planned.open(reader, split, Position.START)) {
                    readAll(splitReader, planned.schemas().get(split.table()), rows);
                }
            }
            assertEquals(counted(expected(channels)), counted(rows));
        }
    }

    @Test
    void splitIdsAreUnique() {
        try (Reader reader = newReader()) {
            List<Split> splits = Planned.of(reader, 4).splits();
            assertEquals(
                    splits.size(), splits.stream().map(Split::id).distinct().count());
        }
    }

    @Test
    void noBatchEndsWithinATransaction() {
        try (Reader reader = newReader()) {
            Planned planned = Planned.of(reader, 1);
            for (Split split : planned.splits()) {
                try (SplitReader splitReader = planned.open(reader, split, Position.START)) {
                    for (RecordBatch batch : batches(splitReader)) {
                        assertNotEquals(
                                BatchEnd.withinTransaction(),
                                splitReader.end(),
                                () -> "rows can be committed after " + batch);
                    }
                }
            }
        }
    }

    /** Each batch that ends at a resume point is tried, those of the first split at least. */
    @Test
    void goesOnAtEachResumePoint() {
        try (Reader reader = newReader()) {
            Planned planned = Planned.of(reader, 1);
            Split split = planned.splits().get(0);
            Schema schema = planned.schemas().get(split.table());
            List<List<String>> whole = new ArrayList<>();
            try (SplitReader splitReader = planned.open(reader, split, Position.START)) {
                readAll(splitReader, schema, whole);
            }
            List<List<String>> before = new ArrayList<>();
            try (SplitReader splitReader = planned.open(reader, split, Position.START)) {
                for (RecordBatch batch : batches(splitReader)) {
                    before.addAll(Rows.of(batch));
                    Optional<Position> resume = splitReader.end().resumePosition();
                    if (resume.isPresent()) {
                        List<List<String>> rows = new ArrayList<>(before);
                        try (SplitReader rest = planned.open(reader, split, stored(resume.get()))) {
                            readAll(rest, schema, rows);
                        }
                        assertEquals(counted(whole), counted(rows), () -> "going on at " + resume.get());
                    }
                }
            }
        }
    }

    /** As it comes back from where it was stored. */
    private static Position stored(Position position) {
        return new Position(position.token().clone(), position.context().clone(), position.description());
    }

    /** The batches one by one: the reader is asked for the next when that is iterated to. */
    private static Iterable<RecordBatch> batches(SplitReader reader) {
        return () -> new Iterator<>() {
            private Optional<RecordBatch> next = firstBatch(reader);

            @Override
            public boolean hasNext() {
                if (next.isEmpty()) {
                    next = firstBatch(reader);
                }
                return next.isPresent();
            }

            @Override
            public RecordBatch next() {
                RecordBatch batch = next.orElseThrow(NoSuchElementException::new);
                next = Optional.empty();
                return batch;
            }
        };
    }

    @Test
    void cancelEndsTheReading() {
        try (Reader reader = newReader()) {
            Planned planned = Planned.of(reader, 1);
            try (SplitReader splitReader = planned.open(reader, planned.splits().get(0), Position.START)) {
                splitReader.poll(POLL);
                splitReader.cancel();
                splitReader.cancel();
                drainAfterCancel(splitReader);
            }
        }
    }

    private static void drainAfterCancel(SplitReader splitReader) {
        try {
            while (!splitReader.finished()) {
                if (splitReader.poll(POLL).isEmpty()) {
                    return;
                }
            }
        } catch (TransvaseException e) {
            assertFalse(e.getMessage().isBlank());
        }
    }

    @Test
    void anUnfinishedReadCanBeClosedAndDoesNotDisturbTheNext() {
        try (Reader reader = newReader()) {
            Planned planned = Planned.of(reader, 1);
            for (Split split : planned.splits()) {
                try (SplitReader splitReader = planned.open(reader, split, Position.START)) {
                    splitReader.poll(POLL);
                }
            }
        }
        readsEveryRecordOnce(1);
    }

    @Test
    void canBeClosedBeforeItWasPlanned() {
        newReader().close();
    }

    private static Optional<RecordBatch> firstBatch(SplitReader reader) {
        Optional<RecordBatch> batch = Optional.empty();
        while (batch.isEmpty() && !reader.finished()) {
            batch = reader.poll(POLL);
        }
        return batch;
    }

    private static void readAll(SplitReader reader, Schema schema, List<List<String>> rows) {
        while (!reader.finished()) {
            reader.poll(POLL).ifPresent(batch -> {
                assertEquals(schema, batch.schema());
                assertTrue(batch.size() > 0, "a batch without records");
                assertTrue(batch.size() == 1 || batch.bytes() <= BATCH_BYTES, () -> batch + " is too large");
                rows.addAll(Rows.of(batch));
            });
        }
    }

    private static Map<List<String>, Integer> counted(List<List<String>> rows) {
        Map<List<String>, Integer> counts = new HashMap<>();
        rows.forEach(row -> counts.merge(row, 1, Integer::sum));
        return counts;
    }
}
