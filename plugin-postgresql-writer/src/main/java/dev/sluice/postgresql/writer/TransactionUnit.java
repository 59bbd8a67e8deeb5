package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlErrors;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.TableName;
import dev.sluice.spi.WriteJournal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches that are committed together. They are kept until then: when the server refuses one for its data, all are rolled
 * back and written again with care, and only the bad records are left out.
 *
 * <p>A unit that got into a deadlock or a serialization failure is written again after a pause, which cannot repeat a record,
 * since nothing of it is left. Whatever else goes wrong ends the run.
 */
final class TransactionUnit {

    private static final long MAX_BYTES = 4L << 20;
    private static final int MAX_BATCHES = 64;
    private static final int MAX_CONFLICTS = 10;

    /** So many tables are told of when it may be any of several that is to blame. */
    private static final int TABLES_TOLD = 5;

    private static final Logger log = LoggerFactory.getLogger(TransactionUnit.class);

    private final Connection connection;
    private final Commits commits;
    private final Statements statements;
    private final WriteJournal journal;
    private final Backoff backoff;
    private final List<WriteBatch> sent = new ArrayList<>();
    private long bytes;

    /** What was sent to last and is not finished, or {@code null}. */
    private BatchStatement open;

    /** What is being sent, or was last; {@code null} while all of the unit is committed, which concerns all its tables. */
    private WriteBatch current;

    /** How many batches a unit may have: one after bad records, so that many of them are not many large repetitions. */
    private int allowance = MAX_BATCHES;

    /** The statement for a batch's table. */
    @FunctionalInterface
    interface Statements {
        BatchStatement of(WriteBatch batch) throws SQLException;
    }

    /** @param connection not in auto-commit mode */
    TransactionUnit(
            Connection connection, Commits commits, Statements statements, WriteJournal journal, Backoff backoff) {
        this.connection = connection;
        this.commits = commits;
        this.statements = statements;
        this.journal = journal;
        this.backoff = backoff;
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
        current = null;
        try {
            commits.commit();
        } catch (SQLException e) {
            recover(e, () -> false);
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
        current = batch;
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
        allowance = 1;
        SQLException cause = error;
        Careful way = first;
        int conflicts = 0;
        while (true) {
            boolean conflict = SqlErrors.isConflict(cause);
            if (!conflict && !SqlErrors.isDirty(cause)) {
                throw failure(cause);
            }
            try {
                // Before the pause: what was locked before a savepoint stays so until then, and others wait for it.
                rollback();
                if (conflict) {
                    conflicts = awaitTurn(cause, conflicts);
                    way = this::writeUnderSavepoints;
                }
                if (!way.write()) {
                    writeInTransactions();
                }
                clear();
                return;
            } catch (SQLException e) {
                if (!SqlErrors.isConflict(e)) {
                    throw failure(e);
                }
                cause = e;
            }
        }
    }

    /** Lets another transaction pass that ours was in conflict with: all of ours is rolled back and can be repeated. */
    private int awaitTurn(SQLException conflict, int before) {
        int conflicts = before + 1;
        if (conflicts > MAX_CONFLICTS) {
            throw failure(conflict);
        }
        log.info("{}; rolled back, trying again ({} of {})", conflict.getMessage(), conflicts, MAX_CONFLICTS);
        backoff.pause(conflicts);
        return conflicts;
    }

    private boolean writeUnderSavepoints() throws SQLException {
        Bisection bisection = new Bisection(this::tryUnderSavepoint, journal.tolerance(), replaces());
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
            commits.commit();
        } catch (SQLException e) {
            if (!SqlErrors.isDirty(e)) {
                throw e;
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
        Bisection bisection = new Bisection(this::tryInTransaction, journal.tolerance(), replaces());
        boolean bearable = bisection.search(List.copyOf(sent), true) && (replaces() || bisection.searchReferences());
        if (!bearable) {
            throw passed(bisection.refused());
        }
        tell(bisection.refused());
    }

    private void tryInTransaction(List<WriteBatch> batches) throws SQLException {
        for (int conflicts = 0; ; ) {
            try {
                sendAll(batches);
                commits.commit();
                break;
            } catch (SQLException e) {
                boolean conflict = SqlErrors.isConflict(e);
                if (conflict || SqlErrors.isDirty(e)) {
                    rollback();
                }
                if (!conflict) {
                    throw e;
                }
                conflicts = awaitTurn(e, conflicts);
            }
        }
        report(batches);
    }

    /** Whether a record may replace one that was sent before it. */
    private boolean replaces() {
        return sent.stream().anyMatch(batch -> batch.target().key().isPresent());
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

    /** The table, and where the records come from when that has another name. */
    private static String tables(WriteBatch batch) {
        TableName target = batch.target().table();
        TableName source = batch.target().accepted().table();
        return source.equals(target) ? target.toString() : target + " (from " + source + ")";
    }

    private SluiceException failure(SQLException error) {
        String doing = "writing "
                + (current == null ? sent.stream() : Stream.of(current))
                        .map(TransactionUnit::tables)
                        .distinct()
                        .limit(TABLES_TOLD)
                        .collect(Collectors.joining(", "));
        if (!(error instanceof Commits.InDoubtException doubt)) {
            return SqlErrors.translate(error, doing);
        }
        SluiceException told = SqlErrors.translate(doubt.error(), doing);
        long records = sent.stream().mapToLong(WriteBatch::records).sum();
        return SluiceException.external(
                SluiceException.COMMIT_IN_DOUBT,
                told.getMessage() + "; the outcome of the last commit is unknown: up to " + records
                        + " records may or may not be in the table",
                error);
    }
}
