package dev.transvase.postgresql.cdc.pgoutput;

/**
 * Takes what a {@link PgOutputDecoder} finds in the stream. Tuples are valid during the call only. Where the stream carries
 * transactions in progress, {@code xid} is the sub-transaction that a change belongs to; otherwise 0.
 */
public interface ChangeHandler {

    /** What the old row of an update or delete holds. */
    enum Old {
        /** Nothing: the identity did not change. */
        NONE,
        /** The columns of the replica identity. */
        KEY,
        /** All columns. */
        FULL
    }

    void begin(Lsn commit, long commitMicros, int xid);

    /** {@code end} lies behind the commit: where a stream that has applied the transaction goes on. */
    void commit(Lsn end, long commitMicros);

    void relation(Relation relation);

    void insert(int relation, Tuple row);

    void update(int relation, Old kind, Tuple old, Tuple row);

    void delete(int relation, Old kind, Tuple old);

    void truncate(int[] relations, boolean cascade, boolean restartIdentity);

    /** What follows belongs to a transaction that is still in progress. */
    void streamStart(int xid, boolean first);

    void streamStop();

    /** {@code commit} is what {@link #begin} tells of other transactions, {@code end} what {@link #commit} does. */
    void streamCommit(int xid, Lsn commit, Lsn end, long commitMicros);

    /** {@code subXid} is what is rolled back: the transaction itself, or a part of it. */
    void streamAbort(int xid, int subXid);
}
