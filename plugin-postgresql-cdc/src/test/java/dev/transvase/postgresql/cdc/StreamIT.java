package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes out of a slot: the snapshot first, then every change, in the order of the commits. */
public class StreamIT {

    static List<Integer> majors() {
        return TestingPostgres.majors();
    }

    public static List<Integer> oldestAndNewest() {
        List<Integer> majors = TestingPostgres.majors();
        return List.of(majors.get(0), majors.get(majors.size() - 1));
    }

    @ParameterizedTest
    @MethodSource("majors")
    void theSnapshotComesFirstThenTheChanges(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, v text)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "INSERT INTO t VALUES (1, 'a'), (2, NULL)");
            following.run();
            assertThat(following.lines).containsExactlyInAnyOrder("ROW t 1 a", "ROW t 2 null");
            following.lines.clear();
            database.execute(
                    "INSERT INTO t VALUES (3, 'c')",
                    "UPDATE t SET v = 'b' WHERE id = 2",
                    "UPDATE t SET id = 4 WHERE id = 3",
                    "DELETE FROM t WHERE id = 1");
            following.run();
            assertThat(following.lines)
                    .containsExactly(
                            "INSERT t 3 c",
                            "UPDATE_BEFORE t 2 null",
                            "UPDATE_AFTER t 2 b",
                            "UPDATE_BEFORE t 3 c",
                            "UPDATE_AFTER t 4 c",
                            "DELETE t 1 a");
            following.lines.clear();
            following.run();
            assertThat(following.lines).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void transactionsComeWholeAndInTheOrderOfTheirCommits(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "a", "b")) {
            database.execute(
                    "CREATE TABLE a (id int PRIMARY KEY)",
                    "CREATE TABLE b (id int PRIMARY KEY)",
                    "ALTER TABLE a REPLICA IDENTITY FULL",
                    "ALTER TABLE b REPLICA IDENTITY FULL");
            following.run();
            try (Connection one = database.connect();
                    Connection other = database.connect();
                    Statement first = one.createStatement();
                    Statement second = other.createStatement()) {
                one.setAutoCommit(false);
                other.setAutoCommit(false);
                first.execute("INSERT INTO a VALUES (1)");
                second.execute("INSERT INTO b VALUES (2)");
                first.execute("INSERT INTO b VALUES (1)");
                first.execute("SAVEPOINT s");
                first.execute("INSERT INTO b VALUES (99)");
                first.execute("ROLLBACK TO s");
                second.execute("INSERT INTO a VALUES (2)");
                other.commit();
                first.execute("INSERT INTO a VALUES (3)");
                one.commit();
                second.execute("INSERT INTO a VALUES (98)");
                other.rollback();
            }
            following.run();
            assertThat(following.lines)
                    .containsExactly("INSERT b 2", "INSERT a 2", "INSERT a 1", "INSERT b 1", "INSERT a 3");
        }
    }
}
