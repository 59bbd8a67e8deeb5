package dev.transvase.postgresql.writer.session;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.session.TransactionMark.Outcome;
import dev.transvase.postgresql.writer.statement.BatchStatement;
import dev.transvase.postgresql.writer.statement.CopyStatement;
import dev.transvase.postgresql.writer.statement.InsertStatement;
import dev.transvase.spi.error.TransvaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session that one channel writes over, with its statements and its transaction. A session that is lost is replaced by
 * another, and when it was lost in a commit, the server is asked what became of that. Used by one thread, except for {@link
 * #cancel}.
 */
public final class TargetSession implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TargetSession.class);

    private final ReplaceableSession session;
    private final CommittedRows committed;
    private final Map<Integer, BatchStatement> statements = new RecentTables<>(TargetSession::close);

    /** Its server when that was found to have all that counts as written; {@code null} before it was asked. */
    private ServerState asked;

    /** Whether something was sent in the current transaction. */
    private boolean begun;

    /** The current transaction's; {@code null} before it has begun. */
    private TransactionMark transaction;

    /** What was sent to last and is not finished, or {@code null}. */
    private BatchStatement open;

    /** What the server says of the current transaction since {@link #taken}. */
    private final TakenRows taken = new TakenRows();

    private final TableGuard guard = new TableGuard();

    /** The tables that were looked at in the current transaction, by their index in the plan. */
    private final Set<Integer> guarded = new HashSet<>();

    /** What is being sent, or was last; {@code null} while all is committed, which concerns whatever was sent. */
    private WriteBatch current;

    /** Whether the session has taken the place of another and nothing was sent over it yet. */
    private boolean replaced;

    /**
     * Connects.
     *
     * @param connect makes a session that is ready for use
     * @param patience how long to try again when a connection cannot be made, or is lost; zero: not at all
     * @param committed what all channels have written
     */
    public TargetSession(Supplier<PostgresSession> connect, Duration patience, CommittedRows committed) {
        this.committed = committed;
        this.session =
                new ReplaceableSession(connect, opened -> asked = null, TargetSession::end, "write with", patience);
        session.connect();
        session.retries().progress();
    }

    /**
     * Sends a batch in the current transaction. Whether the server has taken it is known after {@link #finish}; until then
     * nothing but batches can be sent.
     */
    public void send(WriteBatch batch) throws SQLException {
        begin();
        BatchStatement statement = statement(batch);
        if (statement != open) {
            finish();
            guard(batch);
        }
        open = statement;
        current = batch;
        statement.send(batch);
    }

    /**
     * Makes sure, once in a transaction, that a batch's table is still what was planned for. It stays so until the end of the
     * transaction, or of the savepoint in which this is called first.
     */
    public void guard(WriteBatch batch) throws SQLException {
        begin();
        current = batch;
        if (guarded.add(batch.table())) {
            guard.check(connection(), batch.target());
        }
    }

    /** Returns when the server has taken all that was sent. */
    public void finish() throws SQLException {
        if (open != null) {
            taken.addAll(open.finish());
            open = null;
        }
    }

    /** What the server says it took in the current transaction, as far as it is finished, since this was asked last. */
    public TakenRows taken() {
        return taken.take();
    }

    /** Ends what is under way, after which the transaction can only be rolled back, if only to a savepoint. */
    public void abandon() throws SQLException {
        if (open != null) {
            BatchStatement unfinished = open;
            open = null;
            unfinished.abandon();
        }
    }

    /** Runs a statement in the current transaction. */
    public void execute(String sql) throws SQLException {
        begin();
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute(sql);
        }
    }

    /** Rolls the current transaction back. With a connection that is lost that has happened already. */
    public void rollback() throws SQLException {
        begun = false;
        transaction = null;
        taken.clear();
        session.rollback(() -> {
            abandon();
            if (!session.jdbc().getAutoCommit()) {
                session.jdbc().rollback();
            }
        });
    }

    /**
     * Commits the current transaction. When the connection is lost meanwhile, the server is asked whether it was done.
     *
     * @throws Commits.InDoubtException when that could not be found out
     * @throws SQLException when it was not done
     */
    public void commit() throws SQLException {
        current = null;
        long number = transaction == null ? 0 : transaction.id();
        long flushed;
        try {
            flushed = session.commit();
        } catch (Commits.InDoubtException e) {
            requireCommitted(e);
            flushed = endOfLog();
        } catch (SQLException e) {
            requireCommittedAllTheSame(e);
            flushed = endOfLog();
        }
        committed.committed(flushed, number);
        begun = false;
        transaction = null;
        session.retries().progress();
    }

    /** The server has not crashed since the commit, so all of its log is there; 0 when it does not say. */
    private long endOfLog() {
        try {
            return ServerState.of(session.jdbc()).log();
        } catch (SQLException e) {
            log.debug("asking the server where its log ends", e);
            return 0;
        }
    }

    /** Asks a new session, since the one that committed is lost. */
    private void requireCommitted(Commits.InDoubtException doubt) throws SQLException {
        if (transaction == null || !session.retries().on() || isCancelled()) {
            throw doubt;
        }
        Outcome outcome;
        try {
            outcome = outcome(transaction, doubt.error());
        } catch (SQLException | RuntimeException e) {
            doubt.addSuppressed(e);
            throw doubt;
        }
        require(outcome, doubt);
    }

    /** Asks the same session: the error may be about what is sent along with the commit, and the commit be done. */
    private void requireCommittedAllTheSame(SQLException error) throws SQLException {
        if (transaction == null) {
            throw error;
        }
        Commits.InDoubtException doubt = new Commits.InDoubtException(error);
        Outcome outcome;
        try {
            session.jdbc().rollback(); // the server may not have come to the commit
            session.jdbc().setAutoCommit(true);
            outcome = transaction.ask(session.jdbc());
        } catch (SQLException e) {
            doubt.addSuppressed(e);
            if (!SqlErrors.isRetryable(e)) {
                throw doubt;
            }
            requireCommitted(doubt);
            return;
        }
        require(outcome, doubt);
    }

    private static void require(Outcome outcome, Commits.InDoubtException doubt) throws SQLException {
        switch (outcome) {
            case COMMITTED -> log.info("the last commit succeeded");
            case UNDONE -> throw doubt.error();
            case PENDING, UNKNOWN -> throw doubt;
        }
    }

    /**
     * Makes ready for what was sent in the current transaction to be sent again: rolls back what was in conflict, replaces
     * a session that was lost. Nothing of the transaction is left then.
     *
     * @throws SQLException when it is none that could pass, there were too many of them, or no connection can be made
     * @throws TransvaseException when writing was cancelled
     */
    public void recover(SQLException error) throws SQLException {
        if (error instanceof Commits.InDoubtException) {
            throw error;
        }
        if (replaced) {
            return;
        }
        if (SqlErrors.isConflict(error)) {
            rollback();
            session.afterConflict(error);
        } else if (SqlErrors.isRetryable(error) && session.retries().on()) {
            replace(error, "writing uncommitted records again");
        } else {
            throw error;
        }
    }

    /** Replaces a lost session by one over which nothing was sent yet. */
    private void replace(SQLException loss, String then) throws SQLException {
        if (!replaced) {
            begun = false;
            transaction = null;
            open = null;
            taken.clear();
            statements.clear();
            session.replace(loss, then);
            replaced = true;
        }
    }

    /** A lost session that cannot be ended keeps its locks until the server notices the loss, but commits nothing. */
    private static void end(SessionMark lost, Connection connection) throws SQLException {
        try {
            lost.end(connection);
        } catch (SQLException e) {
            if (SqlErrors.isRetryable(e)) {
                throw e;
            }
            log.debug("the lost session could not be ended; the server will end it once it notices", e);
        }
    }

    /** What became of a transaction whose commit was cut off. */
    private Outcome outcome(TransactionMark cut, SQLException loss) throws SQLException {
        SQLException cause = loss;
        while (true) {
            replace(cause, "asking the server whether the last commit succeeded");
            try {
                Outcome outcome = cut.ask(session.jdbc());
                if (outcome != Outcome.PENDING || !session.retries().again("the last commit is still in progress")) {
                    return outcome;
                }
            } catch (SQLException e) {
                if (!SqlErrors.isRetryable(e)) {
                    throw e;
                }
                replaced = false;
                cause = e;
            }
        }
    }

    private void begin() throws SQLException {
        if (!begun) {
            replaced = false;
            if (!committed.trusts(asked)) {
                session.jdbc().setAutoCommit(true);
                asked = committed.require(session.jdbc());
            }
            session.jdbc().setAutoCommit(false);
            session.current().requireSameServerSession();
            begun = true;
            guarded.clear();
            transaction = TransactionMark.begin(session.jdbc(), session.mark());
        }
    }

    private BatchStatement statement(WriteBatch batch) throws SQLException {
        BatchStatement known = statements.get(batch.table());
        if (known != null) {
            return known;
        }
        BatchStatement made = batch.target().mode() == WriteMode.COPY
                ? new CopyStatement(session.current().pg(), batch.target())
                : new InsertStatement(connection(), batch.target());
        statements.put(batch.table(), made);
        return made;
    }

    private static void close(BatchStatement statement) {
        try {
            statement.close();
        } catch (SQLException e) {
            log.debug("closing a statement that has not been used for long", e);
        }
    }

    /** The connection in use, for questions to the server between statements. */
    public BaseConnection connection() throws SQLException {
        return session.jdbc().unwrap(BaseConnection.class);
    }

    /** What an error is about; empty when it may be all that was sent. */
    public Optional<WriteBatch> current() {
        return Optional.ofNullable(current);
    }

    public boolean isCancelled() {
        return session.isCancelled();
    }

    /** Makes what is under way, and all later, fail soon. Called from any thread, perhaps more than once. */
    public void cancel() {
        session.cancel();
    }

    /** Rolls back what is not committed, and disconnects. Does not fail. */
    @Override
    public void close() {
        session.close(() -> {
            if (begun) {
                rollback();
            }
        });
    }
}
