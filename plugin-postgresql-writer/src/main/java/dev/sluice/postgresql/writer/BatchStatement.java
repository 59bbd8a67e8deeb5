package dev.sluice.postgresql.writer;

import java.sql.SQLException;

/** Sends batches into one table over one connection. */
sealed interface BatchStatement extends AutoCloseable permits InsertStatement, CopyStatement {

    /** Sends a batch in the current transaction; blocks until the server has answered. */
    void send(WriteBatch batch) throws SQLException;

    @Override
    default void close() throws SQLException {}
}
