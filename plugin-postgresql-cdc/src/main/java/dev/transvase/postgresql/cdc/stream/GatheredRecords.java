package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.cdc.table.TableFeed;
import dev.transvase.spi.record.RecordBatch;
import java.util.concurrent.TimeUnit;

/** The records of one table that were read and wait for others to travel with. Used by one thread. */
final class GatheredRecords {

    private static final int BATCH_RECORDS = 4096;
    private static final int BATCH_BYTES = 1 << 20;

    /** How long records wait for others to travel with: with little of it, each transaction would travel alone. */
    private static final long WHOLE_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long QUIET_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MOST_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The feed that has them, or {@code null}. */
    private TableFeed feed;

    /** When the first of them was read, in the clock of {@link System#nanoTime}. */
    private long openedNanos;

    /** How many of them are of the transaction that is being read. */
    private int inTransaction;

    /** A feed has got a record. There are none of another one. */
    void added(TableFeed to, long nowNanos) {
        if (feed == null) {
            feed = to;
            openedNanos = nowNanos;
        }
        inTransaction++;
    }

    /** The transaction that is being read has ended. */
    void committed() {
        inTransaction = 0;
    }

    boolean none() {
        return feed == null;
    }

    /** Whether there are some, of another feed. */
    boolean areOfOtherThan(TableFeed other) {
        return feed != null && feed != other;
    }

    /** Whether there are as many as travel together. */
    boolean full() {
        return feed != null && (feed.size() >= BATCH_RECORDS || feed.bytes() >= BATCH_BYTES);
    }

    /** Whether they end with a transaction: none that is being read has any among them. */
    boolean areWhole() {
        return inTransaction == 0;
    }

    /** Takes them; there is at least one. */
    RecordBatch take() {
        TableFeed full = feed;
        feed = null;
        inTransaction = 0;
        return full.build();
    }

    /**
     * Whether there are some that have waited long enough for others to travel with, while messages keep coming. Somebody waits for
     * those of whole transactions; those of one under way cannot be committed yet.
     */
    boolean haveWaited(long nowNanos, boolean betweenTransactions) {
        return feed != null && nowNanos - openedNanos >= (betweenTransactions ? WHOLE_LINGER_NANOS : MOST_LINGER_NANOS);
    }

    /** The same, when no message has come for so long and the server has none at the moment. */
    boolean haveWaitedInQuiet(long quietNanos, boolean betweenTransactions) {
        return feed != null && (betweenTransactions || quietNanos >= QUIET_LINGER_NANOS);
    }
}
