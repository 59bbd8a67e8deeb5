package dev.transvase.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.Writer;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the runtime relies on in every writer that applies changes and stores positions: it commits at resume points only, with
 * their positions, so that a run that was cut short goes on without losing or repeating a change.
 */
public abstract class AbstractChangeWriterContractTest {

    private static final String STREAM = "stream";
    private static final Split SPLIT = Split.of(STREAM, Split.MANY_TABLES, new byte[0], "");

    /** A fresh writer to a target that is empty at the start of each test; the test closes it. */
    protected abstract Writer newWriter();

    /** What the records of these tests look like. */
    protected abstract Schema offered();

    /**
     * Inserts of records that differ from each other, the same for the same numbers.
     *
     * @param accepted {@link #offered()} as the writer accepted it
     */
    protected abstract RecordBatch inserts(Schema accepted, int from, int to);

    /** How many rows the target holds now. */
    protected abstract int stored();

    private static Position at(int number) {
        return new Position(new byte[] {(byte) number}, new byte[] {1}, "at " + number);
    }

    private static Writer.Positions positions(Writer writer) {
        return writer.positions().orElseThrow();
    }

    /** A writer at work, and the journal that it reports to. */
    private final class Open implements AutoCloseable {

        private final CollectedJournal journal = new CollectedJournal(0);
        private final Writer writer = newWriter();
        private final Position found = positions(writer).of(STREAM);
        private final Schema accepted;
        private final ChannelWriter channel;

        Open() {
            CollectedChecks checks = new CollectedChecks();
            List<WriteTarget> targets = writer.plan(
                    ReadPlan.of(List.of(offered())).withUnbounded(true).withChanges(ChangeStream.of(STREAM, false)),
                    checks);
            assertFalse(checks.failed(), () -> "plan reported " + checks.errors());
            accepted = targets.get(0).accepted();
            assertTrue(writer.positions().isPresent(), "positions once it is planned for changes");
            writer.begin();
            channel = writer.open(journal);
        }

        void write(int from, int to, BatchEnd end) {
            channel.write(inserts(accepted, from, to), SPLIT, end);
        }

        @Override
        public void close() {
            channel.close();
            writer.close();
        }
    }

    @Test
    void commitsAtResumePointsOnly() {
        try (Open open = new Open()) {
            assertEquals(Position.START, open.found);
            open.write(0, 100, BatchEnd.withinTransaction());
            open.channel.flush();
            assertEquals(0, stored(), "within a transaction");
            open.write(100, 110, BatchEnd.commitPoint());
            open.channel.flush();
            assertEquals(0, stored(), "without a position that reading could go on from");
            open.write(110, 120, BatchEnd.resumeAt(at(1)));
            open.channel.flush();
            assertEquals(120, stored());
            assertEquals(120, open.journal.committedRecords());
            open.write(120, 130, BatchEnd.withinTransaction());
            open.channel.flush();
            assertEquals(120, stored());
        }
        try (Open next = new Open()) {
            assertEquals(at(1), next.found);
            next.write(120, 130, BatchEnd.resumeAt(at(2)));
            next.channel.flush();
        }
        assertEquals(130, stored(), "the transaction that was cut short is there once");
    }

    @Test
    void storesAPositionWithoutRecords() {
        try (Open open = new Open()) {
            open.write(0, 0, BatchEnd.resumeAt(at(1)));
            open.channel.flush();
        }
        try (Open next = new Open()) {
            assertEquals(at(1), next.found);
        }
        assertEquals(0, stored());
    }

    @Test
    void forgetsAPosition() {
        try (Open open = new Open()) {
            open.write(0, 1, BatchEnd.resumeAt(at(1)));
            open.channel.flush();
        }
        try (Writer writer = newWriter()) {
            positions(writer).forget(STREAM);
            assertEquals(Position.START, positions(writer).of(STREAM));
        }
    }
}
