package dev.transvase.postgresql.cdc;

import static dev.transvase.postgresql.cdc.error.CdcErrors.ANOTHER_CLUSTER;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_EXISTS;

import dev.transvase.postgresql.KnownServers;
import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.ForeignKeys;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDefinitions;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.prerequisite.JoiningRoom;
import dev.transvase.postgresql.cdc.prerequisite.Prerequisites;
import dev.transvase.postgresql.cdc.prerequisite.TableSelection;
import dev.transvase.postgresql.cdc.prerequisite.TableSelection.Selected;
import dev.transvase.postgresql.cdc.snapshot.BeginningReader;
import dev.transvase.postgresql.cdc.snapshot.BeginningSlot;
import dev.transvase.postgresql.cdc.snapshot.BeginningWork;
import dev.transvase.postgresql.cdc.snapshot.HeldTables;
import dev.transvase.postgresql.cdc.snapshot.IntentionReader;
import dev.transvase.postgresql.cdc.snapshot.Joining;
import dev.transvase.postgresql.cdc.snapshot.JoiningWork;
import dev.transvase.postgresql.cdc.snapshot.SlotMaking;
import dev.transvase.postgresql.cdc.snapshot.SnapshotEndReader;
import dev.transvase.postgresql.cdc.snapshot.SnapshotSource;
import dev.transvase.postgresql.cdc.source.KnownTables;
import dev.transvase.postgresql.cdc.source.Loops;
import dev.transvase.postgresql.cdc.source.Publication;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.SourceChanges;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.postgresql.cdc.source.SourceTimeline;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.source.TruncateDoubts;
import dev.transvase.postgresql.cdc.stream.BatchBuffer;
import dev.transvase.postgresql.cdc.stream.SlotStream;
import dev.transvase.postgresql.cdc.stream.SourceLag;
import dev.transvase.postgresql.cdc.stream.SourceWatch;
import dev.transvase.postgresql.cdc.stream.SpilledTransactions;
import dev.transvase.postgresql.cdc.stream.StreamPump;
import dev.transvase.postgresql.cdc.stream.StreamSplitReader;
import dev.transvase.postgresql.cdc.table.CatalogColumns;
import dev.transvase.postgresql.cdc.table.ColumnNumbers;
import dev.transvase.postgresql.cdc.table.ColumnOffers;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.postgresql.cdc.table.TableIdentity;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.StoredPositions;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableDefinition;
import dev.transvase.spi.table.TableName;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads tables as they are, then follows their changes.
 *
 * <p>A stream begins in three stages. The writer stores that it is about to begin; then the slot is made, and the tables are
 * copied as the slot's snapshot has them; then the slot's stream is read, from the place that the snapshot is of. A run that
 * finds a position goes on there with the last stage alone; one that finds only the intention begins once more.
 *
 * <p>Tables join a stream that goes on in stages, too: the intention; the stream of the others, up to where a temporary slot is
 * made; the snapshot of that slot; the stream of all.
 */
public final class PostgresCdcReader implements Reader {

    private static final Logger log = LoggerFactory.getLogger(PostgresCdcReader.class);

    private static final Duration MOMENT = Duration.ofSeconds(2);
    private static final int INTENTION_STAGE = 0;
    private static final int SNAPSHOT_STAGE = 1;

    /** What the split of the stream that ends where tables join it has in it. */
    private static final byte[] CATCH_UP = {1};

    private static final long MOST_BUFFER_BYTES = 4L << 20;

    private final PostgresCdcParameters parameters;
    private final PostgresDataSource dataSource;
    private final JobContext job;
    private final StoredPositions stored;
    private final Clock clock;
    private final String applicationName;
    private final SourceState state;
    private final SnapshotSource snapshots;

    /** Open from {@code plan} to {@code split}. */
    private PostgresSession planning;

    private List<Selected> selected = List.of();
    private List<LeftOut> leftOut = List.of();
    private Set<TableName> notFollowed = Set.of();
    private List<FollowedTable> tables = List.of();
    private Joining joining = Joining.NONE;
    private boolean binary;
    private long systemId;
    private Optional<Lsn> until = Optional.empty();

    /** The database that the job writes to, if that is known. */
    private Optional<String> target = Optional.empty();

    /** What was true of the source before the slot was made, or when the last run looked. */
    private SourceFacts facts = SourceFacts.UNKNOWN;

