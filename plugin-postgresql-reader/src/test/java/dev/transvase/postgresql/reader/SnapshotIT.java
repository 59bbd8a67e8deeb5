package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotIT {

    private static final String MOVE = "UPDATE account SET balance = balance - 1 WHERE id = 1;"
            + " UPDATE account SET balance = balance + 1 WHERE id = 1000;"
            + " INSERT INTO account SELECT max(id) + 1, 5 FROM account;"
            + " DELETE FROM account WHERE id = (SELECT id FROM account WHERE id BETWEEN 2 AND 999 LIMIT 1)";

    private TestingDatabase database;

    @BeforeEach
    void create() {
        database = null;
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private void accounts(int major) throws SQLException {
        database = TestingPostgres.major(major).createDatabase();
        database.execute(
                "CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL)",
                "INSERT INTO account SELECT n, 100 FROM generate_series(1, 1000) n");
    }

    static List<Integer> majors() {
        return TestingPostgres.majors();
    }

    /** A writer commits between any two splits, yet all of them see the state of when they were cut. */
    @ParameterizedTest
    @MethodSource("majors")
    void allSplitsSeeOnePointInTime(int major) throws SQLException {
        accounts(major);
        try (Reading reading =
                Reading.of(ReaderSetup.of(database).table("account").splitPk("id"), 2)) {
            assertThat(reading.splits).hasSize(10);
            assertThat(total(reading)).containsExactly(1000, 100_000);
        }
    }

    @ParameterizedTest
    @MethodSource("newest")
    void withoutASharedSnapshotEachSplitSeesItsOwn(int major) throws SQLException {
        accounts(major);
        try (Reading reading = Reading.of(
                ReaderSetup.of(database).table("account").splitPk("id").inconsistent(), 2)) {
            assertThat(reading.splits).hasSize(10);
            // Eleven rows less or more than there ever were at once: what this option gives up.
            assertThat(total(reading)).isNotEqualTo(List.of(1000, 100_000));
        }
    }

    static List<Integer> newest() {
        return List.of(TestingPostgres.newest().major());
    }

    private List<Integer> total(Reading reading) throws SQLException {
        List<Integer> balances = new ArrayList<>();
        for (Split split : reading.splits) {
            database.execute(MOVE);
            reading.rows(split).forEach(row -> balances.add(Integer.valueOf(row.get(1))));
        }
        return List.of(
                balances.size(), balances.stream().mapToInt(Integer::intValue).sum());
    }

    /** TRUNCATE is not transactional for older snapshots: without a lock the later splits would be empty. */
    @ParameterizedTest
    @MethodSource("newest")
    void whatTakesRowsAwayWaitsUntilAllIsRead(int major) throws SQLException {
        accounts(major);
        try (Reading reading =
                        Reading.of(ReaderSetup.of(database).table("account").splitPk("id"), 2);
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            statement.execute("SET lock_timeout = 50");
            for (String sql :
                    List.of("TRUNCATE account", "DROP TABLE account", "ALTER TABLE account ADD COLUMN x int")) {
                assertThatThrownBy(() -> statement.execute(sql))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
            }
            assertThat(reading.rows()).hasSize(1000);
        }
    }

    @ParameterizedTest
    @MethodSource("newest")
    void splitsShareASessionWhereOneIsFree(int major) throws SQLException {
        accounts(major);
        try (Reading reading = Reading.of(
                ReaderSetup.of(database)
                        .table("account")
                        .column("pg_backend_pid()")
                        .splitPk("id"),
                2)) {
            assertThat(reading.rows()).hasSize(1000);
            assertThat(reading.rows().stream().distinct()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("newest")
    void aSnapshotThatIsGoneIsTold(int major) throws SQLException {
        accounts(major);
        List<Split> splits;
        try (Reading planned =
                Reading.of(ReaderSetup.of(database).table("account").splitPk("id"), 2)) {
            splits = planned.splits;
        }
        try (Reading late = Reading.of(ReaderSetup.of(database).table("account"), 1);
                SplitReader reader = late.open(splits.get(0))) {
            assertThatThrownBy(() -> reader.poll(Duration.ofSeconds(10)))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("SNAPSHOT_GONE"));
        }
    }

    @ParameterizedTest
    @MethodSource("newest")
    void splitsCanBeReadByAnotherProcess(int major) throws SQLException {
        accounts(major);
        try (Reading planned =
                        Reading.of(ReaderSetup.of(database).table("account").splitPk("id"), 2);
                PostgresReader other =
                        ReaderSetup.of(database).table("account").splitPk("id").reader()) {
            database.execute(MOVE);
            int rows = 0;
            for (Split split : planned.splits) {
                try (SplitReader reader = other.open(split, planned.accepted.get(0), Position.START)) {
                    while (!reader.finished()) {
                        rows += reader.poll(Duration.ofSeconds(10))
                                .map(b -> b.size())
                                .orElse(0);
                    }
                }
            }
            assertThat(rows).isEqualTo(1000);
        }
    }

    /** Who waits for an exclusive lock makes all wait who come later, and waits himself for the snapshot's session. */
    @ParameterizedTest
    @MethodSource("newest")
    void aTruncateOfWhatIsYetToBeReadHoldsNobodyUp(int major) throws Exception {
        accounts(major);
        database.execute("CREATE TABLE later AS SELECT generate_series(1, 500) AS id");
        CompletableFuture<Void> truncate;
        try (Reading reading =
                Reading.of(ReaderSetup.of(database).table("account", "later").splitPk("id"), 2)) {
            Split last = reading.splits.get(reading.splits.size() - 1);
            int rows = reading.rows(reading.splits.get(0)).size();
            truncate = CompletableFuture.runAsync(() -> execute("TRUNCATE later"));
            await("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'", "1");
            for (Split split : reading.splits.subList(1, reading.splits.size())) {
                rows += reading.rows(split).size();
            }
            assertThat(rows).isEqualTo(1500);

            // One that comes only now cannot pass, and says so.
            try (PostgresReader other = ReaderSetup.of(database)
                            .session("SET lock_timeout = 50")
                            .reader();
                    SplitReader late = other.open(last, reading.accepted.get(1), Position.START)) {
                assertThatThrownBy(() -> late.poll(Duration.ofMinutes(1)))
                        .isInstanceOfSatisfying(
                                TransvaseException.class,
                                e -> assertThat(e.code()).isEqualTo("LOCK_NOT_AVAILABLE"));
            }
            assertThat(truncate).isNotDone();
        }
        truncate.get();
        assertThat(database.queryForString("SELECT count(*) FROM later")).isEqualTo("0");
    }

    /** The moment that all splits see comes after the locks: what is truncated before them would look empty else. */
    @ParameterizedTest
    @MethodSource("newest")
    void aTruncateWhileCuttingIsSeenWithWhatFollowsIt(int major) throws Exception {
        accounts(major);
        database.execute("CREATE TABLE later AS SELECT generate_series(1, 500) AS id");
        RecordedChecks checks = new RecordedChecks();
        try (PostgresReader reader = ReaderSetup.of(database)
                        .table("account", "later")
                        .splitPk("id")
                        .reader();
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            List<Schema> schemas = reader.plan(checks).tables();
            statement.execute("BEGIN; TRUNCATE later; INSERT INTO later VALUES (1), (2), (3)");
            CompletableFuture<List<Split>> cut = CompletableFuture.supplyAsync(() -> reader.split(schemas, 2, checks));
            await("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'", "1");
            statement.execute("COMMIT");
            int rows = 0;
            for (Split split : cut.get()) {
                if (split.table() == 1) {
                    try (SplitReader open = reader.open(split, schemas.get(1), Position.START)) {
                        while (!open.finished()) {
                            rows += open.poll(Duration.ofMinutes(1))
                                    .map(RecordBatch::size)
                                    .orElse(0);
                        }
                    }
                }
            }
            assertThat(rows).isEqualTo(3);
        }
    }

    private void execute(String sql) {
        try {
            database.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await(String count, String expected) throws SQLException {
        String here = " AND datname = current_database()";
        while (!database.queryForString(count + here).equals(expected)) {
            Thread.onSpinWait();
        }
    }

    /** Who ends the session that holds the snapshot: a split that does not have it yet cannot be read, not in part. */
    @ParameterizedTest
    @MethodSource("newest")
    void theSnapshotsSessionIsEnded(int major) throws SQLException {
        accounts(major);
        ReaderSetup setup = ReaderSetup.of(database).table("account").splitPk("id");
        try (Reading before = Reading.of(setup, 2)) {
            endCoordinator();
            assertThatThrownBy(before::rows).isInstanceOfSatisfying(TransvaseException.class, e -> {
                assertThat(e.code()).isEqualTo("SNAPSHOT_GONE");
                assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
            });
        }
        try (Reading after = Reading.of(setup, 2)) {
            int rows = after.rows(after.splits.get(0)).size();
            endCoordinator();
            database.execute(MOVE);
            // The session that reads has a hold of the snapshot itself.
            for (Split split : after.splits.subList(1, after.splits.size())) {
                rows += after.rows(split).size();
            }
            assertThat(rows).isEqualTo(1000);
        }
    }

    private void endCoordinator() throws SQLException {
        String coordinator =
                "FROM pg_stat_activity WHERE query LIKE '%pg_export_snapshot%' AND pid <> pg_backend_pid()";
        assertThat(database.query("SELECT pg_terminate_backend(pid) " + coordinator))
                .hasSize(1);
        await("SELECT count(*) " + coordinator, "0");
    }

    /** Limits that an administrator set for short work are none for a long read; those in the job file are. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void timeoutsOfTheRoleDoNotEndARead(int major) throws SQLException {
        database = TestingPostgres.major(major).createDatabase();
        List<String> limits =
                new ArrayList<>(List.of("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"));
        if (major >= 17) {
            limits.addAll(List.of("transaction_timeout", "idle_session_timeout"));
        }
        StringJoiner query = new StringJoiner(", ", "SELECT ", "");
        for (String limit : limits) {
            database.execute("ALTER DATABASE " + database.name() + " SET " + limit + " = '1h'");
            query.add("current_setting('" + limit + "')");
        }
        ReaderSetup setup = ReaderSetup.of(database).querySql(query.toString());
        try (Reading reading = Reading.of(setup, 1)) {
            assertThat(reading.rows())
                    .singleElement()
                    .satisfies(row -> assertThat(row).containsOnly("0"));
        }
        try (Reading reading = Reading.of(setup.session("SET statement_timeout = '7min'"), 1)) {
            assertThat(reading.rows().get(0).get(0)).isEqualTo("7min");
        }
    }

    static List<Integer> oldestAndNewest() {
        return List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major());
    }
}
