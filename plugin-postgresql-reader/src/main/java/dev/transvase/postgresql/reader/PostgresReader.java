package dev.transvase.postgresql.reader;

import static dev.transvase.postgresql.error.PostgresErrors.TOO_MANY_TABLES;
import static dev.transvase.postgresql.reader.ReaderErrors.CANNOT_RESUME;
import static dev.transvase.postgresql.reader.ReaderErrors.SNAPSHOT_NOT_POSSIBLE;

import dev.transvase.postgresql.KnownServers;
import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.SessionReport;
import dev.transvase.postgresql.catalog.ColumnSequence;
import dev.transvase.postgresql.catalog.ForeignKeys;
import dev.transvase.postgresql.catalog.TableDefinitions;
import dev.transvase.postgresql.copy.CopySplitReader;
import dev.transvase.postgresql.copy.PlannedRows;
import dev.transvase.postgresql.look.CollectedFindings;
import dev.transvase.postgresql.look.FirstRows;
import dev.transvase.postgresql.reader.PostgresReaderParameters.RowSecurityChoice;
import dev.transvase.postgresql.split.ReadTask;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.transaction.ReadErrors;
import dev.transvase.postgresql.transaction.ReadSessions;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.look.Preview;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.SequenceValue;
import dev.transvase.spi.table.TableDefinition;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads tables and queries. {@code plan} asks the server for what is to be read, {@code split} cuts it in a transaction
 * whose snapshot all splits share; that transaction stays open until {@link #close}.
 */
public final class PostgresReader implements Reader {

    private final PostgresReaderParameters parameters;
    private final PostgresDataSource dataSource;
    private final ReadSessions sessions;
    private final boolean toleratesDirty;

    /** The planning session; from {@link #split} on it holds the exported snapshot, when there is one. */
    private PostgresSession coordinator;

    private List<Source> sources = List.of();
    private ServerCheck server;

    @Inject
    public PostgresReader(PostgresReaderParameters parameters, PostgresDataSource dataSource, JobContext job) {
        this.parameters = parameters;
        this.dataSource = dataSource;
        this.toleratesDirty = job.toleratesDirty();
        this.sessions = new ReadSessions(
                dataSource,
                "transvase " + job.jobName(),
                parameters.session(),
                parameters.rowSecurity() == RowSecurityChoice.APPLY,
                job.notices());
    }

    @Override
    public ReadPlan plan(Checks checks) {
        coordinator = sessions.openToPlan();
        KnownServers.check(coordinator, checks);
        SessionReport.tell(coordinator, checks);
        boolean standby = isStandby();
        if (standby) {
            checks.warning(
                    "datasource",
                    "the server is a standby, which may lag behind its primary: the newest rows may be missing");
        }
        server = new ServerCheck(coordinator, dataSource.username(), standby, checks);
        List<Source> planned = new ArrayList<>();
        List<LeftOut> leftOut = List.of();
        if (parameters.querySql().isEmpty()) {
            TablePlanner planner = new TablePlanner(server, parameters);
            planned.addAll(planner.plan());
            leftOut = planner.leftOut();
        } else {
            QueryPlanner planner = new QueryPlanner(server, parameters);
            for (int i = 0; i < parameters.querySql().size(); i++) {
                planner.plan(i).ifPresent(planned::add);
            }
        }
        sources = List.copyOf(planned);
        if (parameters.rowSecurity() == RowSecurityChoice.APPLY) {
            server.warnOfFiltered(selects());
        }
        Origins origins = Origins.of(coordinator, sources, checks);
        return ReadPlan.of(sources.stream().map(Source::schema).toList())
                .withLeftOut(leftOut)
                .withOrigins(origins.tables(), origins.read())
                .withSequences(sequences())
                .withDefinitions(this::definition);
    }

    private Optional<TableDefinition> definition(int table) {
        return sources.get(table)
                .chosen()
                .map(chosen -> TableDefinitions.of(coordinator, chosen.table().oid()));
    }

    private List<SequenceValue> sequences() {
        Map<Integer, List<ColumnSequence>> ofTables;
        try {
            ofTables = ColumnSequence.of(
                            coordinator,
                            sources.stream()
                                    .flatMap(source -> source.chosen().stream())
                                    .map(chosen -> chosen.table().oid())
                                    .toList())
                    .stream()
                    .collect(Collectors.groupingBy(ColumnSequence::table));
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking how far sequences have counted");
        }
        List<SequenceValue> values = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            int oid =
                    sources.get(i).chosen().map(chosen -> chosen.table().oid()).orElse(0);
            for (ColumnSequence sequence : ofTables.getOrDefault(oid, List.of())) {
                List<Column> columns = sources.get(i).schema().columns();
                for (int column = 0; column < columns.size(); column++) {
                    if (columns.get(column).name().equals(sequence.column())
                            && sequence.last().isPresent()) {
                        values.add(new SequenceValue(i, column, sequence.last().getAsLong()));
                    }
                }
            }
        }
        return values;
    }

    private List<String> selects() {
        return sources.stream().map(s -> s.task().select(s.schema())).toList();
    }

    private boolean isStandby() {
        try (Statement statement = coordinator.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_is_in_recovery()")) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking whether the server is a standby");
        }
    }

    @Override
    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
        try {
            tryToRead(accepted);
            if (checks.failed()) {
                return List.of();
            }
            Optional<List<Long>> expected = PlannedRows.of(coordinator, selects());
            // Not at one point in time yet: that comes when everything is locked, or what is truncated in between would
            // look empty.
            try (Statement statement = coordinator.jdbc().createStatement()) {
                statement.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
            }
            coordinator.requireSameServerSession();
            Optional<List<List<ReadTask>>> cut = cut(channels, checks);
            if (cut.isEmpty()) {
                return List.of();
            }
            List<Turn> turns = turns(channels);
            int splits = cut.get().stream().mapToInt(List::size).sum();
            String snapshot = splits > 1 && parameters.consistentSnapshot() ? share(checks) : "";
            coordinator.waitForLocks();
            if (snapshot.isEmpty()) {
                sessions.giveBack(coordinator, "");
                coordinator = null;
            }
            return splits(turns, cut.get(), accepted, expected, snapshot);
        } catch (SQLException e) {
            throw ReadErrors.translate(e, "cutting the work");
        }
    }

    private void tryToRead(List<Schema> accepted) throws SQLException {
        if (!parameters.trialRead()) {
            return;
        }
        new TrialRead(coordinator, server, toleratesDirty).run(sources, accepted);
        if (sources.stream().anyMatch(Source::runsCode)) {
            // What that may have left in the session, such as an advisory lock, ends with it.
            coordinator.close();
            coordinator = sessions.openToPlan();
        }
    }

    /** The tasks of each source; empty when something is wrong with the job. */
    private Optional<List<List<ReadTask>>> cut(int channels, Checks checks) throws SQLException {
        Cutter cutter = new Cutter(coordinator, parameters, channels, checks);
        List<List<ReadTask>> tasks = new ArrayList<>();
        for (Source source : sources) {
            tasks.add(cutter.cut(source));
        }
        return checks.failed() ? Optional.empty() : Optional.of(tasks);
    }

    /** A source's place among the others: splits of a stage are read when all before it is durable. */
    private record Turn(int source, int stage) {}

    /**
     * The sources in the order that they are to be read in: a table behind those that it refers to. One channel needs no
     * more; several wait for each other before they go on to tables that refer to others.
     */
    private List<Turn> turns(int channels) {
        List<Integer> oids = sources.stream()
                .flatMap(s -> s.chosen().stream())
                .map(chosen -> chosen.table().oid())
                .toList();
        if (!parameters.foreignKeyOrder() || oids.size() < sources.size()) {
            return IntStream.range(0, sources.size())
                    .mapToObj(i -> new Turn(i, 0))
                    .toList();
        }
        ForeignKeys keys = ForeignKeys.among(coordinator, oids);
        Map<Integer, Integer> levels = keys.levels();
        List<Turn> turns = new ArrayList<>();
        for (int oid : keys.order()) {
            turns.add(new Turn(oids.indexOf(oid), channels == 1 ? 0 : levels.get(oid)));
        }
        turns.sort(Comparator.comparing(Turn::stage));
        return turns;
    }

    /** The snapshot that all splits read, of a moment from which on nothing of it can be taken away. */
    private String share(Checks checks) {
        List<String> selects = selects();
        try {
            if (ReadSessions.hold(coordinator, selects)) {
                checks.warning(
                        "consistentSnapshot",
                        "a part of the data is on another server, behind a foreign table: each split sees that part"
                                + " as it is when the split starts; use a single split, without splitPk, to see one"
                                + " point in time");
            }
        } catch (SQLException e) {
            throw notHeld(ReadErrors.locking(e));
        }
        sessions.holdAll(selects);
        return export(checks);
    }

    /** With what it takes to hold all tables, where that is more than the server has room for. */
    private TransvaseException notHeld(TransvaseException failure) {
        if (!failure.is(TOO_MANY_TABLES)) {
            return failure;
        }
        try {
            String needs = LockNeeds.reported(
                    coordinator,
                    sources.stream()
                            .flatMap(s -> s.chosen().stream())
                            .map(chosen -> chosen.table().oid())
                            .toList());
            return TransvaseException.of(
                    failure.errorCode().as(ErrorType.EXTERNAL), failure.getMessage() + "; " + needs, failure);
        } catch (SQLException e) {
            failure.addSuppressed(e);
            return failure;
        }
    }

    private String export(Checks checks) {
        try (Statement statement = coordinator.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_export_snapshot()")) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            if (SqlErrors.isRetryable(e)) {
                throw ReadErrors.translate(e, "exporting the snapshot");
            }
            checks.error(
                    "consistentSnapshot",
                    SNAPSHOT_NOT_POSSIBLE,
                    "the splits cannot share one snapshot on this server: " + SqlErrors.message(e),
                    "set speed.concurrent to 1 without splitPk, or consistentSnapshot to false");
            return "";
        }
    }

    private static List<Split> splits(
            List<Turn> turns,
            List<List<ReadTask>> cut,
            List<Schema> accepted,
            Optional<List<Long>> expected,
            String snapshot) {
        List<Split> splits = new ArrayList<>();
        for (Turn turn : turns) {
            int table = turn.source();
            List<ReadTask> tasks = cut.get(table);
            for (int i = 0; i < tasks.size(); i++) {
                ReadTask task = tasks.get(i).withSnapshot(snapshot);
                String id = table + "/" + task.label() + '/' + i;
                Split split = Split.of(id, table, task.toBytes(), task.select(accepted.get(table)))
                        .inStage(turn.stage());
                splits.add(expected.map(rows -> split.expecting(rows.get(table) / tasks.size()))
                        .orElse(split));
            }
        }
        return splits;
    }

    @Override
    public Optional<Preview> preview(Preview.Request request) {
        CollectedFindings found = new CollectedFindings();
        plan(found);
        found.requireNone();
        return sources.stream()
                .filter(source -> request.table()
                        .map(name -> name.equals(source.schema().table().toString()))
                        .orElse(true))
                .findFirst()
                .map(source -> FirstRows.of(
                        coordinator,
                        source.schema().table().toString(),
                        source.task().select(source.schema().standard()),
                        source.schema().columns().stream()
                                .map(column -> new Preview.Column(column.name(), column.declaredType()))
                                .toList(),
                        request));
    }

    /** {@inheritDoc} The connection is made by the first poll. */
    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        if (!position.equals(Position.START) && !position.equals(CopySplitReader.END)) {
            throw TransvaseException.of(
                    CANNOT_RESUME,
                    "reading split " + split.id() + " cannot resume at \"" + position.description()
                            + "\": rows of a table have no order, so the split must be read again from its start");
        }
        return new CopySplitReader(
                sessions, ReadTask.fromBytes(split.payload()), schema, parameters.fetchSize(), position);
    }

    @Override
    public void close() {
        sessions.close();
        if (coordinator != null) {
            coordinator.close();
        }
    }
}
