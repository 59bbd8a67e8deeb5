package dev.transvase.postgresql.writer;

import static dev.transvase.postgresql.writer.error.WriterErrors.EMPTY_WITH_CHANGES;
import static dev.transvase.postgresql.writer.error.WriterErrors.KEY_WITHOUT_CHANGES;
import static dev.transvase.postgresql.writer.error.WriterErrors.SEQUENCES_WITH_CHANGES;
import static dev.transvase.postgresql.writer.error.WriterErrors.TARGET_CHANGED;
import static dev.transvase.postgresql.writer.error.WriterErrors.TARGET_NOT_EMPTY;
import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.KnownServers;
import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.SessionReport;
import dev.transvase.postgresql.catalog.PositionTables;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.changes.ChangeTarget;
import dev.transvase.postgresql.writer.changes.TargetPositions;
import dev.transvase.postgresql.writer.jobsql.PreSqlFailures;
import dev.transvase.postgresql.writer.jobsql.SessionStatements;
import dev.transvase.postgresql.writer.jobsql.StatementsAhead;
import dev.transvase.postgresql.writer.jobsql.TablePlaceholder;
import dev.transvase.postgresql.writer.jobsql.TargetStatements;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.plan.OwnTables;
import dev.transvase.postgresql.writer.plan.TargetPlanner;
import dev.transvase.postgresql.writer.plan.TargetSequences;
import dev.transvase.postgresql.writer.rows.PostgresChannelWriter;
import dev.transvase.postgresql.writer.session.CommittedRows;
import dev.transvase.postgresql.writer.session.Retries;
import dev.transvase.postgresql.writer.session.TargetSession;
import dev.transvase.postgresql.writer.session.TextSettings;
import dev.transvase.postgresql.writer.statement.BatchStatement;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The {@code postgresql} writer.
 *
 * <p>The target tables must exist when the job starts, or be created by a {@code preSql} statement that begins with {@code
 * CREATE}, {@code ALTER}, {@code DROP} or {@code SET}: such statements are tried in a transaction that is rolled back.
 */
public final class PostgresWriter implements Writer {

    private static final String EMPTY_IT =
            "empty it, for example with \"preSql\": [\"TRUNCATE @{table}\"]; or remove targetMustBeEmpty to add to"
                    + " its rows";

    private final PostgresWriterParameters parameters;
    private final PostgresDataSource source;
    private final JobContext job;

    private List<Schema> offered = List.of();

    private boolean planned;

    /** What runs {@code preSql} or {@code postSql} at the moment, or {@code null}. */
    private volatile PostgresSession open;

    /** Whether something was run that may have changed the target. */
    private volatile boolean changed;

    private final CountDownLatch cancelled = new CountDownLatch(1);

    private final CommittedRows committed = new CommittedRows();

    /** Set before the channels' threads are started, and not changed after. */
    private List<TargetTable> targets = List.of();

    /** By the OID of a target, which others it waits for. */
    private Map<Integer, Integer> turns = Map.of();

    /** As {@link #targets}. */
    private TextSettings texts = TextSettings.NONE;

    /** Set in the end; {@code null} when the job does not ask for it. */
    private TargetSequences sequences;

    /** What is read, as {@link #sequences} has to know; {@code null} likewise. */
    private ReadPlan read;

    /** What is known of the stream of changes; {@code null} when the reader sends rows only. */
    private ChangeTarget changes;

    @Inject
    public PostgresWriter(PostgresWriterParameters parameters, PostgresDataSource source, JobContext job) {
        this.parameters = parameters;
        this.source = source;
        this.job = job;
    }

    @Override
    public List<WriteTarget> plan(ReadPlan plan, Checks checks) {
        planned = true;
        if (plan.changes().isEmpty()) {
            return planRows(plan, checks);
        }
        offered = plan.tables();
        if (parameters.targetMustBeEmpty()) {
            checks.error(
                    "targetMustBeEmpty",
                    EMPTY_WITH_CHANGES,
                    "a change stream always starts with empty tables, and resumes with those that it has filled",
                    "remove it");
        }
        if (parameters.sequences()) {
            checks.error(
                    "sequences",
                    SEQUENCES_WITH_CHANGES,
                    "sequences are set once all records are written, which does not happen while changes are followed",
                    "remove it, and set them when the source is no longer in use");
        }
        changes = new ChangeTarget(
                parameters,
                plan.changes().get(),
                this::connect,
                this::connectToAsk,
                this::connectToPlan,
                job.notices());
        List<WriteTarget> into = changes.plan(plan, checks);
        targets = changes.targets();
        if (job.oneDataSource()) {
            OwnTables.ofChanges(targets, checks);
        }
        return into;
    }

