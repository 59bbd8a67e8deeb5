package dev.transvase.postgresql.cdc;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.NewTables;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.ReplicaIdentity;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.StoredPositions;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.record.RecordKind;
import dev.transvase.spi.table.TableName;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingJob;
import dev.transvase.testing.contract.CollectedChecks;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Runs a change reader as the runtime does, and keeps what it reads as lines: kind, table, fields. What a transaction brings is
 * kept only once its end was read, with its position.
 */
public final class Following implements StoredPositions, AutoCloseable {

    public static final Ddl DDL = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.FAIL);

    public final List<String> lines = new ArrayList<>();
    public final Map<String, Position> positions = new HashMap<>();

    /** What the rows of a table had in a column from the start, by {@code table.column}. */
    public final Map<String, Optional<String>> initials = new HashMap<>();

    public final CollectedChecks checks = new CollectedChecks();
    /** What was told while it went on. */
    public final Set<String> notices = ConcurrentHashMap.newKeySet();

    private final TestingDatabase database;
    private final List<String> pending = new ArrayList<>();

    /** What the last plan left out: table and reason. */
    public final Map<String, String> leftOut = new HashMap<>();

    public Ddl ddl = DDL;
    public NewTables newTables = NewTables.IGNORE;
    public Optional<String> place = Optional.empty();

    /** Where tables are written, of those that go elsewhere than to their own name. */
    public Map<String, String> targets = Map.of();

    public Snapshot snapshot = Snapshot.INITIAL;
    public ReplicaIdentity identity = ReplicaIdentity.FULL;
    public List<String> column = List.of();
    public List<String> exclude = List.of();
    public boolean streaming = true;
    public boolean untilCurrent = true;
    public int reconnectSeconds = 30;
    public int slotWaitSeconds = 300;
    public int lockWaitSeconds = 30;
    public int silenceSeconds = 60;
    public int heartbeatSeconds = 1;
    public int channels = 2;
    public String host;
    public int port;
    public String user;
    public String password;
    public Optional<Path> spillFolder = Optional.empty();
    public String solutionId = "test";
    private final List<String> tables;

    /** Ends the reading as well; looked at after each poll. */
    public Predicate<SplitReader> enough = reader -> false;

    public Following(TestingDatabase database, String... tables) {
        this.database = database;
        this.tables = List.of(tables);
        this.host = database.host();
        this.port = database.port();
        this.user = database.user();
        this.password = database.password();
        this.solutionId = database.name();
    }

    public PostgresCdcParameters parameters() {
        return new PostgresCdcParameters(
                "source",
                solutionId,
                tables,
                exclude,
                column,
                snapshot,
                identity,
                Optional.of(ddl),
                newTables,
                heartbeatSeconds,
                reconnectSeconds,
                slotWaitSeconds,
                silenceSeconds,
                streaming,
                spillFolder,
                2);
    }

    public PostgresCdcReader reader() {
        return reader(this);
    }

    /** A reader that goes on from what is stored there. */
    public PostgresCdcReader reader(StoredPositions stored) {
        return new PostgresCdcReader(
                parameters(),
                dataSource(),
                TestingJob.in(Path.of("."))
                        .withChannels(channels)
                        .withUntilCurrent(untilCurrent)
                        .withNotices(this::take),
                stored,
                Clock.systemUTC());
    }

    /** Other tests of the same server make transactions that a slot may wait for: that is told, and not what these are about. */
    private void take(String notice) {
        if (!notice.contains(" is not created yet: the server waits for ")) {
            notices.add(notice);
        }
    }

    public PostgresDataSource dataSource() {
        return new PostgresDataSource(
                Optional.of(host),
                port,
                Optional.of(database.name()),
                Optional.empty(),
                user,
                Optional.of(new Secret(password)),
                Optional.empty(),
                Map.of(),
                10,
                60,
                Optional.empty(),
                60,
                Optional.empty(),
                Optional.empty(),
                100_000,
                false,
                lockWaitSeconds);
    }

    @Override
    public boolean kept() {
        return true;
    }

    @Override
    public Optional<String> place() {
        return place;
    }

    @Override
    public Optional<String> target(TableName table) {
        return Optional.of(targets.getOrDefault(table.toString(), table.toString()));
    }

    @Override
    public Position of(String split) {
        return positions.getOrDefault(split, Position.START);
    }

    /** Plans only; what is wrong is in {@link #checks}. */
    public void check() {
        try (PostgresCdcReader reader = reader()) {
            ReadPlan plan = reader.plan(checks);
            if (!checks.failed()) {
                reader.split(plan.tables(), channels, checks);
            }
        }
    }

    /** How many records the splits are expected to have, by their ids. */
    Map<String, OptionalLong> expected() {
        Map<String, OptionalLong> expected = new HashMap<>();
        try (PostgresCdcReader reader = reader()) {
            ReadPlan plan = reader.plan(checks);
            requireNoErrors();
            reader.split(plan.tables(), channels, checks)
                    .forEach(split -> expected.put(split.id() + " in stage " + split.stage(), split.expected()));
        }
        return expected;
    }

    /** Reads all that was committed before, and acknowledges it. */
    public Following run() {
        return run(line -> false);
    }

    /** Reads until a line is read, of the stream with the end of its transaction, or to the end. */
    public Following run(Predicate<String> last) {
        try (PostgresCdcReader reader = reader()) {
            ReadPlan plan = reader.plan(checks);
            plan.leftOut().forEach(left -> leftOut.put(left.table(), left.why()));
            requireNoErrors();
            List<Split> splits = reader.split(plan.tables(), channels, checks);
            requireNoErrors();
            for (Split split : splits) {
                read(reader, plan, split, last);
            }
        }
        return this;
    }

    private void requireNoErrors() {
        if (checks.failed()) {
            throw new AssertionError(checks.errors());
        }
    }

    private void read(PostgresCdcReader reader, ReadPlan plan, Split split, Predicate<String> last) {
        int table = Math.max(0, split.table());
        try (SplitReader open = reader.open(split, plan.tables().get(table), of(split.id()))) {
            boolean seen = false;
            boolean found = false;
            while (!open.finished() && !found) {
                Optional<RecordBatch> batch = open.poll(Duration.ofMillis(200));
                if (batch.isPresent()) {
                    seen |= keep(batch.get(), split, open, last);
                }
                // Of a stream, the end of the transaction may come in a batch of its own.
                boolean whole = split.table() != Split.MANY_TABLES || pending.isEmpty();
                found = (seen && whole) || enough.test(open);
            }
        }
    }

    private boolean keep(RecordBatch batch, Split split, SplitReader reader, Predicate<String> last) {
        boolean found = false;
        RecordCursor cursor = batch.cursor();
        while (cursor.advance()) {
            String table = cursor.schema().table().name();
            cursor.schema()
                    .columns()
                    .forEach(c -> c.added()
                            .ifPresent(added -> initials.putIfAbsent(table + '.' + c.name(), added.initial())));
            String line = line(cursor, split.table() != Split.MANY_TABLES);
            found |= last.test(line);
            pending.add(line);
        }
        if (split.table() != Split.MANY_TABLES) {
            lines.addAll(pending);
            pending.clear();
        } else {
            reader.end().resumePosition().ifPresent(position -> {
                lines.addAll(pending);
                pending.clear();
                positions.put(split.id(), position);
                reader.acknowledge(position);
            });
        }
        return found;
    }

    private static String line(RecordCursor cursor, boolean snapshot) {
        StringBuilder line = new StringBuilder(snapshot ? "ROW" : cursor.kind().name())
                .append(' ')
                .append(cursor.schema().table().name());
        if (cursor.kind() == RecordKind.TRUNCATE) {
            return line.toString();
        }
        for (int i = 0; i < cursor.schema().width(); i++) {
            line.append(' ').append(field(cursor, i));
        }
        return line.toString();
    }

    private static String field(RecordCursor cursor, int i) {
        return switch (cursor.valueLength(i)) {
            case RecordBatch.NULL -> "null";
            case RecordBatch.UNCHANGED -> "unchanged";
            default -> cursor.getText(i);
        };
    }

    /** Removes what the reader keeps at the source. */
    @Override
    public void close() {
        try (PostgresCdcReader reader = reader()) {
            reader.changeCapture().orElseThrow().drop();
        }
    }
}