    /** What the stream has to explain of what has become of the source since. */
    private TruncateDoubts unsettled = TruncateDoubts.NONE;

    /** Whether what an earlier run has written has to go first. Set by {@code split}. */
    private boolean again;

    /** The slot when it is made by this run, and {@code null} when the stream goes on. Set by {@code split}. */
    private BeginningSlot beginning;

    private SourceLag lag;

    @Inject
    public PostgresCdcReader(
            PostgresCdcParameters parameters,
            PostgresDataSource dataSource,
            JobContext job,
            StoredPositions stored,
            Clock clock) {
        this.parameters = parameters;
        this.dataSource = dataSource;
        this.job = job;
        this.stored = stored;
        this.clock = clock;
        this.applicationName = "transvase " + job.jobName();
        this.state = new SourceState(dataSource, applicationName, parameters, job.notices());
        this.snapshots = new SnapshotSource(dataSource, applicationName, parameters.splitFactor(), job.notices());
    }

    @Override
    public ReadPlan plan(Checks checks) {
        planning = PostgresSession.open(dataSource, applicationName, job.notices());
        try {
            KnownServers.check(planning, checks);
            Prerequisites prerequisites = new Prerequisites(planning, checks);
            prerequisites.server(parameters.slot(), parameters.publication());
            Optional<Publication> publication = Publication.find(planning, parameters.publication());
            boolean begun = publication.isPresent()
                    && Slot.find(planning, parameters.slot()).isPresent();
            TableSelection selection = new TableSelection(planning, parameters, checks);
            selected = begun ? selection.selectOf(known(publication.get())) : selection.select();
            leftOut = selection.leftOut();
            notFollowed = selection.notFollowed();
            joining = joining(selection);
            if (joining.any()) {
                int senders = parameters.snapshot() == Snapshot.NEVER ? 1 : 2;
                JoiningRoom.check(planning, parameters.slot(), senders, checks);
            }
            for (int i = 0; i < selected.size(); i++) {
                Selected one = selected.get(i);
                prerequisites.table(
                        one.table().table(),
                        one.table().oid(),
                        one.path(),
                        parameters.replicaIdentity(),
                        begun && !joining.tables().contains(i));
            }
            prerequisites.trees(selected);
            if (parameters.snapshot() != Snapshot.NEVER) {
                prerequisites.rowSecurity(selected);
            }
            if (selection.failed()) {
                return ReadPlan.of(List.of()).withUnbounded(true);
            }
            if (publication.isPresent() && !checks.failed()) {
                prerequisites.publication(
                        publication.get().with(joiningNames()),
                        selected.stream().map(s -> s.table().table()).toList(),
                        begun);
            }
            if (!checks.failed()) {
                systemId = SourceState.systemId(planning);
                until = job.untilCurrent() ? Optional.of(SourceState.end(planning)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw TableSelection.failed(e);
        }
        binary = planning.majorVersion() >= ColumnOffers.BINARY_FROM
                && selected.stream()
                        .flatMap(s -> s.columns().stream())
                        .allMatch(c -> ColumnOffers.fitsBinary(c.type()));
        List<Schema> schemas = selected.stream().map(this::schema).toList();
        return ReadPlan.of(schemas)
                .withUnbounded(parameters.snapshot() != Snapshot.ONLY)
                .withChanges(new ChangeStream(
                        parameters.slot(),
                        parameters.snapshot() != Snapshot.NEVER,
                        joining.tables(),
                        joining.begunBefore()))
                .withLeftOut(leftOut)
                .withDefinitions(this::definition);
    }

    private Optional<TableDefinition> definition(int table) {
        return Optional.of(
                TableDefinitions.of(planning, selected.get(table).table().oid()));
    }

    /** What a stream that has begun has taken in. */
    private KnownTables known(Publication publication) {
        Position position = stored.of(parameters.slot());
        StoredContext context =
                begun(position) ? StoredContext.of(StreamPosition.of(position).context()) : StoredContext.NOTHING;
        return new KnownTables(context, publication);
    }

    private Joining joining(TableSelection selection) {
        Set<Integer> joins = new LinkedHashSet<>();
        Set<Integer> before = new LinkedHashSet<>();
        for (int i = 0; i < selected.size(); i++) {
            if (selection.joins(selected.get(i))) {
                joins.add(i);
            }
            if (selection.joinedBefore(selected.get(i))) {
                before.add(i);
            }
        }
        return new Joining(joins, before);
    }

    private List<TableName> joiningNames() {
        return joining.tables().stream()
                .map(i -> selected.get(i).table().table())
                .toList();
    }

    private Schema schema(Selected one) {
        List<Column> columns = new ArrayList<>();
        for (PgColumn column : one.columns()) {
            columns.add(
                    ColumnOffers.offer(column.name(), !column.notNull(), column.declaredType(), column.type(), binary));
        }
        return Schema.of(one.table().table(), columns).withWireFormat("postgresql");
    }

    @Override
    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
        try (PostgresSession session = planning) {
            planning = null;
            tables = followed(session, accepted);
            Position position = stored.kept() ? stored.of(parameters.slot()) : Position.START;
            target = stored.place();
            Loops.find(session, parameters.slot(), target, tables).report(checks);
            Optional<Slot> slot = Slot.find(session, parameters.slot());
            return splits(session, position, slot, channels, checks);
        } catch (SQLException e) {
            throw TableSelection.failed(e);
        }
    }

    private List<FollowedTable> followed(PostgresSession session, List<Schema> accepted) throws SQLException {
        CatalogColumns.Answer catalog = CatalogColumns.ask(
                session, selected.stream().map(s -> s.table().oid()).toList());
        List<FollowedTable> followed = new ArrayList<>();
        for (int i = 0; i < selected.size(); i++) {
            Selected one = selected.get(i);
            Shape shape = shape(one, ColumnNumbers.of(catalog.of(one.table().oid())));
            TableName table = one.table().table();
            followed.add(
                    new FollowedTable(i, table, parameters.allColumns(), accepted.get(i), shape, stored.target(table)));
        }
        return List.copyOf(followed);
    }

    private static Shape shape(Selected one, ColumnNumbers numbers) {
        List<Shape.Attribute> columns = new ArrayList<>();
        Set<String> left = new LinkedHashSet<>();
        for (PgColumn column : one.table().columns()) {
            if (one.columns().contains(column)) {
                continue;
            }
            left.add(column.name());
        }
        one.columns()
                .forEach(c -> columns.add(
                        new Shape.Attribute(c.name(), c.typeOid(), c.type().typtype() == 'd' ? -1 : c.typmod())));
        return new Shape(one.table().oid(), columns, left, numbers);
    }

    private List<Split> splits(
            PostgresSession session, Position position, Optional<Slot> slot, int channels, Checks checks)
            throws SQLException {
        if (!position.equals(Position.START)) {
            StreamPosition streamed = StreamPosition.of(position);
            if (streamed.systemId() != systemId) {
                checks.error(
                        "datasource",
                        ANOTHER_CLUSTER,
                        "the target has the position of a stream from another database cluster",
                        "let the data source point to the server that the stream began at, or run `transvase cdc drop` and"
                                + " begin anew");
                return List.of();
            }
            if (streamed.begun()) {
                return resumed(session, streamed, slot, channels, checks);
            }
            again = true;
        } else if (slot.isPresent()) {
            slot.get().requireHere();
            if (stored.kept()) {
                checks.error(
                        "solutionId",
                        SLOT_EXISTS,
                        "there is a replication slot " + parameters.slot() + ", but the target knows nothing of it: it"
                                + " belongs to another job or target",
                        "choose another solutionId, or remove it with `transvase cdc drop`");
                return List.of();
            }
            checks.warning(
                    "solutionId",
                    "the stream goes on where the slot " + parameters.slot() + " stands, since this writer stores no"
                            + " position: what was sent last may be sent again");
            warnWhileInUse(session, checks);
            return List.of(stream(slot.get().confirmed(), SNAPSHOT_STAGE));
        }
        return begun(session, channels, checks);
    }

    private List<Split> resumed(
            PostgresSession session, StreamPosition streamed, Optional<Slot> slot, int channels, Checks checks)
            throws SQLException {
        if (parameters.snapshot() == Snapshot.ONLY) {
            checks.warning("snapshot", "the snapshot has been written by an earlier run; there is nothing to do");
            return List.of();
        }
        StoredContext before = StoredContext.of(streamed.context());
        try {
            SourceTimeline.require(
                    before.timeline(), SourceTimeline.current(session), streamed.lsn(), state::timelineHistory);
            SlotStream.requireUsable(slot, parameters.slot(), streamed.lsn());
        } catch (TransvaseException e) {
            checks.error("solutionId", e.errorCode(), e.getMessage(), "");
            return List.of();
        }
        List<FollowedTable> others = joining.others(tables);
        TableIdentity.check(others, before.shapes(), parameters.changesOfTables(), checks);
        Map<Integer, TableName> oids = oids(others);
        SourceFacts now = SourceFacts.look(session, parameters.publication(), oids.keySet());
        SourceChanges changes = new SourceChanges(session, parameters.changesOfTables(), checks);
        changes.between(before.facts(), now, oids);
        // What was found is told; what only the stream can explain is looked at once more, or when it ends.
        boolean explained = changes.truncated().without(before.truncates()).none();
        unsettled = explained ? TruncateDoubts.NONE : changes.truncated();
        facts = changes.overtaken() || !explained ? before.facts() : now;
        if (until.isPresent()) {
            until = Optional.of(SourceState.end(session));
        }
        warnWhileInUse(session, checks);
        if (checks.failed()) {
            return List.of();
        }
        return joining.any()
                ? joined(session, streamed.lsn(), channels, checks)
                : List.of(stream(streamed.lsn(), SNAPSHOT_STAGE));
    }

    /** Not at once: the server takes a moment to let go of a slot whose run has ended in order. */
    private void warnWhileInUse(PostgresSession session, Checks checks) throws SQLException {
        Optional<Slot> user = state.userAfter(session, MOMENT);
        if (user.isPresent()) {
            checks.warning(
                    "solutionId",
                    "the replication slot " + parameters.slot() + " is in use by "
                            + Slot.holder(session, user.get().activePid())
                            + "; if that is a run that has ended, which the server takes a while to notice, it is waited"
                            + " for, up to " + parameters.reconnectSeconds() + " s (reconnectSeconds)");
        }
    }

    private Split stream(Lsn from, int stage) {
        Split stream = Split.of(
                        parameters.slot(),
                        Split.MANY_TABLES,
                        new byte[0],
                        "stream of slot " + parameters.slot() + (from.equals(Lsn.NONE) ? "" : " from " + from))
                .inStage(stage);
        return parameters.snapshot() == Snapshot.ONLY ? stream.expecting(0) : stream;
    }

    private List<Split> begun(PostgresSession session, int channels, Checks checks) throws SQLException {
        List<Split> splits = new ArrayList<>();
        splits.add(Split.of(
                        parameters.slot(),
                        Split.MANY_TABLES,
                        new byte[0],
                        (again ? "begin once more with" : "begin with") + " slot " + parameters.slot())
                .inStage(INTENTION_STAGE)
                .expecting(0));
        beginning = beginning(session, tables, new BeginningWork(parameters, state, tables, job.notices()));
        cut(session, tables, SNAPSHOT_STAGE, channels, splits, checks);
        splits.add(stream(Lsn.NONE, splits.get(splits.size() - 1).stage() + 1));
        return splits;
    }

    /** For a stream that goes on and takes tables in. */
    private List<Split> joined(PostgresSession session, Lsn from, int channels, Checks checks) throws SQLException {
        List<FollowedTable> joined = joining.of(tables);
        List<Split> splits = new ArrayList<>();
        splits.add(Split.of(
                        parameters.slot(),
                        Split.MANY_TABLES,
                        new byte[0],
                        "take into the stream "
                                + joiningNames().stream()
                                        .map(TableName::toString)
                                        .collect(Collectors.joining(", ")))
                .inStage(INTENTION_STAGE)
                .expecting(0));
        boolean rows = parameters.snapshot() != Snapshot.NEVER;
        if (rows && joining.othersComeFirst(session, tables)) {
            splits.add(Split.of(
                            parameters.slot(),
                            Split.MANY_TABLES,
                            CATCH_UP,
                            "stream of slot " + parameters.slot() + " from " + from
                                    + " up to where the new tables are copied")
                    .inStage(SNAPSHOT_STAGE));
        }
        beginning = beginning(session, joined, new JoiningWork(parameters, joined, job.notices()));
        cut(session, joined, splits.get(splits.size() - 1).stage() + 1, channels, splits, checks);
        splits.add(stream(from, splits.get(splits.size() - 1).stage() + 1));
        return splits;
    }

    private BeginningSlot beginning(PostgresSession session, List<FollowedTable> of, SlotMaking.Work work)
            throws SQLException {
        Map<TableName, HeldTables.State> seen =
                parameters.snapshot() == Snapshot.NEVER ? Map.of() : HeldTables.look(session, names(of));
        return new BeginningSlot(dataSource, applicationName, parameters, state, of, seen, work, job.notices());
    }

    /** Cuts the snapshot of tables, if there is to be one. */
    private void cut(
            PostgresSession session,
            List<FollowedTable> of,
            int firstStage,
            int channels,
            List<Split> splits,
            Checks checks)
            throws SQLException {
        if (parameters.snapshot() == Snapshot.NEVER) {
            return;
        }
        List<List<Split>> cut = new ArrayList<>();
        for (Turn turn : turns(session, of, firstStage, channels)) {
            TableDescription table = selected.get(turn.table().index()).table();
            cut.add(snapshots.cut(session, turn.table(), table, turn.stage(), channels, checks));
        }
        Optional<List<Long>> rows = snapshots.expectedRows(session);
        for (int i = 0; i < cut.size(); i++) {
            List<Split> pieces = cut.get(i);
            for (Split piece : pieces) {
                splits.add(rows.isPresent() ? piece.expecting(rows.get().get(i) / pieces.size()) : piece);
            }
        }
        snapshots.holdAll();
    }

    /** A table's place among the others in the snapshot: splits of a stage are read when all before it is durable. */
    private record Turn(FollowedTable table, int stage) {}

    /**
     * The tables in the order that they are to be read in: each behind those that it refers to. One channel needs no more; several
     * wait for each other before they go on to tables that refer to others.
     */
    private static List<Turn> turns(PostgresSession session, List<FollowedTable> of, int firstStage, int channels) {
        Map<Integer, FollowedTable> byOid = new LinkedHashMap<>();
        of.forEach(table -> byOid.put(table.shape().oid(), table));
        ForeignKeys keys = ForeignKeys.among(session, List.copyOf(byOid.keySet()));
        Map<Integer, Integer> levels = keys.levels();
        return keys.order().stream()
                .map(oid -> new Turn(byOid.get(oid), firstStage + (channels == 1 ? 0 : levels.get(oid))))
                .sorted(Comparator.comparing(Turn::stage))
                .toList();
    }

    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        if (split.table() != Split.MANY_TABLES) {
            return snapshots.open(
                    split, tables.get(split.table()), beginning.get().snapshot(), position);
        }
        if (split.stage() == INTENTION_STAGE) {
            return intention(position, schema);
        }
        boolean catchesUp = Arrays.equals(split.payload(), CATCH_UP);
        Supplier<SplitReader> opening = () -> catchesUp ? catchUp(position) : follow(position);
        boolean waits = beginning != null && !beginning.made() && (joining.any() || !begun(position));
        return waits ? new BeginningReader(opening) : opening.get();
    }

