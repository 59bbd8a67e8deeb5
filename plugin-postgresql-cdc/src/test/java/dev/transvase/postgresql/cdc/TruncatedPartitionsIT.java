package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingPostgres;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Partitions that are truncated, which the stream does not contain, or rewritten. */
class TruncatedPartitionsIT extends AbstractPartitionsIT {

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatIsTruncatedIsTold(int major) throws Exception {
        begin(major);
        following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.IGNORE, Ddl.Other.FAIL);
        database.execute("TRUNCATE p1", "INSERT INTO p VALUES (12, 'l')");
        following.check();
        assertThat(following.checks.errors()).isEmpty();
        assertThat(following.checks.warnings()).singleElement().asString().contains("public.p1");
        following.ddl = Following.DDL;
        assertToldAtTheStart("PARTITION_TRUNCATED", "public.p1, a partition of public.p", "WHERE", "ddl.truncate");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void anAttachedPartitionThatIsTruncatedBeforeItIsSeenIsTold(int major) throws Exception {
        begin(major);
        database.execute(
                "CREATE TABLE p2 (LIKE p INCLUDING ALL)",
                "INSERT INTO p2 VALUES (21, 'x')",
                "TRUNCATE p2",
                "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (20) TO (30)",
                "ALTER TABLE p2 REPLICA IDENTITY FULL",
                "INSERT INTO p VALUES (21, 'c')");
        Following before = new Following(database, "p");
        before.positions.putAll(following.positions);
        before.check();
        assertThat(before.checks.errors()).as("truncated before").isEmpty();
        database.execute("TRUNCATE p2");
        assertToldAtTheStart("PARTITION_TRUNCATED", "public.p2");
    }