    @Override
    public List<WriteTarget> plan(List<Schema> schemas, Checks checks) {
        return planRows(ReadPlan.of(schemas), checks);
    }

    private List<WriteTarget> planRows(ReadPlan plan, Checks checks) {
        if (!parameters.key().isEmpty()) {
            checks.error(
                    "key",
                    KEY_WITHOUT_CHANGES,
                    "key identifies the row of a change, but the reader sends no changes",
                    "remove it");
        }
        offered = plan.tables();
        targets = planTargets(checks, Optional.of(plan));
        return targets.stream()
                .map(t -> new WriteTarget(
                        t.table().toString(),
                        t.accepted(),
                        t.description(BatchStatement.sql(t)),
                        t.into(),
                        t.key().isEmpty() && !TargetStatements.empty(t.table(), parameters.preSql()),
                        turns.getOrDefault(t.oid(), 0)))
                .toList();
    }

    /** @param first what is read, when nothing was run yet */
    private List<TargetTable> planTargets(Checks checks, Optional<ReadPlan> first) {
        // Once the job is at work it waits for locks as it does for anything.
        try (PostgresSession session =
                first.isPresent() ? connectToPlan(checks) : inTransaction(lookAtWork(), checks)) {
            KnownServers.check(session, checks);
            SessionReport.tell(session, checks);
            committed.require(session.jdbc());
            Savepoint untouched = session.jdbc().setSavepoint();
            TargetPlanner planner = new TargetPlanner(
                    parameters,
                    session,
                    checks,
                    first.map(ReadPlan::definitions).orElse(ReadPlan.Definitions.NONE));
            List<TargetTable> planned = planner.plan(offered, first.isPresent());
            turns = planner.turns();
            texts = TextSettings.of(planned, session, checks);
            if (first.isPresent()) {
                if (parameters.targetMustBeEmpty()) {
                    filled(session, planned, parameters.preSql())
                            .forEach(table -> checks.error(
                                    "targetMustBeEmpty", TARGET_NOT_EMPTY, table + " already has rows", EMPTY_IT));
                }
                if (parameters.sequences()) {
                    read = first.get();
                    sequences = new TargetSequences(planned, read);
                    sequences.check(session, checks);
                }
                OwnTables.ofRows(session, planned, first.get(), parameters, checks);
                session.jdbc().rollback(untouched); // what preSql defines is judged before it is defined
                StatementsAhead.check(session, parameters, planned, checks);
            }
            session.jdbc().rollback();
            return planned;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "checking the target tables");
        }
    }

    /**
     * The tables that have rows.
     *
     * @param emptying statements that are still to be run: those that one of them empties do not count
     */
    private static List<TableName> filled(PostgresSession session, List<TargetTable> planned, List<String> emptying)
            throws SQLException {
        Set<TableName> tables = new LinkedHashSet<>();
        planned.forEach(target -> tables.add(target.table()));
        tables.removeIf(table -> TargetStatements.empty(table, emptying));
        List<TableName> filled = new ArrayList<>();
        for (TableName table : tables) {
            try (Statement statement = session.jdbc().createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT EXISTS (SELECT FROM " + SqlNames.quote(table) + ")")) {
                row.next();
                if (row.getBoolean(1)) {
                    filled.add(table);
                }
            }
        }
        return filled;
    }

    @Override
    public void begin() {
        if (changes != null) {
            changed = true; // how far changes have been applied is kept in a table of its own
            changes.begin(offered, this::runPreSql);
            targets = changes.targets();
            return;
        }
        if (parameters.preSql().isEmpty()) {
            requireEmptyNow();
            return;
        }
        runPreSql();
        // A table may have been recreated: what was planned with must still hold, and the OIDs are others.
        PreSqlFailures failures = new PreSqlFailures();
        List<TargetTable> now = planTargets(failures, Optional.empty());
        failures.throwIfAny();
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).sameLayout(targets.get(i))) {
                throw TransvaseException.of(
                        TARGET_CHANGED,
                        "preSql changed the columns of " + now.get(i).table() + " after they were checked");
            }
        }
        targets = now;
        if (sequences != null) {
            sequences = new TargetSequences(targets, read);
        }
        requireEmptyNow();
    }

    /** What the job does itself, and what others have done since it was checked, may have written rows. */
    private void requireEmptyNow() {
        if (!parameters.targetMustBeEmpty()) {
            return;
        }
        try (PostgresSession session = lookAtWork()) {
            List<TableName> filled = filled(session, targets, List.of());
            if (!filled.isEmpty()) {
                throw TransvaseException.of(
                        TARGET_NOT_EMPTY,
                        filled.stream().map(TableName::toString).collect(Collectors.joining(", "))
                                + " must be empty before the first record, but has rows; " + EMPTY_IT);
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "checking that the target tables are empty");
        }
    }

    /** {@inheritDoc} What channels write is counted, and not meant here. */
    @Override
    public boolean mayHaveChanged() {
        return changed;
    }

    @Override
    public Optional<Positions> positions() {
        if (planned && changes == null) {
            return Optional.empty();
        }
        return Optional.of(new TargetPositions(
                parameters.positionTable(), Optional.ofNullable(changes), this::connectToAsk, this::connectToForget));
    }

    @Override
    public Optional<String> place() {
        try (PostgresSession session = connectToAsk()) {
            return Optional.of(PositionTables.place(session));
        } catch (SQLException e) {
            if (SqlErrors.sqlState(e).equals("42501")) {
                return Optional.empty();
            }
            throw SqlErrors.translate(e, "asking the target for its identity");
        }
    }

    @Override
    public ChannelWriter open(WriteJournal journal) {
        return changes == null ? openRows(journal) : changes.open(this::openRows, journal);
    }

    private ChannelWriter openRows(WriteJournal journal) {
        TargetSession session = new TargetSession(this::connectToWrite, patience(), committed);
        WriteJournal counting = committed.counting(
                journal, targets.stream().map(TargetTable::table).toList());
        return new PostgresChannelWriter(session, targets, parameters, job.channels() == 1, counting);
    }

    private Duration patience() {
        return Duration.ofSeconds(parameters.retrySeconds());
    }

    @Override
    public void complete() {
        if (committed.any()) {
            requireCommitted();
        }
        // All is written by now: a server that is just starting again is worth some patience.
        if (sequences != null) {
            setSequences();
        }
        if (!parameters.postSql().isEmpty()) {
            run("postSql", parameters.postSql(), patience());
        }
    }

    /** Setting one once more does no harm, so a connection that is lost meanwhile is no reason to fail. */
    private void setSequences() {
        Retries retries = new Retries(patience(), System::nanoTime, Pause.until(cancelled));
        Optional<SQLException> lost = trySetSequences();
        while (lost.isPresent()) {
            if (!retries.again(SqlErrors.message(lost.get()))) {
                throw SqlErrors.translate(lost.get(), "setting the sequences");
            }
            lost = trySetSequences();
        }
    }

    private Optional<SQLException> trySetSequences() {
        AtomicReference<SQLException> lost = new AtomicReference<>();
        inSession("the sequences are set", patience(), session -> {
            try {
                changed = true;
                sequences.set(session, job.notices());
            } catch (SQLException e) {
                if (!SqlErrors.isRetryable(e)) {
                    throw SqlErrors.translate(e, "setting the sequences");
                }
                lost.set(e);
            }
        });
        return Optional.ofNullable(lost.get());
    }

    /**
     * Makes sure that no crash and no other server has taken anything back since a channel was done. A server that cannot be
     * asked, or is in recovery, is waited for.
     */
    private void requireCommitted() {
        Retries retries = new Retries(patience(), System::nanoTime, Pause.until(cancelled));
        Optional<String> obstacle = askWhetherAllIsThere();
        while (obstacle.isPresent()) {
            if (!retries.again(obstacle.get())) {
                throw committed.doubt(
                        "the target could not be asked at the end whether it has everything that was committed: "
                                + obstacle.get()
                                + ". A crash or a failover may have undone the last commits");
            }
            obstacle = askWhetherAllIsThere();
        }
    }

    /** Fails when something may be gone; tells what keeps the server from answering, and nothing when all is there. */
    private Optional<String> askWhetherAllIsThere() {
        try (PostgresSession session = connect()) {
            return committed.require(session.jdbc()).recovering()
                    ? Optional.of("the server is in recovery")
                    : Optional.empty();
        } catch (SQLException e) {
            if (!SqlErrors.isRetryable(e)) {
                throw SqlErrors.translate(e, "asking the target whether it has everything that was written");
            }
            return Optional.of(SqlErrors.message(e));
        } catch (TransvaseException e) {
            if (!SqlErrors.isPassing(e)) {
                throw e;
            }
            return Optional.of(e.getMessage());
        }
    }

    private void runPreSql() {
        run("preSql", parameters.preSql(), Duration.ofSeconds(source.connectRetrySeconds()));
    }

    private void run(String parameter, List<String> statements, Duration patience) {
        inSession(
                parameter,
                patience,
                session -> TargetStatements.run(session, parameter, statements, tables(), () -> changed = true));
    }

    /** @param before what, for a message when the job is cancelled */
    private void inSession(String before, Duration patience, Consumer<PostgresSession> work) {
        new Retries(patience, System::nanoTime, Pause.until(cancelled)).untilThere(() -> open = connect());
        try (PostgresSession session = open) {
            if (cancelled.getCount() == 0) {
                throw TransvaseException.of(CANCELLED, "cancelled before " + before, null);
            }
            work.accept(session);
        } finally {
            open = null;
        }
    }

    @Override
    public void cancel() {
        cancelled.countDown();
        if (changes != null) {
            changes.cancel();
        }
        PostgresSession running = open;
        if (running != null) {
            running.cancel();
        }
    }

    /** Each channel has its own connection and closes it. */
    @Override
    public void close() {
        if (changes != null) {
            changes.close();
        }
    }

    private PostgresSession connectToWrite() {
        PostgresSession session = connect();
        texts.apply(session);
        return session;
    }

    /** A session in a transaction, in which the job's own statements have set what they set and written nothing. */
    private PostgresSession connectToPlan(Checks checks) {
        return inTransaction(connectToAsk(), checks);
    }

    private PostgresSession inTransaction(PostgresSession session, Checks checks) {
        try {
            session.jdbc().setAutoCommit(false);
            new SessionStatements(parameters.session()).tryOthers(session, checks);
            return session;
        } catch (SQLException e) {
            session.close();
            throw SqlErrors.translate(e, "preparing a session to check the target");
        } catch (TransvaseException e) {
            session.close();
            throw e;
        }
    }

    /**
     * A session in which the job's own statements have set what they set, and no other of them was run. Waits for locks for so long as
     * the data source says.
     */
    private PostgresSession connectToAsk() {
        return prepared(PostgresSession.open(source, applicationName(), job.notices()), own -> own::runSettings);
    }

    /** The same for a job that is at work. */
    private PostgresSession lookAtWork() {
        return prepared(PostgresSession.openToWork(source, applicationName(), job.notices()), own -> own::runSettings);
    }

    private PostgresSession connectToForget() {
        return prepared(PostgresSession.open(source, applicationName(), job.notices()), own -> own::run);
    }

    private PostgresSession connect() {
        return prepared(PostgresSession.openToWork(source, applicationName(), job.notices()), own -> own::run);
    }

    private String applicationName() {
        return "transvase " + job.jobName();
    }

    private PostgresSession prepared(
            PostgresSession session, Function<SessionStatements, Consumer<PostgresSession>> preparation) {
        try {
            preparation.apply(new SessionStatements(parameters.session())).accept(session);
            return session;
        } catch (TransvaseException e) {
            session.close();
            throw e;
        }
    }

    private TablePlaceholder tables() {
        return new TablePlaceholder(targets.stream().map(TargetTable::table).toList(), parameters);
    }
}