    private SplitReader intention(Position position, Schema any) {
        StreamPosition intended = joining.any()
                ? joining.intended(StreamPosition.of(position), tables)
                : StreamPosition.intended(systemId);
        List<FollowedTable> emptied = again ? tables : joining.emptied(tables);
        return new IntentionReader(intended, parameters.snapshot() == Snapshot.NEVER ? List.of() : emptied, any);
    }

    private static boolean begun(Position position) {
        return !position.equals(Position.START) && StreamPosition.of(position).begun();
    }

    private static Map<Integer, TableName> oids(List<FollowedTable> of) {
        Map<Integer, TableName> oids = new HashMap<>();
        of.forEach(table -> oids.put(table.shape().oid(), table.table()));
        return oids;
    }

    private static List<TableName> names(List<FollowedTable> of) {
        return of.stream().map(FollowedTable::table).toList();
    }

    /** The stream of the tables that were followed before, up to where others join it. */
    private SplitReader catchUp(Position position) {
        StreamPosition start = StreamPosition.of(position);
        Lsn end = beginning.get().consistent();
        // Their entries in the publication may be other ones by now, which must not look as if somebody had changed it.
        facts = joining.with(facts, beginning.facts(), tables);
        BatchBuffer buffer = buffer();
        StoredContext before = StoredContext.of(start.context());
        StreamPump pump = pump(start, before, joining.others(tables), buffer, Optional.of(end), false);
        pump.endBefore(end);
        pump.knownBefore(
                facts, before.truncates(), TruncateDoubts.NONE); // these are settled by the stream that goes on
        log.info("following {} from {} to {}, where tables join it", parameters.slot(), start.lsn(), end);
        return new StreamSplitReader(pump, buffer, Optional::empty);
    }

