package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever happens, the target holds whole transactions, each once, and its position says which. */
class ExactlyOnceIT {

    private static final String APPLYING = "FROM pg_stat_activity WHERE application_name = 'transvase test'"
            + " AND query NOT LIKE '%advisory%' AND query <> 'SELECT 1'";

    private TestingDatabase database;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute("CREATE TABLE target (id integer PRIMARY KEY, name text)");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private TestingStream stream(TestingWriter writer) {
        return new TestingStream(writer, "stream", 0, Numbers.schema("target"));
    }

    private TestingWriter writer() {
        return TestingWriter.to(database, "target");
    }

    /** Sends a transaction of the source: the row of its number comes, and what is in row 0 counts. */
    private static void transaction(TestingStream stream) {
        int number = stream.position() + 1;
        if (number == 1) {
            stream.insert(0, "0", "1");
        } else {
            stream.update(0, "0", Integer.toString(number));
        }
        stream.insert(0, Integer.toString(number), "x").commit();
    }

    /** Checks that the rows are those up to the stored position. */
    private int assertWholeUpToThePosition() throws SQLException {
        List<String> stored = database.queryForList("SELECT convert_from(token, 'UTF8') FROM transvase_position");
        int position = stored.isEmpty() ? 0 : Integer.parseInt(stored.get(0));
        assertThat(database.queryForString("SELECT count(*) || ' ' || coalesce(max(id), 0) || ' '"
                        + " || coalesce(max(name) FILTER (WHERE id = 0), '0') FROM target"))
                .isEqualTo((position == 0 ? 0 : position + 1) + " " + position + " " + position);
        return position;
    }

    @Test
    void aRunGoesOnWhereTheLastOneWasCutShort() throws SQLException {
        try (TestingStream stream = stream(writer())) {
            transaction(stream);
            transaction(stream);
            stream.flush();
            transaction(stream); // not flushed: gone
            stream.insert(0, "77", "half a transaction").midst().flush();
        }
        int position = assertWholeUpToThePosition();
        assertThat(position).isGreaterThanOrEqualTo(2);
        try (TestingStream stream = stream(writer().preSql("TRUNCATE @table"))) {
            assertThat(stream.position()).isEqualTo(position);
            transaction(stream);
            stream.flush();
            stream.commit().flush(); // nothing but a position
            assertThat(database.queryForList("SELECT description FROM transvase_position"))
                    .containsExactly("0/" + (position + 2));
        }
    }

    @Test
    void contextIsStoredAndPositionsCanBeForgotten() throws SQLException {
        try (TestingStream stream = stream(writer())) {
            transaction(stream);
            stream.flush();
            Writer.Positions positions = stream.writer().positions().orElseThrow();
            assertThat(positions.of("another")).isEqualTo(Position.START);
            assertThat(positions.status("stream"))
                    .containsEntry(
                            "position table", "transvase_position in database " + database.name() + " of the target")
                    .containsEntry("position", positions.of("stream").description());
            positions.forget("stream");
            assertThat(positions.of("stream")).isEqualTo(Position.START);
            transaction(stream);
            TransvaseException e = catchThrowableOfType(TransvaseException.class, stream::flush);
            assertThat(e.code()).isEqualTo("STREAM_IN_USE");
        }
        try (PostgresWriter unplanned = writer().open()) {
            Writer.Positions positions = unplanned.positions().orElseThrow();
            assertThat(positions.status("another")).containsEntry("position", "none is stored");
            positions.forget("stream");
        }
    }

    @Test
    void aSecondRunIsRefusedAndToldWhoIsAtIt() throws SQLException {
        try (TestingStream stream = stream(writer());
                PostgresWriter second = writer().open()) {
            transaction(stream);
            stream.flush();
            CollectedChecks checks = new CollectedChecks();
            second.plan(TestingStream.plan("stream", false, Numbers.schema("target")), checks);
            assertThat(checks.errors()).isEmpty();
            TransvaseException e = catchThrowableOfType(TransvaseException.class, second::begin);
            assertThat(e.code()).isEqualTo("STREAM_IN_USE");
            assertThat(e).hasMessageContaining("transvase test");
        }
        try (TestingStream later = stream(writer())) {
            assertThat(later.position()).isEqualTo(1);
        }
    }

