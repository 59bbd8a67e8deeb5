package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A partitioned table that a stream follows, and what it reports of its partitions. */
abstract class AbstractPartitionsIT {

    TestingDatabase database;
    Following following;

    /** Partitioned tables are followed as one from 13 on. */
    static List<Integer> oldestAndNewest() {
        List<Integer> majors =
                TestingPostgres.majors().stream().filter(m -> m >= 13).toList();
        return List.of(majors.get(0), majors.get(majors.size() - 1)).stream()
                .distinct()
                .toList();
    }

    void begin(int major) throws Exception {
        database = TestingPostgres.major(major).createDatabase();
        database.execute(
                "CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE p0 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                "ALTER TABLE p REPLICA IDENTITY FULL",
                "ALTER TABLE p0 REPLICA IDENTITY FULL",
                "ALTER TABLE p1 REPLICA IDENTITY FULL",
                "INSERT INTO p VALUES (1, 'a'), (11, 'k')");
        // Rows are known to be old only once all transactions before them have ended, those of other tests' databases
        // too.
        awaitTrue("SELECT txid_snapshot_xmin(txid_current_snapshot()) > max(xmin::text::bigint) FROM p");
        following = new Following(database, "p");
        following.run();
    }

    @AfterEach
    void drop() {
        following.close();
        database.close();
    }

    void assertToldAtTheStart(String code, String... texts) {
        following.check();
        assertThat(following.checks.errors())
                .singleElement()
                .asString()
                .contains(code)
                .contains(texts);
    }

    void execute(String... statements) {
        try {
            database.execute(statements);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Follows on without an end, and does this once it is under way. */
    void assertToldWhileItRuns(String code, String... statements) {
        execute("INSERT INTO p VALUES (2, 'b')");
        following.untilCurrent = false;
        assertThatThrownBy(() -> following.run(line -> {
                    if (line.equals("INSERT p 2 b")) {
                        execute(statements);
                    }
                    return false;
                }))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(following.lines).contains("INSERT p 2 b");
    }

    /** A run that ends before it looks at the source once more, and the next one. */
    void assertToldAtTheEnd(String code, String... texts) {
        following.heartbeatSeconds = 3_600;
        assertThatThrownBy(following::run)
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(texts);
        assertToldAtTheStart(code, texts);
    }

    void awaitTrue(String query) throws SQLException {
        while (!database.queryForString(query).equals("t")) {
            execute("SELECT pg_sleep(0.02)");
        }
    }
}