    private SplitReader follow(Position position) {
        StreamPosition start = start(position);
        StoredContext before = StoredContext.of(start.context());
        Optional<Lsn> end = until;
        if (joining.any()) {
            Lsn rows = beginning.get().consistent();
            before = joining.joined(before, tables, start.lsn(), rows);
            end = until.map(lsn -> Lsn.later(lsn, rows));
        }
        if (beginning != null && beginning.made()) {
            facts = joining.any() ? joining.with(facts, beginning.facts(), tables) : beginning.facts();
            beginning.requireSnapshotRead();
        }
        releaseSnapshot();
        if (parameters.snapshot() == Snapshot.ONLY) {
            return new SnapshotEndReader(start, tables.get(0).schema(), state);
        }
        BatchBuffer buffer = buffer();
        StreamPump pump = pump(start, before, tables, buffer, end, true);
        pump.knownBefore(facts, before.truncates(), unsettled);
        SourceLag measured = measureLag(pump);
        log.info("following {} from {}", parameters.slot(), start.lsn());
        return new StreamSplitReader(pump, buffer, () -> measured.of(pump));
    }

    private static BatchBuffer buffer() {
        return new BatchBuffer(Math.min(MOST_BUFFER_BYTES, Runtime.getRuntime().maxMemory() / 16));
    }