    /** Also where the truncate of a whole table would be applied. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatIsTruncatedEndsTheJobAlsoWhereTruncatesAreApplied(int major) throws Exception {
        begin(major);
        following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.APPLY, Ddl.Other.FAIL);
        assertToldWhileItRuns("PARTITION_TRUNCATED", "TRUNCATE p0, p1");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aWholeTableThatIsTruncatedAndPartitionsThatAreWrittenAnewAreNot(int major) throws Exception {
        begin(major);
        following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.APPLY, Ddl.Other.FAIL);
        database.execute("VACUUM FULL p0", "CLUSTER p1 USING p1_pkey", "INSERT INTO p VALUES (3, 'c')");
        following.run();
        database.execute("INSERT INTO p VALUES (2, 'b')");
        following.untilCurrent = false;
        following.enough = reader -> following.positions.values().stream()
                .map(position ->
                        StoredContext.of(StreamPosition.of(position).context()).facts())
                .anyMatch(facts -> facts.partitions().values().stream()
                        .anyMatch(below -> below.values().stream()
                                .anyMatch(partition -> partition.name().equals("public.last"))));
        following.run(line -> {
            if (line.equals("INSERT p 2 b")) {
                execute(
                        "TRUNCATE p",
                        "INSERT INTO p VALUES (4, 'd')",
                        "CREATE TABLE last PARTITION OF p FOR VALUES FROM (90) TO (100)",
                        "ALTER TABLE last REPLICA IDENTITY FULL");
            }
            return false;
        });
        assertThat(following.lines).endsWith("INSERT p 3 c", "INSERT p 2 b", "TRUNCATE p", "INSERT p 4 d");
        following.check();
        assertThat(following.checks.errors()).isEmpty();
    }

    private void applyTruncates() {
        following.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.APPLY, Ddl.Other.FAIL);
        following.heartbeatSeconds = 3_600; // a run is over before it looks at the source once more
    }

    private void assertToldWhenAllIsRead(String partition) {
        assertThatThrownBy(following::run)
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("PARTITION_TRUNCATED"))
                .hasMessageContaining(partition);
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aRunThatIsShorterThanAHeartbeatTellsATruncatedPartitionAtItsEnd(int major) throws Exception {
        begin(major);
        applyTruncates();
        database.execute("TRUNCATE p0", "INSERT INTO p VALUES (12, 'l')");
        assertToldWhenAllIsRead("public.p0");
        assertThat(following.lines).endsWith("INSERT p 12 l");
        assertToldWhenAllIsRead("public.p0");
    }

    /** What is stored of the source is older than the truncate, and the stream does not tell it a second time. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTruncateOfAWholeTableThatWasAppliedIsRemembered(int major) throws Exception {
        begin(major);
        applyTruncates();
        following.run();
        execute("INSERT INTO p VALUES (2, 'b')");
        following.untilCurrent = false;
        following.run(line -> {
            if (line.equals("INSERT p 2 b")) {
                execute("TRUNCATE p", "INSERT INTO p VALUES (3, 'c')");
            }
            return line.equals("INSERT p 3 c");
        });
        assertThat(following.lines).endsWith("INSERT p 2 b", "TRUNCATE p", "INSERT p 3 c");
        following.untilCurrent = true;
        following.run();
        following.run();
        execute("INSERT INTO p VALUES (4, 'd'), (14, 'n')", "TRUNCATE p0");
        assertToldWhenAllIsRead("public.p0");
    }

    /** What is known to be old moves on with every look, not only every so many transactions. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatIsWrittenAnewIsNotTruncatedWhenItsRowsAreOlderThanTheLookBefore(int major) throws Exception {
        begin(major);
        database.execute("DELETE FROM p", "INSERT INTO p VALUES (3, 'c'), (13, 'm')");
        awaitTrue("SELECT txid_snapshot_xmin(txid_current_snapshot()) > max(xmin::text::bigint) FROM p");
        following.run();
        database.execute("VACUUM FULL p0", "CLUSTER p1 USING p1_pkey");
        following.run();
    }

    /** It overwrites all that a truncate before it would have left, so the two cannot be told apart. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatAlterTableWritesAnewIsInDoubt(int major) throws Exception {
        begin(major);
        database.execute("ALTER TABLE p ADD COLUMN w int DEFAULT 1");
        following.check();
        assertThat(following.checks.errors()).as("nothing is rewritten").isEmpty();
        database.execute("ALTER TABLE p0 SET UNLOGGED", "ALTER TABLE p0 SET LOGGED");
        assertToldAtTheStart(
                "PARTITION_TRUNCATED", "public.p0", "or was rewritten", "if it was rewritten, nothing is missing");
    }

    /** An empty partition has no row that tells the two apart. The way on that the message names needs no new snapshot. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void anEmptyPartitionThatIsWrittenAnewIsInDoubtUntilThatIsIgnoredOnce(int major) throws Exception {
        begin(major);
        database.execute("DELETE FROM p0");
        following.run();
        database.execute("VACUUM FULL p0", "INSERT INTO p VALUES (12, 'l')");
        assertToldAtTheStart(
                "PARTITION_TRUNCATED", "public.p0", "ddl.truncate to ignore for one run: the stream continues");
        try (Following ignoring = new Following(database, "p")) {
            ignoring.positions.putAll(following.positions);
            ignoring.ddl = new Ddl(Ddl.AddColumn.APPLY, Ddl.Truncate.IGNORE, Ddl.Other.FAIL);
            ignoring.run();
            ignoring.ddl = Following.DDL;
            database.execute("INSERT INTO p VALUES (2, 'b')");
            ignoring.run();
            assertThat(ignoring.lines).containsExactly("INSERT p 12 l", "INSERT p 2 b");
        }
    }

    /** Its indexes stay where they are, which a truncate would not leave. */
    @Test
    void aPartitionThatIsMovedToAnotherTablespaceIsNotTruncated() throws Exception {
        begin(TestingPostgres.newest().major());
        database.execute("DELETE FROM p");
        following.run();
        database.execute("SET allow_in_place_tablespaces = on", "CREATE TABLESPACE other LOCATION ''");
        try {
            database.execute("ALTER TABLE p0 SET TABLESPACE other", "INSERT INTO p VALUES (4, 'd')");
            following.run();
            assertThat(following.lines).endsWith("INSERT p 4 d");
        } finally {
            database.execute("ALTER TABLE p0 SET TABLESPACE pg_default", "DROP TABLESPACE other");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aNewPartitionThatIsTruncatedBeforeItIsSeenIsTold(int major) throws Exception {
        begin(major);
        database.execute(
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (20) TO (30)",
                "INSERT INTO p VALUES (21, 'u')",
                "BEGIN; CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (30) TO (40);"
                        + " INSERT INTO p VALUES (31, 'e'); COMMIT");
        Following before = new Following(database, "p");
        before.positions.putAll(following.positions);
        before.check();
        assertThat(before.checks.errors()).isEmpty();
        database.execute("TRUNCATE p2");
        assertToldAtTheStart("PARTITION_TRUNCATED", "public.p2");
    }

    /** In one go, so that no look comes between the two. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPartitionThatIsTruncatedAfterItsWholeTableIsTold(int major) throws Exception {
        begin(major);
        applyTruncates();
        database.execute("TRUNCATE p", "INSERT INTO p VALUES (4, 'd'), (14, 'n')", "TRUNCATE p0");
        assertToldWhenAllIsRead("public.p0");
        assertThat(following.lines).endsWith("TRUNCATE p", "INSERT p 4 d", "INSERT p 14 n");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aWholeTableThatIsTruncatedWithinASavepointIsNotTakenForItsPartitions(int major) throws Exception {
        begin(major);
        applyTruncates();
        database.execute("BEGIN; SAVEPOINT s; TRUNCATE p; RELEASE s; COMMIT", "INSERT INTO p VALUES (4, 'd')");
        following.run();
        assertThat(following.lines).endsWith("TRUNCATE p", "INSERT p 4 d");
        following.run();
    }

    /** While a commit waits for a standby, its place in the log is behind what a look sees of it. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTruncateThatIsInTheLogButNotVisibleYetIsExplainedByTheStreamLater(int major) throws Exception {
        begin(major);
        applyTruncates();
        execute("INSERT INTO p VALUES (2, 'b')");
        ExecutorService waiting = Executors.newFixedThreadPool(2);
        try {
            execute("ALTER SYSTEM SET synchronous_standby_names = 'gone'", "SELECT pg_reload_conf()");
            awaitTrue("SELECT current_setting('synchronous_standby_names') = 'gone'");
            Future<?> truncate = waiting.submit(() -> execute("SET synchronous_commit = on; TRUNCATE p"));
            awaitTrue("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')");
            Future<?> visible = waiting.submit(() -> {
                awaitTrue("SELECT active FROM pg_replication_slots WHERE database = current_database()");
                execute("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
                return null;
            });
            following.run();
            assertThat(following.lines).endsWith("INSERT p 2 b", "TRUNCATE p");
            truncate.get();
            visible.get();
        } finally {
            execute("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
            waiting.shutdownNow();
        }
        following.run();
        following.run();
        assertThat(following.lines).filteredOn("TRUNCATE p"::equals).hasSize(1);
    }
}
