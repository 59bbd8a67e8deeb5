package dev.sluice.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.spi.SluiceException;
import dev.sluice.spi.Split;
import dev.sluice.spi.SplitReader;
import dev.sluice.testing.TestingDatabase;
import dev.sluice.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** S54: a writer commits between any two splits, yet all of them see the state of when they were cut. */
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
    void aTruncateWaitsUntilAllIsRead(int major) throws SQLException {
        accounts(major);
        try (Reading reading =
                        Reading.of(ReaderSetup.of(database).table("account").splitPk("id"), 2);
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            statement.execute("SET lock_timeout = 50");
            assertThatThrownBy(() -> statement.execute("TRUNCATE account"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
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
                            SluiceException.class, e -> assertThat(e.code()).isEqualTo("SNAPSHOT_GONE"));
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
                try (SplitReader reader = other.open(split, planned.accepted.get(0), dev.sluice.spi.Position.START)) {
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
}
