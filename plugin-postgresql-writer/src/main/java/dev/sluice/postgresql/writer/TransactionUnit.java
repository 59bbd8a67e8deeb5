package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlErrors;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.WriteJournal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Batches that are committed together. They are kept until then: when the server refuses one for its data, all are rolled
 * back and written again with care, and only the bad records are left out.
 *
 * <p>Whatever else goes wrong ends the run; {@link #failure} is the one place where a later retry would come in, since all
 * that is not durable is at hand in {@code sent}.
 */
final class TransactionUnit {

    private static final long MAX_BYTES = 4L << 20;
    private static final int MAX_BATCHES = 64;

    private final Connection connection;
    private final Statements statements;
    private final WriteJournal journal;
    private final List<WriteBatch> sent = new ArrayList<>();
    private long bytes;

    /** What was sent to last and is not finished, or {@code null}. */
    private BatchStatement open;

    /** How many batches a unit may have: one after bad records, so that many of them are not many large repetitions. */
    private int allowance = MAX_BATCHES;

    /** The statement for a batch's table. */
    @FunctionalInterface
    interface Statements {
        BatchStatement of(WriteBatch batch) throws SQLException;
    }

    /** @param connection not in auto-commit mode */
    TransactionUnit(Connection connection, Statements statements, WriteJournal journal) {
        this.connection = connection;
        this.statements = statements;
        this.journal = journal;
    }

    /** Sends a batch, and commits when there is enough to. */
    void add(WriteBatch batch) {
        sent.add(batch);
        bytes += batch.bytes();
        try {
            send(batch);
        } catch (SQLException e) {
            recover(e, this::writeUnderSavepoints);
            return;
        }
        if (bytes >= MAX_BYTES || sent.size() >= allowance) {
            commit();
        }
    }

    /** Makes all that was added durable. */
    void commit() {
        if (sent.isEmpty()) {
            return;
        }
        try {
            finish();
        } catch (SQLException e) {
            recover(e, this::writeUnderSavepoints);
            return;
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            recover(commitError(e), () -> false);
            return;
        }
        List<WriteBatch> durable = List.copyOf(sent);
        clear();
        allowance = Math.min(2 * allowance, MAX_BATCHES);
        report(durable);
    }

    private void clear() {
        sent.clear();
        bytes = 0;
    }

    private void send(WriteBatch batch) throws SQLException {
        BatchStatement statement = statements.of(batch);
        if (statement != open) {
            finish();
        }
        open = statement;
        statement.send(batch);
    }

    private void finish() throws SQLException {
        if (open != null) {
            open.finish();
            open = null;
        }
    }

    /** Ends what is under way, after which the transaction can only be rolled back. */
    void abandon() throws SQLException {
        if (open != null) {
            BatchStatement unfinished = open;
            open = null;
            unfinished.abandon();
        }
    }

    private void rollback() throws SQLException {
        abandon();
        connection.rollback();
    }

    /** A way to write a unit again that was refused. */
    @FunctionalInterface
    private interface Careful {

        /** Returns false when only the commit was refused; all is rolled back then. */
        boolean write() throws SQLException;
    }

    private void recover(SQLException error, Careful first) {
        if (!SqlErrors.isDirty(error)) {
            throw failure(error);
        }
        allowance = 1;
        try {
            rollback();
            if (!first.write()) {
                writeInTransactions();
            }
        } catch (SQLException e) {
            throw failure(e);
        }
        clear();
    }

    private boolean writeUnderSavepoints() throws SQLException {
        Bisection bisection = new Bisection(this::tryUnderSavepoint, journal.tolerance());
        savepoint("SAVEPOINT batch");
        // A unit of one batch is that which was refused; among several it is not known which.
        boolean known = sent.size() == 1;
        boolean bearable = true;
        for (int i = 0; bearable && i < sent.size(); i++) {
            bearable = bisection.search(List.of(sent.get(i)), known);
        }
        bearable = bearable && bisection.searchReferences();
        if (!bearable) {
            connection.rollback();
            throw passed(bisection.refused());
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            SQLException told = commitError(e);
            if (!SqlErrors.isDirty(told)) {
                throw told;
            }
            connection.rollback();
            return false;
        }
        report(bisection.written());
        tell(bisection.refused());
        return true;
    }

    private void tryUnderSavepoint(List<WriteBatch> batches) throws SQLException {
        try {
            sendAll(batches);
        } catch (SQLException e) {
            if (SqlErrors.isDirty(e)) {
                abandon();
                savepoint("ROLLBACK TO SAVEPOINT batch");
            }
            throw e;
        }
        savepoint("RELEASE SAVEPOINT batch; SAVEPOINT batch");
    }

    private void sendAll(List<WriteBatch> batches) throws SQLException {
        for (WriteBatch batch : batches) {
            send(batch);
        }
        finish();
    }

    private void savepoint(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** For constraints that are checked at the commit: what is written is committed at once. */
    private void writeInTransactions() throws SQLException {
        Bisection bisection = new Bisection(this::tryInTransaction, journal.tolerance());
        boolean bearable = bisection.search(List.copyOf(sent), true) && bisection.searchReferences();
        if (!bearable) {
            throw passed(bisection.refused());
        }
        tell(bisection.refused());
    }

    private void tryInTransaction(List<WriteBatch> batches) throws SQLException {
        try {
            sendAll(batches);
            commitOrTell();
        } catch (SQLException e) {
            if (SqlErrors.isDirty(e)) {
                rollback();
            }
            throw e;
        }
        report(batches);
    }

    private void commitOrTell() throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw commitError(e);
        }
    }

    private void report(List<WriteBatch> durable) {
        Map<Integer, long[]> tables = new HashMap<>();
        for (WriteBatch batch : durable) {
            long[] sums = tables.computeIfAbsent(batch.table(), t -> new long[2]);
            sums[0] += batch.records();
            sums[1] += batch.bytes();
        }
        tables.forEach((table, sums) -> journal.committed(table, sums[0], sums[1]));
    }

    private void tell(List<Bisection.Refused> refused) {
        for (Bisection.Refused one : refused) {
            journal.dirty(DirtyRecords.refused(one.record(), one.error()));
        }
    }

    /** Reports records that are more than the job bears, which ends it. */
    private SluiceException passed(List<Bisection.Refused> refused) {
        tell(refused);
        return SluiceException.internal(
                "ERROR_LIMIT_NOT_ENFORCED",
                refused.size() + " bad records were more than tolerated, but reporting them did not end the run",
                null);
    }

    /** A lost connection leaves open whether the server still committed. */
    private static SQLException commitError(SQLException e) {
        boolean open = SqlErrors.isConnectionLost(e) || SqlErrors.sqlState(e).startsWith("57P");
        return open ? new CommitInDoubtException(e) : e;
    }

    private SluiceException failure(SQLException error) {
        String table = sent.get(sent.size() - 1).target().table().toString();
        SluiceException told = SqlErrors.translate(
                error instanceof CommitInDoubtException doubt ? doubt.error() : error, "writing " + table);
        if (!(error instanceof CommitInDoubtException)) {
            return told;
        }
        long records = sent.stream().mapToLong(WriteBatch::records).sum();
        return SluiceException.external(
                told.code(),
                told.getMessage() + "; the outcome of the last commit is unknown: up to " + records
                        + " records may or may not be in the table",
                error);
    }

    /** The connection went away while the server was committing. */
    private static final class CommitInDoubtException extends SQLException {

        private static final long serialVersionUID = 1L;

        CommitInDoubtException(SQLException cause) {
            super(cause.getMessage(), cause.getSQLState(), cause);
        }

        SQLException error() {
            return (SQLException) getCause();
        }
    }
}
