package dev.transvase.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.Writer;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the runtime relies on in every writer of rows; {@link AbstractChangeWriterContractTest} is for those of changes. */
public abstract class AbstractWriterContractTest {

    private static final Split SPLIT = Split.of("split", 0, new byte[0], "");

    /** A fresh writer to a target that is empty at the start of each test; the test closes it. */
    protected abstract Writer newWriter();

    /** What the records of these tests look like. */
    protected abstract Schema offered();

    /**
     * Records that differ from each other, the same for the same numbers.
     *
     * @param accepted {@link #offered()} as the writer accepted it
     */
    protected abstract RecordBatch records(Schema accepted, int from, int to);

    /** What the target holds now, as {@link Rows} has it. */
    protected abstract List<List<String>> stored();

    private Schema plan(Writer writer) {
        CollectedChecks checks = new CollectedChecks();
        List<WriteTarget> targets = writer.plan(List.of(offered()), checks);
        assertFalse(checks.failed(), () -> "plan reported " + checks.errors());
        assertEquals(1, targets.size());
        return targets.get(0).accepted();
    }

    @Test
    void planningChangesNothing() {
        List<List<String>> before = stored();
        try (Writer writer = newWriter()) {
            plan(writer);
        }
        assertEquals(before, stored());
    }

    @Test
    void whatWasFlushedIsStoredOnceAndBooked() {
        CollectedJournal journal = new CollectedJournal(0);
        Set<List<String>> given = new HashSet<>();
        long bytes = 0;
        try (Writer writer = newWriter()) {
            Schema accepted = plan(writer);
            writer.begin();
            try (ChannelWriter channel = writer.open(journal)) {
                for (int from = 0; from < 5000; from += 700) {
                    RecordBatch batch = records(accepted, from, from + 700);
                    given.addAll(Rows.of(batch));
                    bytes += batch.bytes();
                    channel.write(batch, SPLIT, BatchEnd.commitPoint());
                }
                channel.flush();
                assertEquals(given.size(), journal.committedRecords());
                assertEquals(bytes, journal.committedBytes());
                assertEquals(List.of(), journal.dirtyRecords());
                channel.flush();
                assertEquals(given.size(), journal.committedRecords(), "a second flush must not book anything again");
            }
            writer.complete();
        }
        List<List<String>> stored = stored();
        assertEquals(given.size(), stored.size());
        assertEquals(given, new HashSet<>(stored));
    }

    /** Where reading could go on is no matter to a writer of rows. */
    @Test
    void rowsAreStoredOnceWhateverTheirEndAllows() {
        CollectedJournal journal = new CollectedJournal(0);
        try (Writer writer = newWriter()) {
            Schema accepted = plan(writer);
            writer.begin();
            try (ChannelWriter channel = writer.open(journal)) {
                channel.write(records(accepted, 0, 10), SPLIT, BatchEnd.commitPoint());
                channel.write(
                        records(accepted, 10, 20), SPLIT, BatchEnd.resumeAt(Position.of(new byte[] {1}, "first")));
                channel.write(records(accepted, 0, 0), SPLIT, BatchEnd.resumeAt(Position.of(new byte[] {2}, "second")));
                channel.write(records(accepted, 20, 30), SPLIT, BatchEnd.commitPoint());
                channel.flush();
            }
            writer.complete();
        }
        assertEquals(30, journal.committedRecords());
        assertEquals(30, stored().size());
    }

    @Test
    void slicesAreWrittenAsTheRecordsTheyShow() {
        CollectedJournal journal = new CollectedJournal(0);
        try (Writer writer = newWriter()) {
            RecordBatch batch = records(plan(writer), 0, 100);
            writer.begin();
            try (ChannelWriter channel = writer.open(journal)) {
                channel.write(batch.slice(90, 100), SPLIT, BatchEnd.commitPoint());
                channel.write(batch.slice(0, 10), SPLIT, BatchEnd.commitPoint());
                channel.flush();
            }
            writer.complete();
            Set<List<String>> wanted = new HashSet<>(Rows.of(batch.slice(0, 10)));
            wanted.addAll(Rows.of(batch.slice(90, 100)));
            assertEquals(wanted, new HashSet<>(stored()));
            assertEquals(20, journal.committedRecords());
        }
    }

    @Test
    void severalChannelsWriteAtTheSameTime() {
        CollectedJournal journal = new CollectedJournal(0);
        try (Writer writer = newWriter()) {
            Schema accepted = plan(writer);
            writer.begin();
            IntStream.range(0, 4).parallel().forEach(number -> {
                try (ChannelWriter channel = writer.open(journal)) {
                    RecordBatch batch = records(accepted, number * 1000, number * 1000 + 1000);
                    channel.write(batch, SPLIT, BatchEnd.commitPoint());
                    channel.flush();
                }
            });
            writer.complete();
        }
        assertEquals(4000, journal.committedRecords());
        assertEquals(4000, new HashSet<>(stored()).size());
    }

    @Test
    void whatWasNotFlushedIsBookedOnlyIfItIsStored() {
        CollectedJournal journal = new CollectedJournal(0);
        try (Writer writer = newWriter()) {
            Schema accepted = plan(writer);
            writer.begin();
            try (ChannelWriter channel = writer.open(journal)) {
                channel.write(records(accepted, 0, 3000), SPLIT, BatchEnd.commitPoint());
            }
        }
        assertTrue(
                stored().size() <= 3000 && stored().size() == journal.committedRecords(),
                () -> "booked " + journal.committedRecords() + ", stored " + stored().size());
    }

    @Test
    void canBeClosedBeforeItWasPlanned() {
        newWriter().close();
    }
}
