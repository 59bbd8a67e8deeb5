package dev.transvase.postgresql.cdc.pgoutput;

import java.sql.SQLException;

/**
 * Takes what a {@link PgOutputDecoder} finds in the stream. Tuples are valid during the call only. Where the stream carries
 * transactions in progress, {@code xid} is the sub-transaction that a change belongs to; otherwise 0. May wait for who takes the
 * records, and ask the server what the stream does not tell.
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
    void commit(Lsn end, long commitMicros) throws InterruptedException;

    void relation(Relation relation) throws SQLException, InterruptedException;

    void insert(int relation, Tuple row) throws SQLException, InterruptedException;

    void update(int relation, Old kind, Tuple old, Tuple row) throws SQLException, InterruptedException;

    void delete(int relation, Old kind, Tuple old) throws SQLException, InterruptedException;

    void truncate(int[] relations, boolean cascade, boolean restartIdentity) throws SQLException, InterruptedException;

    /** What follows belongs to a transaction that is still in progress. */
    void streamStart(int xid, boolean first);

    void streamStop();

    /** {@code commit} is what {@link #begin} tells of other transactions, {@code end} what {@link #commit} does. */
    void streamCommit(int xid, Lsn commit, Lsn end, long commitMicros) throws SQLException, InterruptedException;

    /** {@code subXid} is what is rolled back: the transaction itself, or a part of it. */
    void streamAbort(int xid, int subXid);
}
