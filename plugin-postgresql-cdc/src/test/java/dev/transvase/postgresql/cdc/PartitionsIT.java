package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Partitions that are attached, detached, made and dropped, which the stream does not contain. */
class PartitionsIT extends AbstractPartitionsIT {

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void partitionsThatBeginEmptyAreFollowedHoweverTheyAreMade(int major) throws Exception {
        begin(major);
        database.execute(
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (20) TO (30)",
                "BEGIN; INSERT INTO p VALUES (21, 'c');"
                        + " CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (30) TO (40) PARTITION BY RANGE (id);"
                        + " CREATE TABLE p30 PARTITION OF p3 FOR VALUES FROM (30) TO (35);"
                        + " INSERT INTO p VALUES (31, 'd'); COMMIT",
                "CREATE TABLE p4 (LIKE p INCLUDING ALL)",
                "ALTER TABLE p ATTACH PARTITION p4 FOR VALUES FROM (40) TO (50)",
                "INSERT INTO p VALUES (32, 'e'), (41, 'f')");
        following.run();
        assertThat(following.lines).endsWith("INSERT p 21 c", "INSERT p 31 d", "INSERT p 32 e", "INSERT p 41 f");
        following.check();
        assertThat(following.checks.errors()).isEmpty();
    }

    /** Statements that partition managers run in one transaction, also with rows that come after, of whichever transaction. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatIsMadeAndAttachedInOneTransactionIsFollowed(int major) throws Exception {
        begin(major);
        database.execute(
                "ALTER TABLE p ALTER v SET DEFAULT 'x', ADD CONSTRAINT few CHECK (id < 1000)",
                "CREATE INDEX ON p (v)",
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (20) TO (30)",
                "BEGIN; INSERT INTO p VALUES (2, 'b'); CREATE TABLE p3 (LIKE p INCLUDING ALL);"
                        + " ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (30) TO (40);"
                        + " INSERT INTO p3 VALUES (31, 'own'); SAVEPOINT s; INSERT INTO p VALUES (32, 'own'); COMMIT",
                "BEGIN; CREATE TABLE p4 (LIKE p INCLUDING DEFAULTS INCLUDING CONSTRAINTS);"
                        + " ALTER TABLE p4 ADD PRIMARY KEY (id); SAVEPOINT s;"
                        + " ALTER TABLE p4 ADD CHECK (id >= 40 AND id < 50); RELEASE s;"
                        + " ALTER TABLE p ATTACH PARTITION p4 FOR VALUES FROM (40) TO (50); COMMIT",
                "INSERT INTO p VALUES (21, 'c'), (33, 'd'), (41, 'e')",
                "BEGIN; INSERT INTO p VALUES (3, 'c'); INSERT INTO p VALUES (22, 'c'), (34, 'd');"
                        + " INSERT INTO p VALUES (23, 'c'), (35, 'd'); COMMIT");
        following.check();
        assertThat(following.checks.errors()).isEmpty();
        following.run();
        assertThat(following.lines).hasSize(13);
    }

    /** Two statements of a table of numbers take as many steps as one that makes a partition. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatIsMadeFilledAndAttachedInOneTransactionIsTold(int major) throws Exception {
        begin(major);
        try (TestingDatabase other = TestingPostgres.major(major).createDatabase();
                Following numbers = new Following(other, "n")) {
            other.execute(
                    "CREATE TABLE n (id int) PARTITION BY RANGE (id)",
                    "CREATE TABLE n0 PARTITION OF n FOR VALUES FROM (0) TO (10)",
                    "ALTER TABLE n REPLICA IDENTITY FULL",
                    "ALTER TABLE n0 REPLICA IDENTITY FULL");
            numbers.run();
            other.execute(
                    "BEGIN; CREATE TABLE n1 (LIKE n); ALTER TABLE n ATTACH PARTITION n1 FOR VALUES FROM (10) TO (20);"
                            + " INSERT INTO n VALUES (11); COMMIT",
                    "ALTER TABLE n1 REPLICA IDENTITY FULL",
                    "INSERT INTO n VALUES (12)");
            numbers.run();
            assertThat(numbers.lines).endsWith("INSERT n 11", "INSERT n 12");
            for (String fill : List.of(
                    "CREATE TABLE n2 (LIKE n); INSERT INTO n2 VALUES (21)",
                    "CREATE TABLE n2 (LIKE n); SAVEPOINT s; INSERT INTO n2 VALUES (21); RELEASE s",
                    "CREATE TABLE n2 (LIKE n); INSERT INTO n2 VALUES (21); ALTER TABLE n2 ADD CHECK (id > 0)",
                    "CREATE TABLE n2 AS SELECT 21 AS id",
                    "SELECT 21 AS id INTO n2")) {
                other.execute(
                        "BEGIN; " + fill + "; ALTER TABLE n ATTACH PARTITION n2 FOR VALUES FROM (20) TO (30); COMMIT");
                other.execute("ALTER TABLE n2 REPLICA IDENTITY FULL");
                Following again = new Following(other, "n");
                again.positions.putAll(numbers.positions);
                again.check();
                assertThat(again.checks.errors())
                        .as(fill)
                        .singleElement()
                        .asString()
                        .contains("PARTITION_ATTACHED");
                other.execute("DROP TABLE n2");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aFilledTableThatIsAttachedIsTold(int major) throws Exception {
        begin(major);
        database.execute(
                "BEGIN; CREATE TABLE p2 (LIKE p INCLUDING ALL); SAVEPOINT s; INSERT INTO p2 VALUES (21, 'before');"
                        + " RELEASE s; ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (20) TO (30); COMMIT",
                "ALTER TABLE p2 REPLICA IDENTITY FULL");
        assertToldAtTheStart("PARTITION_ATTACHED", "public.p2 was attached to public.p", "cdc drop");
        Following ignoring = new Following(database, "p");
        ignoring.positions.putAll(following.positions);
        ignoring.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
        ignoring.run();
        ignoring.ddl = Following.DDL;
        ignoring.run();
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aFilledTableThatIsAttachedWhileTheJobRunsEndsIt(int major) throws Exception {
        begin(major);
        assertToldWhileItRuns(
                "PARTITION_ATTACHED",
                "CREATE TABLE p2 (LIKE p INCLUDING ALL)",
                "INSERT INTO p2 VALUES (21, 'before')",
                "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (20) TO (30)");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatIsDetachedIsTold(int major) throws Exception {
        begin(major);
        database.execute("ALTER TABLE p DETACH PARTITION p1");
        assertToldAtTheStart("PARTITION_DETACHED", "public.p1 was detached", "ddl.other");
    }

    /** In between it could be changed without the stream. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatIsDetachedAndAttachedAgainIsTold(int major) throws Exception {
        begin(major);
        database.execute(
                "ALTER TABLE p DETACH PARTITION p1",
                "UPDATE p1 SET v = 'other'",
                "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (10) TO (20)");
        assertToldAtTheStart("PARTITION_ATTACHED", "public.p1");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatIsDroppedEndsTheJob(int major) throws Exception {
        begin(major);
        assertToldWhileItRuns("PARTITION_DROPPED", "DROP TABLE p1");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatComesAndGoesBetweenTwoLooksIsToldUntilItIsIgnoredOnce(int major) throws Exception {
        begin(major);
        database.execute(
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (20) TO (30)",
                "INSERT INTO p VALUES (21, 'c'), (22, 'd')",
                "DROP TABLE p2",
                "INSERT INTO p VALUES (2, 'b')");
        assertToldAtTheEnd("PARTITION_DROPPED", "public.p2 was dropped", "public.p", "ddl.other");
        assertThat(following.lines).endsWith("INSERT p 21 c", "INSERT p 22 d", "INSERT p 2 b");
        try (Following ignoring = new Following(database, "p")) {
            ignoring.positions.putAll(following.positions);
            ignoring.heartbeatSeconds = 3_600;
            ignoring.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
            ignoring.run();
            assertThat(ignoring.checks.warnings()).singleElement().asString().contains("public.p2 was dropped");
            ignoring.ddl = Following.DDL;
            ignoring.run();
        }
    }

    /** Ignored by the run that reads it, which the next one need not do again. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatIsMadeFilledAndDroppedInOneTransactionIsTold(int major) throws Exception {
        begin(major);
        database.execute("BEGIN; CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (20) TO (30);"
                + " INSERT INTO p VALUES (21, 'c'); DROP TABLE p2; COMMIT");
        following.heartbeatSeconds = 3_600;
        following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
        following.run();
        if (following.lines.contains("INSERT p 21 c")) {
            assertThat(following.notices).anySatisfy(n -> assertThat(n).contains("public.p2 was dropped"));
        } else {
            assertThat(following.notices).isEmpty();
        }
        following.ddl = Following.DDL;
        following.run();
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatComesAndGoesWhileTheJobRunsEndsIt(int major) throws Exception {
        begin(major);
        assertToldWhileItRuns(
                "PARTITION_DETACHED",
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (20) TO (30)",
                "INSERT INTO p VALUES (21, 'c')",
                "ALTER TABLE p DETACH PARTITION p2");
    }

    /** What the stream has told goes with the position, so that it does not matter when the run ends. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatARunHasReadOfAndThatGoesBeforeTheNextOneIsTold(int major) throws Exception {
        begin(major);
        execute("CREATE TABLE p2 (LIKE p INCLUDING ALL)", "INSERT INTO p2 VALUES (21, 'before')");
        following.run();
        execute("INSERT INTO p VALUES (2, 'b')");
        following.untilCurrent = false;
        following.heartbeatSeconds = 3_600;
        following.run(line -> {
            if (line.equals("INSERT p 2 b")) {
                execute(
                        "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (20) TO (30)",
                        "ALTER TABLE p2 REPLICA IDENTITY FULL",
                        "UPDATE p SET v = 'after' WHERE id = 21");
            }
            return line.equals("UPDATE_AFTER p 21 after");
        });
        execute("ALTER TABLE p DETACH PARTITION p2");
        assertToldAtTheStart("PARTITION_DETACHED", "public.p2 was detached");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatIsEmptiedWhileItIsDetachedIsTold(int major) throws Exception {
        begin(major);
        database.execute(
                "ALTER TABLE p DETACH PARTITION p1",
                "DELETE FROM p1",
                "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (10) TO (20)");
        assertToldAtTheStart("PARTITION_ATTACHED", "public.p1 was detached", "attached to public.p again");
    }

    /** Servers before 15 go on to leave out what they have left out before, as long as a connection lasts. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void rowsOfAnAttachedPartitionComeOrAreToldToBeMissing(int major) throws Exception {
        begin(major);
        database.execute(
                "CREATE TABLE p2 (LIKE p INCLUDING ALL)",
                "ALTER TABLE p2 REPLICA IDENTITY FULL",
                "INSERT INTO p2 VALUES (21, 'before')",
                "DELETE FROM p2",
                "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (20) TO (30)");
        following.heartbeatSeconds = 3_600;
        following.run();
        database.execute(
                "CREATE TABLE p3 (LIKE p INCLUDING ALL)",
                "ALTER TABLE p3 REPLICA IDENTITY FULL",
                "INSERT INTO p3 VALUES (31, 'before')",
                "DELETE FROM p3",
                "ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (30) TO (40)",
                "INSERT INTO p VALUES (22, 'c'), (32, 'd')");
        if (major >= 15) {
            following.run();
            assertThat(following.lines).endsWith("INSERT p 22 c", "INSERT p 32 d");
            return;
        }
        assertThatThrownBy(following::run)
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("PARTITION_ATTACHED"))
                .hasMessageContainingAll("public.p3", "not in the stream", "ddl.other");
        assertThat(following.lines).endsWith("INSERT p 22 c");
        assertThatThrownBy(following::run).as("until it is ignored").isInstanceOf(TransvaseException.class);
        following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.FAIL, Ddl.Other.IGNORE);
        following.run();
        assertThat(following.notices).anySatisfy(n -> assertThat(n).contains("public.p3"));
        following.ddl = Following.DDL;
        database.execute("INSERT INTO p VALUES (33, 'e')");
        following.run();
        assertThat(following.lines).endsWith("INSERT p 33 e");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void rowsOfAnAttachedPartitionThatDoNotComeEndTheJob(int major) throws Exception {
        begin(major);
        String[] statements = {
            "CREATE TABLE p2 (LIKE p INCLUDING ALL)",
            "ALTER TABLE p2 REPLICA IDENTITY FULL",
            "INSERT INTO p2 VALUES (21, 'before')",
            "DELETE FROM p2",
            "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (20) TO (30)",
            "INSERT INTO p VALUES (22, 'c')"
        };
        if (major < 15) {
            assertToldWhileItRuns("PARTITION_ATTACHED", statements);
        } else {
            execute(statements);
            following.run();
            assertThat(following.lines).endsWith("INSERT p 22 c");
        }
    }

    /** All of it before the source is looked at: nothing in the catalog tells that it was a partition before. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aNewPartitionThatIsEmptiedWhileItIsDetachedIsTold(int major) throws Exception {
        begin(major);
        database.execute(
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (20) TO (30)",
                "INSERT INTO p VALUES (21, 'c')",
                "ALTER TABLE p DETACH PARTITION p2",
                "DELETE FROM p2",
                "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (20) TO (30)",
                "ALTER TABLE p2 REPLICA IDENTITY FULL");
        following.heartbeatSeconds = 3_600;
        assertThatThrownBy(following::run)
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("PARTITION_ATTACHED"))
                .hasMessageContainingAll("public.p2 was detached", "attached to public.p again");
        assertThat(following.lines).contains("INSERT p 21 c");
    }

    /** It is given up at first, and none any more once all have noticed that. */
    @Test
    void aPartitionThatIsBeingDetachedConcurrentlyIsTold() throws Exception {
        begin(TestingPostgres.newest().major());
        try (Connection reading = database.connect();
                Statement statement = reading.createStatement()) {
            statement.execute("BEGIN; SELECT FROM p");
            assertThatThrownBy(() -> {
                        try (Connection detaching = database.connect();
                                Statement detach = detaching.createStatement()) {
                            detach.execute("SET lock_timeout = '100ms'");
                            detach.execute("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY");
                        }
                    })
                    .isInstanceOf(SQLException.class);
        }
        assertToldAtTheStart("PARTITION_DETACHED", "public.p1 was detached");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aNewPartitionThatIsIdentifiedByItsKeyDoesNotKeepTheJobFromStarting(int major) throws Exception {
        begin(major);
        database.execute(
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (20) TO (30)",
                "ALTER TABLE p2 ALTER v SET STORAGE EXTERNAL",
                "INSERT INTO p VALUES (21, repeat('x', 4000))",
                "UPDATE p SET id = 22 WHERE id = 21");
        following.run();
        assertThat(following.lines).last().isEqualTo("UPDATE_AFTER p 22 unchanged");
        assertThat(following.checks.warnings())
                .anySatisfy(w -> assertThat(w).contains("public.p2", "REPLICA IDENTITY FULL"));
        database.execute(
                "CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (30) TO (40)",
                "ALTER TABLE p3 REPLICA IDENTITY NOTHING");
        assertToldAtTheStart("REPLICA_IDENTITY", "public.p3");
    }
}
