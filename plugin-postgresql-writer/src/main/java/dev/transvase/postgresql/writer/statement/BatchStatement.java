package dev.transvase.postgresql.writer.statement;

import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.target.TargetTable;
import java.sql.SQLException;

/** Sends batches into one table over one connection. */
public sealed interface BatchStatement extends AutoCloseable permits InsertStatement, CopyStatement {

    /** What batches are sent into a table with. */
    static String sql(TargetTable target) {
        return target.mode() == WriteMode.COPY ? CopyStatement.sql(target) : InsertSql.of(target, "?");
    }

    /**
     * Sends a batch in the current transaction. It may still be under way when this returns: whether the server has taken
     * it is known after {@link #finish}. Until then nothing else can be done over the connection.
     */
    void send(WriteBatch batch) throws SQLException;

    /** Returns when the server has taken all that was sent, and tells how many rows that were. */
    TakenRows finish() throws SQLException;

    /** Ends what is under way without having it written; the transaction cannot be committed then. */
    default void abandon() throws SQLException {}

    @Override
    default void close() throws SQLException {}
}
