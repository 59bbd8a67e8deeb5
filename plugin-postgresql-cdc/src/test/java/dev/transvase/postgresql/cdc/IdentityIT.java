package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.ReplicaIdentity;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an update or delete tells of the row as it was, and of large values that it did not touch. */
class IdentityIT {

    /** Too large for its row, and not to be compressed. */
    private static final String LARGE = "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 200) i)";

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    private static String large(TestingDatabase database) throws Exception {
        return database.queryForString("SELECT " + LARGE);
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void withAFullIdentityWhatWasNotTouchedIsFilledIn(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, n int, v text, b bytea, a text[], j jsonb)",
                    "ALTER TABLE t REPLICA IDENTITY FULL");
            for (String column : List.of("v", "b", "a", "j")) {
                database.execute("ALTER TABLE t ALTER " + column + " SET STORAGE EXTERNAL");
            }
            following.run();
            database.execute(
                    "INSERT INTO t SELECT 1, 1, l, l::bytea, ARRAY[l, NULL], jsonb_build_object('k', l) FROM (SELECT "
                            + LARGE + ") large (l)",
                    "UPDATE t SET n = 2");
            following.run();
            String large = database.queryForString("SELECT concat_ws(' ', v, b, a, j) FROM t");
            assertThat(following.lines)
                    .containsExactly(
                            "INSERT t 1 1 " + large, "UPDATE_BEFORE t 1 1 " + large, "UPDATE_AFTER t 1 2 " + large);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void withAKeyItIsMarkedAsUnchanged(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, n int, v text)", "ALTER TABLE t ALTER v SET STORAGE EXTERNAL");
            following.identity = ReplicaIdentity.KEY;
            following.run();
            database.execute(
                    "INSERT INTO t VALUES (1, 1, " + LARGE + ")",
                    "UPDATE t SET n = 2",
                    "UPDATE t SET id = 5",
                    "DELETE FROM t");
            following.run();
            assertThat(following.lines)
                    .containsExactly(
                            "INSERT t 1 1 " + large(database),
                            "UPDATE_AFTER t 1 2 unchanged",
                            "UPDATE_BEFORE t 1 unchanged unchanged",
                            "UPDATE_AFTER t 5 2 unchanged",
                            "DELETE t 5 unchanged unchanged");
        }
    }

    /** The server says that the old row is whole, as the root's identity is full, and sends its key only. */
    @Test
    void aPartitionWithoutAFullIdentityDoesNotMakeLargeValuesNull() throws Exception {
        for (TestingPostgres server : List.of(TestingPostgres.major(13), TestingPostgres.newest())) {
            try (TestingDatabase database = server.createDatabase();
                    Following following = new Following(database, "p")) {
                database.execute(
                        "CREATE TABLE p (id int PRIMARY KEY, n int, v text) PARTITION BY RANGE (id)",
                        "CREATE TABLE p0 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                        "ALTER TABLE p REPLICA IDENTITY FULL",
                        "ALTER TABLE p0 REPLICA IDENTITY FULL");
                following.run();
                database.execute("INSERT INTO p VALUES (11, 0, NULL)");
                following.untilCurrent = false;
                following.run(line -> {
                    if (line.startsWith("INSERT p 11")) {
                        execute(
                                database,
                                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                                "ALTER TABLE p1 ALTER v SET STORAGE EXTERNAL",
                                "INSERT INTO p VALUES (1, 1, " + LARGE + ")",
                                "UPDATE p SET id = 5, n = 2 WHERE id = 1");
                    }
                    return line.startsWith("UPDATE_AFTER");
                });
                assertThat(following.lines)
                        .containsExactly(
                                "INSERT p 11 0 null",
                                "INSERT p 1 1 " + large(database),
                                "UPDATE_BEFORE p 1 unchanged unchanged",
                                "UPDATE_AFTER p 5 2 unchanged");
            }
        }
    }

    private static void execute(TestingDatabase database, String... statements) {
        try {
            database.execute(statements);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anIndexCanBeTheIdentity() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (a int, code text NOT NULL UNIQUE)",
                    "ALTER TABLE t REPLICA IDENTITY USING INDEX t_code_key",
                    "INSERT INTO t VALUES (1, 'x')");
            following.identity = ReplicaIdentity.KEY;
            following.run();
            database.execute("DELETE FROM t");
            following.run();
            assertThat(following.lines).containsExactly("ROW t 1 x", "DELETE t unchanged x");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void namesOfEveryKindAreFollowed(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "\"Sch.ema\".\"Sel ect\"")) {
            database.execute(
                    "CREATE SCHEMA \"Sch.ema\"",
                    "CREATE TABLE \"Sch.ema\".\"Sel ect\" (\"Größe\" int PRIMARY KEY, \"from\" text, \"a\"\"b\" int)",
                    "ALTER TABLE \"Sch.ema\".\"Sel ect\" REPLICA IDENTITY FULL",
                    "INSERT INTO \"Sch.ema\".\"Sel ect\" VALUES (1, 'ä', 2)");
            following.run();
            database.execute("INSERT INTO \"Sch.ema\".\"Sel ect\" VALUES (2, '€', 3)");
            following.run();
            assertThat(following.lines).containsExactly("ROW Sel ect 1 ä 2", "INSERT Sel ect 2 € 3");
        }
    }

    @Test
    void columnsCanBeChosen() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, secret text, v text, twice int GENERATED ALWAYS AS (2 * id) STORED)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "INSERT INTO t VALUES (1, 's', 'a')");
            following.column = List.of("v", "id");
            following.run();
            database.execute("ALTER TABLE t ADD COLUMN more int", "INSERT INTO t VALUES (2, 's', 'b')");
            following.run();
            assertThat(following.lines).containsExactly("ROW t a 1", "INSERT t b 2");
        }
    }
}
