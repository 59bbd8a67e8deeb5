package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that change otherwise than by their rows. */
class ShapeIT {

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    private static TestingDatabase database(int major) throws Exception {
        TestingDatabase database = TestingPostgres.major(major).createDatabase();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1, 'a')");
        return database;
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void anAddedColumnIsThereFromTheFirstRowThatHasIt(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            database.execute(
                    "INSERT INTO t VALUES (2, 'b')",
                    "ALTER TABLE t ADD COLUMN n numeric(8,2) NOT NULL DEFAULT 7",
                    "INSERT INTO t VALUES (3, 'c', 1.50)",
                    "ALTER TABLE t ADD COLUMN net inet",
                    "UPDATE t SET net = '10.0.0.1' WHERE id = 3");
            following.run();
            assertThat(following.lines)
                    .containsExactly(
                            "ROW t 1 a",
                            "INSERT t 2 b",
                            "INSERT t 3 c 1.50",
                            "UPDATE_BEFORE t 3 c 1.50 null",
                            "UPDATE_AFTER t 3 c 1.50 10.0.0.1");
            assertThat(following.notices)
                    .as("what has no value to be filled in")
                    .hasSize(major < 11 ? 1 : 0)
                    .allSatisfy(n -> assertThat(n).contains("public.t", "new column n"));
            assertThat(following.initials.get("t.n")).isEqualTo(major < 11 ? Optional.empty() : Optional.of("7.00"));
        }
    }

    @Test
    void anAddedColumnIsKnownAgainAfterARestart() throws Exception {
        try (TestingDatabase database = database(TestingPostgres.newest().major());
                Following following = new Following(database, "t")) {
            following.run();
            database.execute("ALTER TABLE t ADD COLUMN n int", "INSERT INTO t VALUES (2, 'b', 2)");
            following.run();
            // Renamed while the stream stands, and no row before it: only the stored shape can tell.
            database.execute("ALTER TABLE t RENAME COLUMN n TO m", "INSERT INTO t VALUES (3, 'c', 3)");
            assertThatThrownBy(following::run)
                    .hasMessageContaining("public.t")
                    .hasMessageContaining("dropped or renamed: n")
                    .hasMessageContaining("new: m");
        }
    }

    @Test
    void anAddedColumnCanBeLeftOutOrStopTheJob() throws Exception {
        try (TestingDatabase database = database(TestingPostgres.newest().major());
                Following following = new Following(database, "t")) {
            following.run();
            database.execute("ALTER TABLE t ADD COLUMN n int", "INSERT INTO t VALUES (2, 'b', 2)");
            following.ddl = new Ddl(Ddl.AddColumn.FAIL, Ddl.Truncate.FAIL, Ddl.Other.FAIL);
            assertThatThrownBy(following::run)
                    .hasMessageContaining("ddl.addColumn")
                    .hasMessageContaining("n");
            following.ddl = new Ddl(Ddl.AddColumn.IGNORE, Ddl.Truncate.FAIL, Ddl.Other.FAIL);
            following.run();
            database.execute("INSERT INTO t VALUES (3, 'c', 3)");
            following.run();
            assertThat(following.lines).containsExactly("ROW t 1 a", "INSERT t 2 b", "INSERT t 3 c");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aDroppedOrRenamedColumnStopsTheJobAndNamesBoth(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            database.execute(
                    "INSERT INTO t VALUES (2, 'b')",
                    "BEGIN; ALTER TABLE t ADD COLUMN w text; ALTER TABLE t DROP COLUMN v; COMMIT",
                    "INSERT INTO t VALUES (3, 'not in v')");
            assertThatThrownBy(following::run)
                    .hasMessageContaining("dropped or renamed: v")
                    .hasMessageContaining("new: w");
            assertThat(following.lines).containsExactly("ROW t 1 a", "INSERT t 2 b");
            following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
            following.run();
            assertThat(following.lines).last().isEqualTo("INSERT t 3 not in v");
        }
    }

    /** Of one type, so that only their numbers tell them apart. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void columnsThatSwapNamesStopTheJob(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            database.execute("ALTER TABLE t ADD COLUMN w text");
            following.run();
            database.execute(
                    "INSERT INTO t VALUES (2, 'v', 'w')",
                    "BEGIN; ALTER TABLE t RENAME v TO x; ALTER TABLE t RENAME w TO v; ALTER TABLE t RENAME x TO w;"
                            + " COMMIT",
                    "INSERT INTO t VALUES (3, 'now w', 'now v')");
            assertThatThrownBy(following::run)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TABLE_CHANGED"))
                    .hasMessageContaining("public.t")
                    .hasMessageContaining("now the name of another column, or recreated: v, w");
            assertThat(following.lines).containsExactly("ROW t 1 a null", "INSERT t 2 v w");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aColumnThatIsMadeAnewUnderItsNameStopsTheJob(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            database.execute("INSERT INTO t VALUES (2, 'b')");
            following.untilCurrent = false;
            assertThatThrownBy(() -> following.run(line -> {
                        if (line.equals("INSERT t 2 b")) {
                            execute(
                                    database,
                                    "BEGIN; ALTER TABLE t DROP COLUMN v; ALTER TABLE t ADD COLUMN v text;"
                                            + " INSERT INTO t VALUES (3, 'of another'); COMMIT");
                        }
                        return line.startsWith("INSERT t 3");
                    }))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TABLE_CHANGED"))
                    .hasMessageContaining("since columns were added and dropped: v");
            assertThat(following.lines).containsExactly("ROW t 1 a", "INSERT t 2 b");
            following.untilCurrent = true;
            following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
            following.run();
            assertThat(following.lines).last().isEqualTo("INSERT t 3 of another");
        }
    }

    /** The catalog has neither the dropped column's name any more nor that which the other one had meanwhile. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aColumnThatIsMadeAnewAndRenamedWhileTheJobStoodStopsTheJob(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            database.execute(
                    "ALTER TABLE t DROP COLUMN v",
                    "ALTER TABLE t ADD COLUMN v text",
                    "INSERT INTO t VALUES (2, 'of another')",
                    "ALTER TABLE t RENAME v TO w",
                    "INSERT INTO t VALUES (3, 'of another')");
            assertThatThrownBy(following::run)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TABLE_CHANGED"))
                    .hasMessageContaining("perhaps another column now, since columns were added and dropped: v");
            assertThat(following.lines).containsExactly("ROW t 1 a");
        }
    }

    /** What is applied last is of another shape than what comes next, and the catalog is ahead of both. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void columnsThatWereAddedAndRenamedWhileTheJobStoodAreToldApart(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            database.execute(
                    "INSERT INTO t VALUES (2, 'b')",
                    "ALTER TABLE t ADD COLUMN c text, ADD COLUMN d text",
                    "INSERT INTO t VALUES (3, 'c', 'c', 'd')",
                    "BEGIN; ALTER TABLE t RENAME c TO x; ALTER TABLE t RENAME d TO c; ALTER TABLE t RENAME x TO d;"
                            + " COMMIT",
                    "INSERT INTO t VALUES (4, 'd', 'now d', 'now c')");
            assertThatThrownBy(following::run).hasMessageContaining("recreated: c, d");
            assertThat(following.lines).containsExactly("ROW t 1 a", "INSERT t 2 b", "INSERT t 3 c c d");
        }
    }

    @Test
    void aColumnOfAnotherTypeStopsTheJob() throws Exception {
        try (TestingDatabase database = database(TestingPostgres.newest().major());
                Following following = new Following(database, "t")) {
            following.run();
            database.execute("ALTER TABLE t ALTER COLUMN v TYPE varchar(10)", "INSERT INTO t VALUES (2, 'b')");
            assertThatThrownBy(following::run).hasMessageContaining("of another type: v");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whatIsNotCarriedOverIsTold(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.IGNORE, Ddl.Other.IGNORE);
            database.execute(
                    "ALTER TABLE t ADD COLUMN r float DEFAULT random()",
                    "INSERT INTO t VALUES (2, 'b', 0)",
                    "ALTER TABLE t DROP COLUMN v",
                    "INSERT INTO t VALUES (3, 0)",
                    "TRUNCATE t",
                    "INSERT INTO t VALUES (4, 0)");
            following.run();
            assertThat(following.lines).containsExactly("ROW t 1 a", "INSERT t 2 b 0", "INSERT t 3 0", "INSERT t 4 0");
            assertThat(following.notices)
                    .hasSize(major < 11 ? 2 : 3)
                    .anySatisfy(n -> assertThat(n).contains("public.t", "new column r"))
                    .anySatisfy(n -> assertThat(n).contains("public.t", "dropped or renamed: v", "ddl.other"));
            if (major >= 11) {
                assertThat(following.notices).anySatisfy(n -> assertThat(n).contains("public.t was truncated"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTruncateStopsTheJobUnlessItIsToBeIgnoredOrApplied(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            database.execute("TRUNCATE t", "INSERT INTO t VALUES (2, 'b')");
            if (major < 11) {
                following.run(); // the server does not tell
                assertThat(following.lines).containsExactly("ROW t 1 a", "INSERT t 2 b");
                return;
            }
            assertThatThrownBy(following::run).hasMessageContaining("ddl.truncate");
            following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.APPLY, Ddl.Other.FAIL);
            following.run();
            assertThat(following.lines).containsExactly("ROW t 1 a", "TRUNCATE t", "INSERT t 2 b");
        }
    }

    static List<Integer> expressionsDropped() {
        return oldestAndNewest().stream().map(major -> Math.max(major, 13)).toList();
    }

    /** The catalog says what the column is by now, while the stream still leaves it out. */
    @ParameterizedTest
    @MethodSource("expressionsDropped")
    void aColumnThatIsComputedNoMoreStopsTheJobWhereItsValuesCome(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id * 2) STORED, v text)",
                    "INSERT INTO t VALUES (1, DEFAULT, 'a')");
            following.identity = PostgresCdcParameters.ReplicaIdentity.KEY;
            following.run();
            database.execute(
                    "INSERT INTO t VALUES (2, DEFAULT, 'b')",
                    "ALTER TABLE t ADD COLUMN h int GENERATED ALWAYS AS (id * 3) STORED, ADD COLUMN w text",
                    "INSERT INTO t VALUES (3, DEFAULT, 'c', DEFAULT, 'w')",
                    "ALTER TABLE t ALTER g DROP EXPRESSION",
                    "INSERT INTO t VALUES (4, 7, 'd')");
            assertThatThrownBy(following::run)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TABLE_CHANGED"))
                    .hasMessageContaining("no longer computed by the source: g");
            assertThat(following.lines).containsExactly("ROW t 1 a", "INSERT t 2 b", "INSERT t 3 c w");
            following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
            following.run();
            assertThat(following.lines).last().isEqualTo("INSERT t 4 d null");
            following.ddl = Following.DDL;
            database.execute("INSERT INTO t VALUES (5, 8, 'e')");
            following.run();
            assertThat(following.lines).last().isEqualTo("INSERT t 5 e null");
        }
    }

    @Test
    void aPartitionedTableComesAsOneWithNewPartitionsAndAnyOrderOfColumns() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Following following = new Following(database, "p")) {
            database.execute(
                    "CREATE TABLE p (id int, v text) PARTITION BY RANGE (id)",
                    "CREATE TABLE p1 (v text, id int NOT NULL)",
                    "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10)",
                    "ALTER TABLE p REPLICA IDENTITY FULL",
                    "ALTER TABLE p1 REPLICA IDENTITY FULL",
                    "INSERT INTO p VALUES (1, 'a')");
            following.run();
            database.execute(
                    "INSERT INTO p VALUES (2, 'b')",
                    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                    "ALTER TABLE p2 REPLICA IDENTITY FULL",
                    "INSERT INTO p VALUES (11, 'k')",
                    "UPDATE p SET v = 'l' WHERE id = 11");
            following.run();
            assertThat(following.lines)
                    .containsExactly(
                            "ROW p 1 a",
                            "INSERT p 2 b",
                            "INSERT p 11 k",
                            "UPDATE_BEFORE p 11 k",
                            "UPDATE_AFTER p 11 l");
        }
    }

    @Test
    void severalTablesThatAreTruncatedTogetherComeTogether() throws Exception {
        try (TestingDatabase database = database(TestingPostgres.newest().major());
                Following following = new Following(database, "t", "u")) {
            database.execute("CREATE TABLE u (id int)", "ALTER TABLE u REPLICA IDENTITY FULL");
            following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.APPLY, Ddl.Other.FAIL);
            following.run();
            database.execute("INSERT INTO u VALUES (1)", "TRUNCATE t, u", "INSERT INTO u VALUES (2)");
            following.run();
            assertThat(following.lines)
                    .containsExactly("ROW t 1 a", "INSERT u 1", "TRUNCATE t", "TRUNCATE u", "INSERT u 2");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aNewTableIsNotCarriedOver(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "public.*")) {
            following.run();
            database.execute("INSERT INTO t VALUES (2, 'b')");
            following.untilCurrent = false;
            following.run(line -> {
                if (line.equals("INSERT t 2 b")) {
                    execute(
                            database,
                            "CREATE TABLE fresh (id int)",
                            "ALTER TABLE fresh REPLICA IDENTITY FULL",
                            "INSERT INTO fresh VALUES (1)",
                            "INSERT INTO t VALUES (3, 'c')");
                }
                return line.equals("INSERT t 3 c");
            });
            assertThat(following.lines).containsExactly("ROW t 1 a", "INSERT t 2 b", "INSERT t 3 c");
            // The pattern means it from the next start on, which its rows from before would be missing of.
            following.untilCurrent = true;
            database.execute("INSERT INTO t VALUES (4, 'd')", "INSERT INTO fresh VALUES (2)");
            following.run();
            assertThat(following.lines).last().isEqualTo("INSERT t 4 d");
            assertThat(following.leftOut).containsEntry("public.fresh", "it did not exist when the stream started");
            assertThat(following.checks.warnings())
                    .anySatisfy(w -> assertThat(w).contains("public.fresh"));
            Following failing = new Following(database, "public.*");
            failing.positions.putAll(following.positions);
            failing.newTables = PostgresCdcParameters.NewTables.FAIL;
            failing.check();
            assertThat(failing.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("NEW_TABLES", "public.fresh", "newTables to follow");
            // Not even if somebody puts it into the publication.
            database.execute("ALTER PUBLICATION \"" + publication(database) + "\" ADD TABLE fresh");
            following.leftOut.clear();
            following.run();
            assertThat(following.leftOut).containsKey("public.fresh");
            assertThat(following.lines).last().isEqualTo("INSERT t 4 d");
            Following naming = new Following(database, "t", "fresh");
            naming.positions.putAll(following.positions);
            naming.check();
            assertThat(naming.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("TABLE_NOT_COPIED", "public.fresh", "newTables to follow");
        }
    }

    private static String publication(TestingDatabase database) throws SQLException {
        return database.queryForString("SELECT pubname FROM pg_publication");
    }

    /** Also when the name is another table's by then. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatIsRenamedOrMovedIsTheSame(int major) throws Exception {
        for (List<String> change : List.of(
                List.of("ALTER TABLE t RENAME TO t_old", "CREATE TABLE t (LIKE t_old)", "t_old"),
                List.of("CREATE SCHEMA away", "ALTER TABLE t SET SCHEMA away", "away.t"))) {
            try (TestingDatabase database = database(major);
                    Following following = new Following(database, "t")) {
                following.run();
                database.execute("INSERT INTO t VALUES (2, 'b')");
                following.untilCurrent = false;
                following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
                following.run(line -> {
                    if (line.equals("INSERT t 2 b")) {
                        execute(database, change.get(0), change.get(1));
                        execute(database, "INSERT INTO " + change.get(2) + " VALUES (3, 'c')");
                    }
                    return line.equals("INSERT t 3 c");
                });
                assertThat(following.lines).containsExactly("ROW t 1 a", "INSERT t 2 b", "INSERT t 3 c");
                // On a busy server there may be another one: who keeps the slot from being made.
                assertThat(following.notices)
                        .filteredOn(notice -> notice.contains("public.t"))
                        .singleElement()
                        .asString()
                        .contains("public.t was renamed to", change.get(2));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatIsRenamedWhileTheJobStandsIsToldAtItsStart(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "public.*")) {
            following.run();
            database.execute("ALTER TABLE t RENAME TO u", "INSERT INTO u VALUES (2, 'b')");
            following.check();
            assertThat(following.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("TABLE_RENAMED", "public.t was renamed to public.u");
            database.execute("ALTER TABLE u RENAME TO t");
            try (Following again = new Following(database, "public.*")) {
                again.positions.putAll(following.positions);
                again.run();
                assertThat(again.lines).containsExactly("INSERT t 2 b");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatIsMadeAnewWhileTheJobStandsIsToldAtItsStart(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            database.execute(
                    "DROP TABLE t",
                    "CREATE TABLE t (id int PRIMARY KEY, v text)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "INSERT INTO t VALUES (5, 'e')",
                    "ALTER PUBLICATION \"" + publication(database) + "\" ADD TABLE t");
            following.check();
            assertThat(following.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("TABLE_MADE_ANEW", "public.t was dropped and recreated", "cdc drop");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void ofATableThatIsDroppedComesWhatWasChangedBefore(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t", "gone")) {
            database.execute("CREATE TABLE gone (id int, n numeric)", "ALTER TABLE gone REPLICA IDENTITY FULL");
            following.run();
            database.execute("INSERT INTO t VALUES (2, 'b')");
            following.untilCurrent = false;
            following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
            following.run(line -> {
                if (line.equals("INSERT t 2 b")) {
                    execute(
                            database,
                            "INSERT INTO gone VALUES (1, 1.5)",
                            "ALTER TABLE gone ADD COLUMN more inet",
                            "INSERT INTO gone VALUES (2, 2.5, '10.0.0.1')",
                            "DROP TABLE gone",
                            "INSERT INTO t VALUES (3, 'c')");
                }
                return line.equals("INSERT t 3 c");
            });
            assertThat(following.lines)
                    .containsExactly(
                            "ROW t 1 a",
                            "INSERT t 2 b",
                            "INSERT gone 1 1.5",
                            "INSERT gone 2 2.5 10.0.0.1",
                            "INSERT t 3 c");
            following.check();
            assertThat(following.checks.errors()).singleElement().asString().contains("TABLE_NOT_FOUND", "gone");
        }
    }

    private static void execute(TestingDatabase database, String... statements) {
        try {
            database.execute(statements);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
