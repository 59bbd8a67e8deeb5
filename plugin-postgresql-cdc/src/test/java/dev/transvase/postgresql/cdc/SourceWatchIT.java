package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of the publication and the tables while they are followed: noticed soon, not only at the next start. */
class SourceWatchIT {

    static List<Arguments> changes() {
        List<Arguments> changes = new ArrayList<>();
        for (int major : StreamIT.oldestAndNewest()) {
            changes.add(Arguments.of(major, "PUBLICATION_LACKS_TABLE", List.of("ALTER PUBLICATION $ DROP TABLE t")));
            changes.add(Arguments.of(
                    major, "PUBLICATION_LACKS_CHANGES", List.of("ALTER PUBLICATION $ SET (publish = 'insert')")));
            changes.add(Arguments.of(major, "PUBLICATION_MISSING", List.of("DROP PUBLICATION $")));
            changes.add(Arguments.of(
                    major,
                    "PUBLICATION_CHANGED",
                    List.of("BEGIN; ALTER PUBLICATION $ DROP TABLE t; ALTER PUBLICATION $ ADD TABLE t; COMMIT")));
            changes.add(Arguments.of(major, "TABLE_RENAMED", List.of("ALTER TABLE t RENAME TO other")));
            changes.add(Arguments.of(major, "TABLE_DROPPED", List.of("DROP TABLE t")));
        }
        return changes;
    }

    private static TestingDatabase database(int major) throws Exception {
        TestingDatabase database = TestingPostgres.major(major).createDatabase();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1)");
        return database;
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatIsChangedWhileTheJobRunsEndsIt(int major, String code, List<String> statements) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            database.execute("INSERT INTO t VALUES (2)");
            following.untilCurrent = false;
            assertThatThrownBy(() -> following.run(line -> {
                        if (line.equals("INSERT t 2")) {
                            execute(database, statements);
                        }
                        return false;
                    }))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo(code));
        }
    }

    private static void execute(TestingDatabase database, List<String> statements) {
        try {
            for (String statement : statements) {
                database.execute(statement.replace("$", "di_pub_" + database.name()));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** What was done meanwhile may be missing, although all is as it was. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER PUBLICATION $ DROP TABLE t             | ALTER PUBLICATION $ ADD TABLE t
            ALTER PUBLICATION $ SET (publish = 'insert') | ALTER PUBLICATION $ SET (publish = 'insert, update, delete, truncate')
            """)
    void whatWasChangedAndPutBackWhileTheJobStoodIsTold(String change, String back) throws Exception {
        try (TestingDatabase database = database(TestingPostgres.newest().major());
                Following following = new Following(database, "t")) {
            following.run();
            execute(database, List.of(change, "DELETE FROM t", back));
            following.check();
            assertThat(following.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("PUBLICATION_CHANGED", "cdc drop");
        }
    }
}