    @Test
    void aRunWhosePositionWasMovedByAnotherAppliesNothingMore() throws SQLException {
        try (TestingStream stream = stream(writer())) {
            transaction(stream);
            stream.flush();
            // As if the lock had been lost together with its connection, and another run had been faster.
            database.execute("UPDATE transvase_position SET token = '7', description = '0/7'");
            transaction(stream);
            TransvaseException e = catchThrowableOfType(TransvaseException.class, stream::flush);
            assertThat(e.code()).isEqualTo("STREAM_IN_USE");
            assertThat(e).hasMessageContaining("0/7").hasMessageContaining("0/1");
        }
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("2");
    }

    @Test
    void theLastTransactionOfARunThatWasKilledIsWaitedFor() throws Exception {
        try (TestingStream stream = stream(writer())) {
            transaction(stream);
            stream.flush();
        }
        try (Connection left = database.connect();
                Statement statement = left.createStatement()) {
            left.setAutoCommit(false);
            statement.execute("UPDATE transvase_position SET token = '2', description = '0/2'");
            CompletableFuture<TestingStream> next = CompletableFuture.supplyAsync(() -> stream(writer()));
            String asked = "SELECT count(*) " + APPLYING + " AND query LIKE '%NOWAIT'";
            while (database.queryForString(asked).equals("0") && !next.isDone()) {
                database.execute("SELECT pg_sleep(0.01)");
            }
            left.commit();
            try (TestingStream stream = next.join()) {
                assertThat(stream.position()).isEqualTo(2);
            }
        }
    }

    @Test
    void aSessionThatIsEndedIsReplacedWithNothingLostOrRepeated() throws SQLException {
        try (TestingStream stream = stream(writer())) {
            for (int round = 0; round < 5; round++) {
                transaction(stream);
                stream.flush();
                transaction(stream);
                database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = 'transvase test'");
                stream.flush();
                assertThat(assertWholeUpToThePosition()).isEqualTo(stream.position());
            }
            assertThat(stream.journal().committedRecords()).isEqualTo(stream.changes());
        }
    }

    @Test
    void aConnectionLostAtAnyPointLosesAndRepeatsNothing() throws Exception {
        // Counts attempts: a sequence is not rolled back.
        database.execute(
                "CREATE SEQUENCE attempts",
                "CREATE FUNCTION count_attempt() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM nextval(''attempts''); RETURN NULL; END'",
                "CREATE TRIGGER count_attempt BEFORE INSERT ON target FOR EACH STATEMENT EXECUTE PROCEDURE count_attempt()");
        try (FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            TestingWriter through = writer().at(TestingWriter.dataSource(database, proxy.host(), proxy.port()));
            try (TestingStream stream = stream(through)) {
                int before = cutBeforeTheCommit(proxy, stream);
                assertThat(before).isPositive();
                int after = cutAfterTheCommit(proxy, stream);
                assertThat(after).isPositive();
                assertThat(stream.journal().committedRecords()).isEqualTo(stream.changes());
                assertThat(stream.journal().dirtyRecords()).isEmpty();
            }
        }
    }