    private StreamPump pump(
            StreamPosition start,
            StoredContext before,
            List<FollowedTable> of,
            BatchBuffer buffer,
            Optional<Lsn> end,
            boolean watched) {
        SlotStream source = new SlotStream(
                dataSource, applicationName, parameters, clock, job.notices(), systemId, before.timeline());
        TableFeeds feeds = new TableFeeds(
                of, before.shapes(), before.copies(), binary, parameters.changesOfTables(), source, job.notices());
        return new StreamPump(
                source,
                feeds,
                buffer,
                new SpilledTransactions(spillFolder()),
                new StreamPump.Settings(
                        parameters.changesOfTables(),
                        systemId,
                        Duration.ofSeconds(parameters.heartbeatSeconds()),
                        Duration.ofSeconds(parameters.reconnectSeconds()),
                        start.lsn(),
                        end,
                        watched));
    }

    /** Where the stream starts: at what is stored, at the slot made by this run, or where the slot stands. */
    private StreamPosition start(Position position) {
        if (begun(position)) {
            return StreamPosition.of(position);
        }
        Lsn lsn = beginning != null ? beginning.get().consistent() : confirmed();
        return new StreamPosition(true, lsn, systemId, new byte[0]);
    }

    private Lsn confirmed() {
        return findSlot().map(Slot::confirmed).orElse(Lsn.NONE);
    }

    private Optional<Slot> findSlot() {
        try (PostgresSession session = PostgresSession.openToWork(dataSource, applicationName, job.notices())) {
            return Slot.find(session, parameters.slot());
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for the slot " + parameters.slot());
        }
    }

    private Path spillFolder() {
        return parameters.spillFolder().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
    }

    private synchronized SourceLag measureLag(StreamPump pump) {
        if (lag == null) {
            lag = new SourceLag(
                    dataSource,
                    applicationName,
                    clock,
                    new SourceWatch(parameters, tables, notFollowed, facts, target, pump, job.notices()));
        }
        return lag;
    }

    /** All that shared the snapshot have read it. */
    private void releaseSnapshot() {
        snapshots.close();
        if (beginning != null) {
            beginning.close();
        }
    }

    @Override
    public Optional<ChangeCapture> changeCapture() {
        return Optional.of(state);
    }

    @Override
    public synchronized void close() {
        releaseSnapshot();
        if (lag != null) {
            lag.close();
        }
        if (planning != null) {
            planning.close();
        }
    }
}
