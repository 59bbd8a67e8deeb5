package dev.transvase.postgresql.writer.changes;

import static dev.transvase.postgresql.writer.error.WriterErrors.STREAM_IN_USE;
import static dev.transvase.postgresql.writer.error.WriterErrors.TARGET_CHANGED;
import static dev.transvase.postgresql.writer.error.WriterErrors.TARGET_NOT_EMPTY;
import static dev.transvase.postgresql.writer.error.WriterErrors.UNKNOWN_STREAM;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.SessionReport;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.changes.apply.ChangeTables;
import dev.transvase.postgresql.writer.changes.plan.ChangePlan;
import dev.transvase.postgresql.writer.changes.plan.ChangePlanner;
import dev.transvase.postgresql.writer.changes.plan.ChangeTable;
import dev.transvase.postgresql.writer.jobsql.PreSqlFailures;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.plan.ReferenceAdvice;
import dev.transvase.postgresql.writer.session.ApplySession;
import dev.transvase.postgresql.writer.session.Retries;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a stream of changes goes: the tables, and the position that is kept beside them. */
public final class ChangeTarget implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChangeTarget.class);

    private final PostgresWriterParameters parameters;
    private final ChangeStream stream;
    private final Supplier<PostgresSession> connect;
    private final Supplier<PostgresSession> connectToAsk;
    private final Function<Checks, PostgresSession> connectToPlan;
    private final Notices notices;
    private final PositionTable positions;
    private final RunLock lock;

    private final CountDownLatch cancelled = new CountDownLatch(1);

    /** Set before the channels' threads are started, and not changed after. */
    private ChangePlan plan;

    /** By the OID of a target whose rows come first, which others it waits for. */
    private Map<Integer, Integer> turns = Map.of();

    /** Whether it was made ready, and not only planned; as {@link #plan}. */
    private boolean begun;

    /** Where the reader was asked to resume; {@code null} before it has asked. */
    private volatile Position reported;

    /**
     * @param connect makes a session that all of the job's own statements were run in
     * @param connectToAsk makes one to prepare the job with, in which only their settings were made
     * @param connectToPlan makes one that is in a transaction, in which these have written nothing
     */
    public ChangeTarget(
            PostgresWriterParameters parameters,
            ChangeStream stream,
            Supplier<PostgresSession> connect,
            Supplier<PostgresSession> connectToAsk,
            Function<Checks, PostgresSession> connectToPlan,
            Notices notices) {
        this.parameters = parameters;
        this.stream = stream;
        this.connect = connect;
        this.connectToAsk = connectToAsk;
        this.connectToPlan = connectToPlan;
        this.notices = notices;
        this.positions = new PositionTable(SqlNames.parseTable(parameters.positionTable()));
        this.lock = new RunLock(connect, positions.table(), stream.split());
    }

    /** Checks all that can be checked. Changes nothing. */
    public List<WriteTarget> plan(ReadPlan read, Checks checks) {
        List<Schema> offered = read.tables();
        try (PostgresSession session = connectToPlan.apply(checks)) {
            SessionReport.tell(session, checks);
            positions.check(session, checks);
            boolean readable = !checks.failed();
            Position stored = readable ? positions.read(session.jdbc(), stream.split()) : Position.START;
            Predicate<Integer> resumes =
                    table -> mayAddColumns(stored) && !stream.joining().contains(table);
            plan = new ChangePlanner(parameters, session, checks, resumes, read.definitions()).plan(offered);
            if (!checks.failed() && stream.fromSnapshot()) {
                List<TableDescription> tables = plan.tables().stream()
                        .filter(table -> !resumes.test(table.index()))
                        .map(ChangeTable::table)
                        .toList();
                if (!tables.isEmpty()) {
                    turns = new ReferenceAdvice(session, checks, true).warn(tables);
                }
            }
            if (!checks.failed() && (isStored(stored) || parameters.preSql().isEmpty())) {
                checkEmpty(session, stored, checks);
            }
            session.jdbc().rollback();
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "checking the target tables");
        }
        return checks.failed()
                ? List.of()
                : IntStream.range(0, offered.size())
                        .mapToObj(i -> plan.target(i, turns))
                        .toList();
    }

    private static boolean isStored(Position position) {
        return !position.equals(Position.START);
    }

    /**
     * Whether the stream may still bring columns that are missing. Before it has begun it brings none: what is stored then, to
     * begin once more, does not describe the tables.
     */
    private static boolean mayAddColumns(Position stored) {
        return stored.context().length > 0;
    }

    private void checkEmpty(PostgresSession session, Position stored, Checks checks) throws SQLException {
        List<String> full = notEmpty(session, stored);
        if (!full.isEmpty()) {
            checks.error("table", TARGET_NOT_EMPTY, notEmpty(full), emptyThem());
        }
    }

    /** The tables with rows that have to be empty, as rows of theirs come first and an earlier run has brought none of them. */
    private List<String> notEmpty(PostgresSession session, Position stored) throws SQLException {
        if (!stream.fromSnapshot()) {
            return List.of();
        }
        List<ChangeTable> first = isStored(stored)
                ? plan.tables().stream()
                        .filter(table -> stream.joining().contains(table.index()))
                        .filter(table -> !stream.begunBefore().contains(table.index()))
                        .toList()
                : plan.tables();
        return ChangePlanner.notEmpty(session, first);
    }

    private static String notEmpty(List<String> tables) {
        return "the job starts with the source's existing rows, but there already are rows in "
                + String.join(", ", tables.subList(0, Math.min(10, tables.size())))
                + (tables.size() > 10 ? " and " + (tables.size() - 10) + " more tables" : "");
    }

    private static String emptyThem() {
        return "empty the tables, or have preSql do so: TRUNCATE @table";
    }

    /**
     * Makes all ready. {@code preSql} is run only where nothing is stored: it may empty tables.
     *
     * @param preSql runs it
     */
    public void begin(List<Schema> offered, Runnable preSql) {
        begun = true;
        lock.hold();
        try (PostgresSession session = connect.get()) {
            positions.create(session);
            Position stored = positions.read(session.jdbc(), stream.split());
            if (isStored(stored)) {
                log.info(
                        "resuming from {}{}",
                        stored.description(),
                        parameters.preSql().isEmpty() ? "" : "; preSql is not run");
            } else if (!parameters.preSql().isEmpty()) {
                preSql.run();
                planAgain(session, offered);
            }
            List<String> full = notEmpty(session, stored);
            if (!full.isEmpty()) {
                throw TransvaseException.of(TARGET_NOT_EMPTY, notEmpty(full) + "; " + emptyThem());
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "preparing to apply changes");
        }
    }

    private void planAgain(PostgresSession session, List<Schema> offered) throws SQLException {
        PreSqlFailures failures = new PreSqlFailures();
        session.jdbc().setAutoCommit(false);
        ChangePlan now = new ChangePlanner(parameters, session, failures, table -> false, ReadPlan.Definitions.NONE)
                .plan(offered);
        session.jdbc().rollback();
        session.jdbc().setAutoCommit(true);
        failures.throwIfAny();
        if (!now.sameLayout(plan)) {
            throw TransvaseException.of(
                    TARGET_CHANGED, "preSql changed the target's columns or keys after they were checked");
        }
        plan = now;
    }

    /** How rows are written that come before the changes. */
    public List<TargetTable> targets() {
        return plan == null ? List.of() : plan.targets();
    }

    public Position storedPosition(String split) {
        if (!split.equals(stream.split())) {
            return Position.START;
        }
        try (PostgresSession session = begun ? connect.get() : connectToAsk.get()) {
            reported = begun ? settled(session, split) : positions.read(session.jdbc(), split);
            return reported;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking up the position of " + split);
        }
    }

    /**
     * Waits for a run that was killed while its last transaction was under way: the server notices when it is done with a
     * statement, and a commit that has begun goes on to its end.
     */
    private Position settled(PostgresSession session, String split) throws SQLException {
        Retries retries = new Retries(patience(), System::nanoTime, Pause.until(cancelled));
        while (true) {
            try {
                return positions.lockNow(session.jdbc(), split);
            } catch (SQLException e) {
                if (!SqlErrors.isLocked(e)
                        || !retries.again("a transaction of an earlier run of " + split + " has not ended")) {
                    throw e;
                }
            }
        }
    }

    private Duration patience() {
        return Duration.ofSeconds(parameters.retrySeconds());
    }

    /**
     * What a channel writes with.
     *
     * @param rows opens what writes the rows that come before the changes
     */
    public ChannelWriter open(Function<WriteJournal, ChannelWriter> rows, WriteJournal journal) {
        ChangeChannelWriter.Targets opening = new ChangeChannelWriter.Targets() {
            @Override
            public ChannelWriter rows(WriteJournal of) {
                return rows.apply(of);
            }

            @Override
            public ChangeApplier changes(String split, WriteJournal of) {
                return applierOnceThere(split, of);
            }
        };
        return new ChangeChannelWriter(opening, journal);
    }

    /** A target that goes just now is waited for, as one that goes later is. */
    private ChangeApplier applierOnceThere(String split, WriteJournal journal) {
        AtomicReference<ChangeApplier> opened = new AtomicReference<>();
        new Retries(patience(), System::nanoTime, Pause.until(cancelled))
                .untilThere(() -> opened.set(applier(split, journal)));
        return opened.get();
    }

    private ChangeApplier applier(String split, WriteJournal journal) {
        if (!split.equals(stream.split())) {
            throw TransvaseException.of(
                    UNKNOWN_STREAM, "expected changes of " + stream.split() + ", found those of " + split, null);
        }
        lock.hold();
        ApplySession session = new ApplySession(connect, patience());
        try {
            Position stored = positions.read(session.jdbc(), split);
            session.rollback();
            if (reported != null && !reported.equals(stored)) {
                throw TransvaseException.of(
                        STREAM_IN_USE,
                        "another run has applied changes of " + split + " since this one began; run only one of them",
                        null);
            }
            ChangeTables tables = new ChangeTables(plan.tables(), plan.references(), stream.begunBefore(), notices);
            return new ChangeApplier(
                    session, tables, positions, lock, split, stored, journal, parameters.skippedByTarget());
        } catch (SQLException e) {
            session.close();
            throw SqlErrors.translate(e, "opening a connection to apply changes with");
        } catch (TransvaseException e) {
            session.close();
            throw e;
        }
    }

    /** Called from any thread. */
    public void cancel() {
        cancelled.countDown();
        lock.cancel();
    }

    @Override
    public void close() {
        lock.close();
    }
}
