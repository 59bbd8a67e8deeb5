package dev.transvase.postgresql.transaction;

import static dev.transvase.postgresql.error.PostgresErrors.SNAPSHOT_GONE;
import static dev.transvase.postgresql.error.PostgresErrors.STATEMENT_WRITES;
import static dev.transvase.postgresql.error.PostgresErrors.TRANSACTION_LEFT_OPEN;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.Explain;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.sql.StatementText;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sessions to read with, each in a READ ONLY transaction. One that has read its split to the end is given back and reads
 * another; any other is closed by who borrowed it. Safe for use by several threads; {@link #borrow} blocks on the server.
 */
public final class ReadSessions implements AutoCloseable {

    /**
     * Whoever wants to lock a table exclusively waits until the snapshot's session is done with it, and all who come later
     * wait behind him, our own sessions too: for ever. So this is how long one of these waits for a lock, unless the session
     * statements say otherwise.
     */
    private static final String LOCK_PATIENCE = "SELECT pg_catalog.set_config('lock_timeout', '30s', true)"
            + " WHERE pg_catalog.current_setting('lock_timeout') = '0'";

    /**
     * Planning a statement may evaluate functions, so what is not in a transaction of its own must not write either. A scan
     * that begins where another one is gives rows in an order that changes from one read to the next.
     */
    private static final String SETTINGS = "SET default_transaction_read_only = on; SET synchronize_seqscans = off";

    /** The server has room for a limited number of locks. */
    private static final int MOST_HELD = 32;

    private static final Pattern FOREIGN_SCAN = Pattern.compile("\\s*(->\\s*)?(Async )?Foreign Scan");

    private static final String INVALID_PARAMETER = "22023";
    private static final String READ_ONLY = "25006";
    private static final String UNDEFINED_OBJECT = "42704";

    private final PostgresDataSource dataSource;
    private final String applicationName;
    private final List<String> preparation;
    private final Notices notices;
    private final String settings;

    /** Guarded by this. All are in a transaction on the same snapshot, or in none when there is no shared one. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    /** What all splits together read, when they share a snapshot and it is not too much; guarded by this. */
    private List<String> held = List.of();

    /** Guarded by this. */
    private boolean closed;

    private record Idle(PostgresSession session, String snapshot) {}

    /**
     * @param filtered whether policies of row-level security may hide rows
     * @param notices receives what is waited for
     */
    public ReadSessions(
            PostgresDataSource dataSource,
            String applicationName,
            List<String> preparation,
            boolean filtered,
            Notices notices) {
        this.notices = notices;
        this.dataSource = dataSource;
        this.applicationName = applicationName;
        this.preparation = preparation;
        this.settings = SETTINGS + "; SET row_security = " + (filtered ? "on" : "off");
    }

    /**
     * A new session outside of a transaction; the caller closes it.
     *
     * @throws TransvaseException USER when a statement of the job's own writes, or leaves a transaction open
     */
    private PostgresSession open() {
        return prepared(PostgresSession.openToWork(dataSource, applicationName, notices));
    }

    /**
     * The same to prepare a job with: again and again while the server is not ready for it, which the notices report, and
     * with a limit to how long a lock is waited for.
     */
    public PostgresSession openToPlan() {
        return prepared(PostgresSession.open(dataSource, applicationName, notices));
    }

    private PostgresSession prepared(PostgresSession session) {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(SETTINGS);
            for (int i = 0; i < preparation.size(); i++) {
                prepare(session, statement, i);
            }
            statement.execute(settings);
            return session;
        } catch (SQLException e) {
            session.close();
            throw SqlErrors.translate(e, "preparing a session to read");
        } catch (TransvaseException e) {
            session.close();
            throw e;
        }
    }

    /** What sets something is run as it stands; all else in a transaction that writes nothing, and cannot make itself one that does. */
    private void prepare(PostgresSession session, Statement statement, int index) {
        String sql = preparation.get(index);
        String path = "session[" + index + "] of the reader";
        if (StatementText.controlsTransactions(sql)) {
            throw TransvaseException.of(
                    TRANSACTION_LEFT_OPEN,
                    path + " begins or ends a transaction, which only the reader may do; remove it");
        }
        try {
            if (StatementText.isSetting(sql)) {
                statement.execute(sql);
                return;
            }
            statement.execute("BEGIN READ ONLY; SAVEPOINT prepared");
            statement.execute(sql);
            statement.execute("COMMIT");
        } catch (SQLException e) {
            if (SqlErrors.sqlState(e).equals(READ_ONLY)) {
                throw TransvaseException.of(
                        STATEMENT_WRITES,
                        path + " would write, but a reader changes nothing: " + SqlErrors.message(e)
                                + "; run it before the job",
                        e);
            }
            throw SqlErrors.translate(e, "running " + path);
        }
        if (session.isInTransaction()) {
            throw TransvaseException.of(TRANSACTION_LEFT_OPEN, path + " left a transaction open");
        }
    }

    /** A session in a READ ONLY transaction that sees this snapshot, or the present when that is empty. */
    public PostgresSession borrow(String snapshot) {
        PostgresSession session = takeIdle(snapshot);
        if (session != null && !snapshot.isEmpty()) {
            return session;
        }
        if (session == null) {
            session = open();
        }
        try {
            begin(session, snapshot);
        } catch (SQLException e) {
            session.close();
            String state = SqlErrors.sqlState(e);
            if (state.equals(INVALID_PARAMETER) || state.equals(UNDEFINED_OBJECT)) {
                throw TransvaseException.of(
                        SNAPSHOT_GONE,
                        "the snapshot that all splits share is gone, because its session ended (" + SqlErrors.message(e)
                                + "); see the server's log for the reason, then run the job again",
                        e);
            }
            throw SqlErrors.translate(e, "beginning the reading transaction");
        }
        try {
            hold(session, held());
            return session;
        } catch (SQLException e) {
            session.close();
            throw ReadErrors.locking(e);
        }
    }

    private synchronized List<String> held() {
        return held;
    }

    private synchronized PostgresSession takeIdle(String snapshot) {
        Idle next = idle.peek();
        if (next == null || !next.snapshot().equals(snapshot)) {
            return null;
        }
        return idle.remove().session();
    }

    /** Takes back a session with nothing under way in it. */
    public void giveBack(PostgresSession session, String snapshot) {
        if (snapshot.isEmpty()) {
            try (Statement statement = session.jdbc().createStatement()) {
                statement.execute("ROLLBACK"); // what a function did in spite of READ ONLY is not to last
            } catch (SQLException e) {
                session.close();
                throw SqlErrors.translate(e, "ending the reading transaction");
            }
        }
        synchronized (this) {
            if (!closed) {
                idle.add(new Idle(session, snapshot));
                return;
            }
        }
        session.close();
    }

    private static void begin(PostgresSession session, String snapshot) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            if (!snapshot.isEmpty()) {
                // Before any query.
                statement.execute("SET TRANSACTION SNAPSHOT " + SqlNames.literal(snapshot));
            }
            session.requireSameServerSession();
            if (!snapshot.isEmpty()) {
                statement.execute(LOCK_PATIENCE);
            }
        }
    }

    /**
     * Lets each session that borrows a shared snapshot hold on to all that is read, from its first split on: who wants to
     * lock a table exclusively then waits until all is read, and not one of our sessions behind him.
     *
     * @param selects what all splits together read
     */
    public synchronized void holdAll(List<String> selects) {
        held = selects.size() <= MOST_HELD ? List.copyOf(selects) : List.of();
    }

    /**
     * Locks what is read, until the end of the transaction, against all that would make it look empty or otherwise than
     * planned: dropping, truncating, altering. Planning is what takes just the locks that reading takes.
     *
     * @return whether some of it is on another server
     */
    public static boolean hold(PostgresSession session, List<String> selects) throws SQLException {
        return Explain.all(session, selects).stream()
                .anyMatch(line -> FOREIGN_SCAN.matcher(line).lookingAt());
    }

    @Override
    public void close() {
        Deque<Idle> left;
        synchronized (this) {
            closed = true;
            left = new ArrayDeque<>(idle);
            idle.clear();
        }
        left.forEach(i -> i.session().close());
    }
}
