package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;

/**
 * The transaction that is being read, and how many of its changes have been seen. One that was cut when the connection was lost is
 * sent once more, with the same changes in the same order: those that have been seen are left out the second time. Used by one
 * thread.
 */
final class CurrentTransaction {

    /** 0 between two transactions. */
    private int xid;

    /** Where it is committed. */
    private Lsn commit = Lsn.NONE;

    /** How many changes of it have been seen. */
    private long changes;

    /** How many of these were seen over a connection that was lost, and are to be left out when they come again. */
    private long seenBefore;

    /** Of which transaction. */
    private int seenXid;

    void begin(int id, Lsn at) {
        commit = at;
        xid = id;
        changes = 0;
        if (seenBefore > 0 && id != seenXid) {
            throw new IllegalStateException("the stream resumed with transaction " + Integer.toUnsignedString(id)
                    + " where " + Integer.toUnsignedString(seenXid) + " was in progress");
        }
    }

    /** It was read to its end. */
    void end() {
        xid = 0;
        changes = 0;
        seenBefore = 0;
    }

    /** The stream is taken up where it begins, over a new connection. */
    void takenUp() {
        if (xid != 0) {
            seenBefore = xid == seenXid ? Math.max(changes, seenBefore) : changes;
            seenXid = xid;
        }
        xid = 0;
        changes = 0;
    }

    /** Counts a change, and tells whether it was seen before. */
    boolean hasSeen() {
        changes++;
        return changes <= seenBefore;
    }

    /** Whether there is none, nor one that was cut. */
    boolean none() {
        return xid == 0 && seenBefore == 0;
    }

    int xid() {
        return xid;
    }

    /** Where it is committed. */
    Lsn commit() {
        return commit;
    }
}
