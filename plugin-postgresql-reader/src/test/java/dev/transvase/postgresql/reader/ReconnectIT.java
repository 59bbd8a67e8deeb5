package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A split is read again as long as none of its records was handed on. */
class ReconnectIT {

    private static final String WAITING = " FROM pg_stat_activity"
            + " WHERE application_name = 'transvase test' AND wait_event_type = 'Lock' AND datname = current_database()";

    private TestingDatabase database;

    static List<Integer> majors() {
        return List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major());
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private ReaderSetup create(int major) throws SQLException {
        database = TestingPostgres.major(major).createDatabase();
        database.execute("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
        return ReaderSetup.of(database)
                .table("t")
                .splitPk("id")
                // Let go of at once: planning looks at rows too, in a transaction that stays open.
                .where("CASE WHEN pg_advisory_lock_shared(1)::text = '' THEN pg_advisory_unlock_shared(1) END")
                .splitFactor(2);
    }

    private String await(String what) throws SQLException {
        List<String> found = List.of();
        while (found.isEmpty()) {
            found = database.queryForList("SELECT " + what + WAITING);
        }
        return found.get(0);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void aSessionThatEndsBeforeTheFirstRecordIsReplacedOnTheSameSnapshot(int major) throws Exception {
        ReaderSetup setup = create(major);
        try (Reading reading = Reading.of(setup, 1);
                Connection locking = database.connect();
                Statement statement = locking.createStatement()) {
            assertThat(reading.splits).hasSizeGreaterThan(1);
            database.execute("DELETE FROM t WHERE id % 2 = 0");
            statement.execute("SELECT pg_advisory_lock(1)");
            CompletableFuture<List<List<String>>> rows = CompletableFuture.supplyAsync(reading::rows);
            String first = await("pid");
            database.query("SELECT pg_terminate_backend(" + first + ")");
            while (await("pid").equals(first)) {
                Thread.onSpinWait();
            }
            statement.execute("SELECT pg_advisory_unlock(1)");
            assertThat(rows.get()).hasSize(1000).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @MethodSource("majors")
    void withoutTheSnapshotItIsToldWhy(int major) throws Exception {
        ReaderSetup setup = create(major);
        try (Reading reading = Reading.of(setup, 1);
                Connection locking = database.connect();
                Statement statement = locking.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(1)");
            Split split = reading.splits.get(0);
            try (SplitReader reader = reading.open(split)) {
                CompletableFuture<?> poll = CompletableFuture.supplyAsync(() -> reader.poll(Duration.ofMinutes(5)));
                await("pid");
                // All of them, that which exported the snapshot included.
                database.query(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'transvase test'");
                assertThatThrownBy(poll::get)
                        .cause()
                        .isInstanceOfSatisfying(
                                TransvaseException.class,
                                e -> assertThat(e.code()).isEqualTo("SNAPSHOT_GONE"));
            }
        }
    }
}