    @Test
    void aConnectionLostWhileTheFirstChangesComeIsMadeAnew() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            TestingWriter through = writer().at(TestingWriter.dataSource(database, proxy.host(), proxy.port()));
            AtomicInteger lost = new AtomicInteger();
            for (int bytes = 1; bytes < 6000; bytes += 313) {
                try (TestingStream stream = stream(through)) {
                    proxy.after(bytes, () -> {
                        lost.incrementAndGet();
                        proxy.reset();
                    });
                    transaction(stream);
                    stream.flush();
                    assertThat(assertWholeUpToThePosition()).isEqualTo(stream.position());
                    proxy.after(Integer.MAX_VALUE, () -> {});
                }
            }
            assertThat(lost.get()).isGreaterThan(5);
        }
    }

    /** How often it took a second attempt. */
    private int cutBeforeTheCommit(FaultProxy proxy, TestingStream stream) throws SQLException {
        int twice = 0;
        for (int bytes = 1; bytes < 900; bytes += 97) {
            twice += attempts(proxy, stream, bytes) == 2 ? 1 : 0;
        }
        return twice;
    }

    /** How often the last answer did not come and there was no second attempt. */
    private int cutAfterTheCommit(FaultProxy proxy, TestingStream stream) throws SQLException {
        int once = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0;
                    i < 8;
                    i++) { // until the driver has prepared all statements and sends what it will send again
                transaction(stream);
                stream.flush();
            }
            long start = proxy.forwarded();
            transaction(stream);
            stream.flush();
            once += attempts(proxy, stream, proxy.forwarded() - start - 10) == 1 ? 1 : 0;
        }
        return once;
    }

    /** Cuts the connection in a transaction of the source, and returns how often that was tried to be applied. */
    private long attempts(FaultProxy proxy, TestingStream stream, long bytes) throws SQLException {
        String count = "SELECT last_value FROM attempts";
        transaction(stream);
        long before = Long.parseLong(database.queryForString(count));
        AtomicBoolean cut = new AtomicBoolean();
        proxy.after(bytes, () -> {
            cut.set(true);
            proxy.reset();
        });
        stream.flush();
        assertThat(cut).isTrue();
        assertThat(assertWholeUpToThePosition()).isEqualTo(stream.position());
        return Long.parseLong(database.queryForString(count)) - before;
    }

    @Test
    void nobodyEverSeesHalfATransaction() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (TestingStream stream = stream(writer());
                Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            stream.flush();
            CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> {
                int seen = 0;
                try {
                    while (!done.get()) {
                        try (ResultSet row = statement.executeQuery(
                                "SELECT count(*), coalesce(max(name)" + " FILTER (WHERE id = 0), '0') FROM target")) {
                            row.next();
                            int rows = row.getInt(1);
                            int counted = Integer.parseInt(row.getString(2));
                            assertThat(rows).isEqualTo(counted == 0 ? 0 : counted + 1);
                            seen = Math.max(seen, rows);
                        }
                    }
                    return seen;
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int i = 0; i < 300; i++) {
                transaction(stream);
                if (i % 3 == 0) {
                    stream.flush();
                }
            }
            stream.flush();
            done.set(true);
            assertThat(reading.get()).isPositive();
        }
    }

    @Test
    void aTransactionThatIsTooLargeToBeKeptIsOneAllTheSame() throws Exception {
        int rows = 230_000;
        try (TestingStream stream = stream(writer().mode(WriteMode.COPY))) {
            transaction(stream);
            for (int id = 10; id < rows + 10; id++) {
                stream.insert(0, Integer.toString(id), "large");
                if (id % 5000 == 0) {
                    stream.update(0, Integer.toString(id), "updated").midst();
                }
                if (id == 120_000) {
                    stream.flush();
                    // What came before it is there, and nothing of it, though the most of it was sent.
                    assertThat(database.queryForString("SELECT count(*) FROM target"))
                            .isEqualTo("2");
                    assertThat(database.queryForList("SELECT description FROM transvase_position"))
                            .containsExactly("0/1");
                    assertThat(database.queryForString(
                                    "SELECT count(*) " + APPLYING + " AND state = 'idle in transaction'"))
                            .isEqualTo("1");
                }
            }
            stream.commit().flush();
            assertThat(stream.journal().committedRecords()).isEqualTo(stream.changes());
        }
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo(Integer.toString(rows + 2));
        assertThat(database.queryForString("SELECT count(*) FROM target WHERE name = 'updated'"))
                .isEqualTo("46");
        assertThat(database.queryForList("SELECT description FROM transvase_position"))
                .containsExactly("0/2");
    }

    @Test
    void aLargeTransactionWhoseConnectionIsLostIsNotThere() throws Exception {
        try (TestingStream stream = stream(writer())) {
            transaction(stream);
            for (int id = 10; id < 120_000; id++) {
                stream.insert(0, Integer.toString(id), "large");
            }
            stream.midst();
            database.execute("SELECT pg_terminate_backend(pid) " + APPLYING);
            stream.insert(0, "5", "last").commit();
            TransvaseException e = catchThrowableOfType(TransvaseException.class, stream::flush);
            assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
            assertThat(e.code()).isEqualTo("CONNECTION_LOST");
        }
        assertThat(assertWholeUpToThePosition()).isEqualTo(1);
    }

    @Test
    void aDeadlockIsTriedAgain() throws Exception {
        try (TestingStream stream = stream(writer());
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            transaction(stream);
            transaction(stream);
            stream.flush();
            other.setAutoCommit(false);
            statement.execute("SET deadlock_timeout = '1h'"); // so that it is ours that gives way
            statement.execute("UPDATE target SET name = name WHERE id = 2");
            stream.delete(0, "1", "x").update(0, "2", "y").commit();
            CompletableFuture<Void> applying = CompletableFuture.runAsync(stream::flush);
            while (database.queryForList("SELECT pg_sleep(0.01) " + APPLYING + " AND wait_event_type = 'Lock'")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            statement.execute("UPDATE target SET name = name WHERE id = 1");
            other.commit();
            applying.get();
            assertThat(stream.journal().committedRecords()).isEqualTo(stream.changes());
        }
        assertThat(database.queryForList("SELECT name FROM target WHERE id IN (1, 2)"))
                .containsExactly("y");
    }

    @Test
    void applyingThatWaitsForALockCanBeCancelled() throws Exception {
        try (TestingStream stream = stream(writer());
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            transaction(stream);
            stream.flush();
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE target");
            transaction(stream);
            ChannelWriter channel = stream.channel();
            CompletableFuture<TransvaseException> applying =
                    CompletableFuture.supplyAsync(() -> catchThrowableOfType(TransvaseException.class, channel::flush));
            while (database.queryForList("SELECT pg_sleep(0.01) " + APPLYING + " AND wait_event_type = 'Lock'")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            channel.cancel();
            assertThat(applying.get().code()).isEqualTo("CANCELLED");
            other.rollback();
        }
        assertThat(assertWholeUpToThePosition()).isEqualTo(1);
    }

    /** What has been written goes on; a table that joins is empty and has all columns, unless an earlier run has begun with it. */
    @Test
    void aTableThatJoinsIsCheckedAsAtTheStart() throws SQLException {
        try (TestingStream stream = stream(writer())) {
            transaction(stream);
            stream.flush();
        }
        database.execute("CREATE TABLE joining (id integer PRIMARY KEY)");
        assertThat(joiningErrors(Set.of()))
                .singleElement()
                .asString()
                .contains("COLUMN_NOT_FOUND", "public.joining has no column name");
        database.execute("ALTER TABLE joining ADD name text", "INSERT INTO joining VALUES (1, 'old')");
        assertThat(joiningErrors(Set.of()))
                .singleElement()
                .asString()
                .contains("TARGET_NOT_EMPTY", "public.joining")
                .doesNotContain("public.target");
        assertThat(joiningErrors(Set.of(1))).isEmpty();
        // Others may refer to it by then.
        database.execute("CREATE TABLE referring (id integer REFERENCES joining ON DELETE CASCADE)");
        try (TestingStream stream = new TestingStream(
                writer().tables("target", "joining"),
                "stream",
                new CollectedJournal(0),
                new ChangeStream("stream", true, Set.of(1), Set.of(1), "lsn"),
                Numbers.schema("target"),
                Numbers.schema("joining"))) {
            stream.truncate(1).commit();
            stream.flush();
        }
        assertThat(database.queryForString("SELECT count(*) FROM joining")).isEqualTo("0");
    }

    private List<String> joiningErrors(Set<Integer> begunBefore) {
        CollectedChecks checks = new CollectedChecks();
        try (PostgresWriter writer = writer().tables("target", "joining").open()) {
            assertThat(writer.positions().orElseThrow().of("stream"))
                    .as("before it is planned")
                    .isNotEqualTo(Position.START);
            writer.plan(
                    ReadPlan.of(List.of(Numbers.schema("target"), Numbers.schema("joining")))
                            .withUnbounded(true)
                            .withChanges(new ChangeStream("stream", true, Set.of(1), begunBefore, "lsn")),
                    checks);
        }
        return checks.errors().stream().map(Object::toString).toList();
    }

    @Test
    void aSnapshotNeedsEmptyTables() throws SQLException {
        database.execute("INSERT INTO target VALUES (5, 'old')");
        CollectedChecks checks = new CollectedChecks();
        try (PostgresWriter writer = writer().open()) {
            writer.plan(TestingStream.plan("stream", true, Numbers.schema("target")), checks);
        }
        assertThat(checks.errors()).singleElement().asString().contains("TARGET_NOT_EMPTY", "public.target");
        assertThat(database.queryForString("SELECT to_regclass('transvase_position')"))
                .isNull();
        TransvaseException e = catchThrowableOfType(
                TransvaseException.class,
                () -> new TestingStream(
                        writer().preSql("ANALYZE @table"),
                        "stream",
                        new CollectedJournal(0),
                        true,
                        Numbers.schema("target")));
        assertThat(e.code()).isEqualTo("TARGET_NOT_EMPTY");
        assertThat(e.type()).isEqualTo(ErrorType.USER);
        TestingWriter emptying = writer().preSql("TRUNCATE @table");
        try (TestingStream stream =
                new TestingStream(emptying, "stream", new CollectedJournal(0), true, Numbers.schema("target"))) {
            transaction(stream);
            stream.flush();
        }
        // The second time preSql is not run: it would empty what was applied.
        try (TestingStream stream =
                new TestingStream(emptying, "stream", new CollectedJournal(0), true, Numbers.schema("target"))) {
            assertThat(stream.position()).isEqualTo(1);
        }
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("2");
    }
}
