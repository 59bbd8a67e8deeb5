package dev.transvase.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.StoredPositions;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.record.RecordKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What the runtime relies on in every reader of changes: rows come first, then each change once, in the order of the source's
 * commits; what a batch's end allows is true; reading goes on at each resume point, in another process too. The source has one
 * table, whose first column is its key.
 */
public abstract class AbstractChangeReaderContractTest {

    private static final Duration POLL = Duration.ofMillis(200);

    /** How many transactions of changes the source makes. */
    private static final int TRANSACTIONS = 6;

    /**
     * A fresh reader of one stream of changes, as every other one that this method makes in a test: it ends with what was committed
     * before it was planned. The test closes it.
     *
     * @param stored how far earlier runs came
     */
    protected abstract Reader newReader(StoredPositions stored);

    /** Makes a transaction at the source, of inserts, updates and deletes; the number counts them from 0. */
    protected abstract void change(int number);

    /** The rows of the source's table now, in their text form. */
    protected abstract Set<List<String>> rowsAtSource();

    /** A position for each stream, as a writer would have stored it. */
    private static final class Stored implements StoredPositions {

        private final Map<String, Position> positions = new HashMap<>();

        @Override
        public boolean kept() {
            return true;
        }

        @Override
        public Position of(String split) {
            return positions.getOrDefault(split, Position.START);
        }

        void put(String split, Position position) {
            // As it comes back from where it was stored.
            positions.put(
                    split,
                    new Position(position.token().clone(), position.context().clone(), position.description()));
        }
    }

    /** A record as it was read. */
    private record Change(RecordKind kind, List<String> row) {}

    /** What was read up to the end of a batch. */
    private record Point(int changes, Position position) {}

    /** What one run reads. */
    private final class Run {

        private final List<Change> changes = new ArrayList<>();
        private final List<Point> resumePoints = new ArrayList<>();
        private boolean endedWithinTransaction;

        Run(Stored stored) {
            try (Reader reader = newReader(stored)) {
                CollectedChecks checks = new CollectedChecks();
                ReadPlan plan = reader.plan(checks);
                assertFalse(checks.failed(), () -> "plan reported " + checks.errors());
                List<Split> splits = reader.split(plan.tables(), 1, checks);
                assertFalse(checks.failed(), () -> "split reported " + checks.errors());
                String stream = plan.changes().map(ChangeStream::split).orElseThrow();
                for (Split split : splits) {
                    int table = Math.max(0, split.table());
                    try (SplitReader open = reader.open(split, plan.tables().get(table), stored.of(split.id()))) {
                        read(open, split, stream, stored);
                    }
                }
            }
        }

        private void read(SplitReader open, Split split, String stream, Stored stored) {
            while (!open.finished()) {
                Optional<RecordBatch> batch = open.poll(POLL);
                if (batch.isEmpty()) {
                    continue;
                }
                take(batch.get());
                BatchEnd end = open.end();
                endedWithinTransaction = end.equals(BatchEnd.withinTransaction());
                if (split.id().equals(stream) && end.resumePosition().isPresent()) {
                    Position position = end.resumePosition().get();
                    resumePoints.add(new Point(changes.size(), position));
                    stored.put(stream, position);
                }
            }
        }

        private void take(RecordBatch batch) {
            RecordCursor cursor = batch.cursor();
            while (cursor.advance()) {
                List<String> row = new ArrayList<>();
                for (int column = 0; column < batch.schema().width(); column++) {
                    row.add(cursor.isNull(column) || cursor.isUnchanged(column) ? null : cursor.getText(column));
                }
                changes.add(new Change(cursor.kind(), row));
            }
        }
    }

    /** The rows that changes leave, by their key. */
    private static final class Replay {

        private final Map<String, List<String>> rows = new HashMap<>();

        void apply(List<Change> changes) {
            for (Change change : changes) {
                switch (change.kind()) {
                    case INSERT, UPDATE_AFTER -> rows.put(change.row().get(0), change.row());
                    case UPDATE_BEFORE, DELETE -> rows.remove(change.row().get(0));
                    case TRUNCATE -> rows.clear();
                }
            }
        }

        Set<List<String>> rows() {
            return new HashSet<>(rows.values());
        }
    }

    @Test
    void rowsComeFirstAndThenEachChangeOnce() {
        Stored stored = new Stored();
        Replay replay = new Replay();
        Set<List<String>> atFirst = rowsAtSource();
        Run rows = new Run(stored);
        replay.apply(rows.changes);
        assertEquals(atFirst, replay.rows());
        assertEquals(atFirst.size(), rows.changes.size(), "each row once");

        Map<Set<List<String>>, Integer> states = new HashMap<>();
        states.put(atFirst, 0);
        for (int number = 0; number < TRANSACTIONS; number++) {
            change(number);
            states.put(rowsAtSource(), number + 1);
        }
        Run run = new Run(stored);
        int before = 0;
        int last = 0;
        for (Point point : run.resumePoints) {
            replay.apply(run.changes.subList(before, point.changes()));
            before = point.changes();
            Integer transactions = states.get(replay.rows());
            assertTrue(transactions != null, () -> "within a transaction at " + point.position());
            assertTrue(transactions >= last, "transactions come in the order of their commits");
            last = transactions;
        }
        assertEquals(TRANSACTIONS, last, "all that was committed is read");
        assertFalse(run.endedWithinTransaction);
        assertEquals(List.of(), new Run(stored).changes, "nothing is read twice");
    }

    @Test
    void goesOnAtEachResumePoint() {
        Stored first = new Stored();
        new Run(first);
        for (int number = 0; number < TRANSACTIONS; number++) {
            change(number);
        }
        Stored whole = new Stored();
        whole.positions.putAll(first.positions);
        Run run = new Run(whole);
        String stream = first.positions.keySet().iterator().next();
        for (Point point : run.resumePoints) {
            Stored there = new Stored();
            there.put(stream, point.position());
            assertEquals(
                    run.changes.subList(point.changes(), run.changes.size()),
                    new Run(there).changes,
                    () -> "going on at " + point.position());
        }
    }

    @Test
    void cancelEndsTheReading() {
        Stored stored = new Stored();
        new Run(stored);
        change(0);
        try (Reader reader = newReader(stored)) {
            CollectedChecks checks = new CollectedChecks();
            ReadPlan plan = reader.plan(checks);
            for (Split split : reader.split(plan.tables(), 1, checks)) {
                try (SplitReader open =
                        reader.open(split, plan.tables().get(Math.max(0, split.table())), stored.of(split.id()))) {
                    open.poll(POLL);
                    open.cancel();
                    open.cancel();
                    drainAfterCancel(open);
                }
            }
        }
    }

    private static void drainAfterCancel(SplitReader reader) {
        try {
            while (!reader.finished()) {
                if (reader.poll(POLL).isEmpty()) {
                    return;
                }
            }
        } catch (TransvaseException e) {
            assertFalse(e.getMessage().isBlank());
        }
    }

    @Test
    void canBeClosedBeforeItWasPlanned() {
        newReader(new Stored()).close();
    }
}
