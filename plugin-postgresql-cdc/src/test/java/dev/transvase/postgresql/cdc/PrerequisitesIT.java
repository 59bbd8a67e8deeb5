package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.ReplicaIdentity;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.StandbyPostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is amiss is told before anything is made, all at once, with the statement that fixes it. */
class PrerequisitesIT {

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void everythingAmissIsToldAtOnceAndNothingIsMade(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(
                        database, "plain", "nothing", "logless", "shown", "stored", "theirs", "far", "hyper")) {
            TestingLogin login = database.createLogin();
            database.execute(
                    "CREATE FOREIGN DATA WRAPPER w",
                    "CREATE SERVER s FOREIGN DATA WRAPPER w",
                    "CREATE FOREIGN TABLE far (id int) SERVER s",
                    "CREATE SCHEMA _timescaledb_catalog",
                    "GRANT USAGE ON SCHEMA _timescaledb_catalog TO PUBLIC",
                    "CREATE TABLE _timescaledb_catalog.hypertable AS SELECT 'public' AS schema_name, 'hyper' AS"
                            + " table_name",
                    "GRANT SELECT ON _timescaledb_catalog.hypertable TO PUBLIC",
                    "CREATE TABLE hyper (id int)",
                    "CREATE TABLE plain (id int PRIMARY KEY)",
                    "CREATE TABLE nothing (id int)",
                    "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
                    "CREATE UNLOGGED TABLE logless (id int PRIMARY KEY)",
                    "CREATE VIEW shown AS SELECT * FROM plain",
                    "CREATE MATERIALIZED VIEW stored AS SELECT * FROM plain",
                    "CREATE TABLE theirs (id int PRIMARY KEY)",
                    "ALTER TABLE plain OWNER TO " + login.user(),
                    "ALTER TABLE nothing OWNER TO " + login.user(),
                    "ALTER TABLE nothing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                    "CREATE POLICY hides ON nothing USING (id > 0)");
            following.user = login.user();
            following.password = login.password();
            following.check();
            assertThat(following.checks.errors())
                    .anyMatch(e -> e.contains("NO_REPLICATION")
                            && e.contains("ALTER USER \"" + login.user() + "\" REPLICATION"))
                    .anyMatch(e -> e.contains("PERMISSION_DENIED") && e.contains("GRANT CREATE ON DATABASE"))
                    .anyMatch(e -> e.contains("REPLICA_IDENTITY")
                            && e.contains("DEFAULT")
                            && e.contains("ALTER TABLE \"public\".\"plain\" REPLICA IDENTITY FULL")
                            && e.contains("replicaIdentity"))
                    .anyMatch(e -> e.contains("REPLICA_IDENTITY") && e.contains("NOTHING"))
                    .anyMatch(e -> e.contains("TABLE_NOT_FOLLOWED") && e.contains("an unlogged table"))
                    .anyMatch(e -> e.contains("TABLE_NOT_FOLLOWED") && e.contains("a view"))
                    .anyMatch(e -> e.contains("TABLE_NOT_FOLLOWED") && e.contains("a materialized view"))
                    .anyMatch(e -> e.contains("TABLE_NOT_FOLLOWED") && e.contains("a foreign table"))
                    .anyMatch(e -> e.contains("TABLE_NOT_FOLLOWED") && e.contains("a hypertable"))
                    .anyMatch(e -> e.contains("ROW_SECURITY")
                            && e.contains("hides")
                            && e.contains("ALTER TABLE \"public\".\"nothing\" NO FORCE ROW LEVEL SECURITY"))
                    .anyMatch(e -> e.contains("NOT_OWNED") && e.contains("theirs") && e.contains("OWNER TO"));
            assertThat(database.queryForList(
                            "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"))
                    .isEmpty();
            assertThat(database.queryForList("SELECT pubname FROM pg_publication"))
                    .isEmpty();
        }
    }

    /** A key that the server does not take for an identity breaks updates at the source once the table is published. */
    @Test
    void aKeyThatIsNoIdentityIsTold() throws Exception {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            try (TestingDatabase database = server.createDatabase();
                    Following following = new Following(database, "late", "gone")) {
                database.execute(
                        "CREATE TABLE late (id int PRIMARY KEY DEFERRABLE)",
                        "CREATE TABLE gone (id int NOT NULL)",
                        "CREATE UNIQUE INDEX one ON gone (id)",
                        "ALTER TABLE gone REPLICA IDENTITY USING INDEX one",
                        "DROP INDEX one");
                following.identity = ReplicaIdentity.KEY;
                following.check();
                assertThat(following.checks.errors())
                        .hasSize(2)
                        .anyMatch(e -> e.contains("public.late") && e.contains("not deferrable"))
                        .anyMatch(e -> e.contains("public.gone") && e.contains("the index is gone"));
            }
        }
    }

    @Test
    void updatesOfTablesWithGeneratedColumnsGoOnAtTheSource() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Following following = new Following(database, "t");
                Following virtual = new Following(database, "v")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (2 * id) STORED, v text)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "INSERT INTO t VALUES (1, DEFAULT, 'a')",
                    "CREATE TABLE v (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (2 * id) VIRTUAL)",
                    "ALTER TABLE v REPLICA IDENTITY FULL");
            virtual.check();
            assertThat(virtual.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("virtual generated column", "ALTER TABLE \"public\".\"v\" REPLICA IDENTITY DEFAULT");
            following.run();
            database.execute("UPDATE t SET v = 'b'", "DELETE FROM t");
            following.run();
            assertThat(following.lines)
                    .containsExactly("ROW t 1 a", "UPDATE_BEFORE t 1 a", "UPDATE_AFTER t 1 b", "DELETE t 1 b");
            database.execute("ALTER PUBLICATION di_pub_" + database.name() + " SET (publish_generated_columns = none)");
            following.check();
            assertThat(following.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("PUBLICATION_LACKS_COLUMNS", "SET (publish_generated_columns = stored)");
        }
    }

    @Test
    void aPrimaryKeyIsEnoughWhenTheJobSaysSo() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Following following = new Following(database, "t", "bare")) {
            database.execute("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE bare (id int)");
            following.identity = ReplicaIdentity.KEY;
            following.check();
            assertThat(following.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("public.bare", "no primary key", "REPLICA IDENTITY FULL");
        }
    }

    @Test
    void aServerThatCannotReplicateLogicallyIsToldHow() throws Exception {
        int major = TestingPostgres.newest().major();
        try (SeparatePostgres separate = SeparatePostgres.start(
                        major, Map.of("wal_level", "replica", "max_wal_senders", "0", "max_replication_slots", "0"));
                TestingDatabase database = separate.server().createDatabase()) {
            database.execute("CREATE TABLE t (id int)", "ALTER TABLE t REPLICA IDENTITY FULL");
            Following following = new Following(database, "t");
            following.check();
            assertThat(following.checks.errors())
                    .hasSize(3)
                    .anyMatch(e -> e.contains("WAL_LEVEL") && e.contains("ALTER SYSTEM SET wal_level = logical"))
                    .anyMatch(e -> e.contains("NO_WAL_SENDER") && e.contains("max_wal_senders"))
                    .anyMatch(e -> e.contains("NO_REPLICATION_SLOT") && e.contains("max_replication_slots"));
        }
    }

    @Test
    void aTemporaryTableOfAnotherSessionIsRefused() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE fleeting (id int)");
            Following following = new Following(
                    database,
                    database.queryForString(
                                    "SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'fleeting'")
                            + ".fleeting");
            following.check();
            assertThat(following.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("TABLE_NOT_FOLLOWED", "a temporary table");
        }
    }

    /** Whatever {@code pg_user} shows of a user decides, and what is offered makes it so. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whetherAUserMayReplicateIsWhatPgUserSays(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            TestingLogin login = database.createLogin();
            database.execute(
                    "CREATE TABLE t (id int)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "ALTER TABLE t OWNER TO " + login.user(),
                    "GRANT CREATE ON DATABASE " + database.name() + " TO " + login.user());
            String userepl = "SELECT userepl FROM pg_user WHERE usename = '" + login.user() + "'";
            assertThat(database.queryForString(userepl)).isEqualTo("f");
            String error = errors(database, login).get(0);
            assertThat(error).contains("NO_REPLICATION");
            String offered = error.substring(
                    error.indexOf("ALTER USER"), error.indexOf("REPLICATION", error.indexOf("ALTER USER")));
            database.execute(offered + "REPLICATION");
            assertThat(database.queryForString(userepl)).isEqualTo("t");
            assertThat(errors(database, login)).isEmpty();
        }
    }

    private static List<String> errors(TestingDatabase database, TestingLogin login) {
        Following following = new Following(database, "t");
        following.user = login.user();
        following.password = login.password();
        following.check();
        return following.checks.errors();
    }

    @Test
    void aStandbyIsRefused() throws Exception {
        try (StandbyPostgres servers =
                        StandbyPostgres.start(TestingPostgres.newest().major(), Map.of());
                TestingDatabase database = servers.primary().createDatabase()) {
            database.execute("CREATE TABLE t (id int)", "ALTER TABLE t REPLICA IDENTITY FULL");
            servers.awaitReplay();
            Following following = new Following(servers.onStandby(database), "t");
            following.check();
            assertThat(following.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("STANDBY", "point the data source to the primary");
        }
    }

    @Test
    void aWalSenderAndASlotMustBeFree() throws Exception {
        try (SeparatePostgres separate = SeparatePostgres.start(
                        TestingPostgres.newest().major(),
                        Map.of("max_wal_senders", "1", "max_replication_slots", "1"));
                TestingDatabase database = separate.server().createDatabase()) {
            database.execute("CREATE TABLE t (id int)", "ALTER TABLE t REPLICA IDENTITY FULL");
            assertThat(errors(database)).isEmpty();
            database.execute("SELECT pg_create_physical_replication_slot('taken')");
            assertThat(errors(database)).singleElement().asString().contains("NO_REPLICATION_SLOT", "all 1");
            database.execute("SELECT pg_drop_replication_slot('taken')");
            try (PostgresSession sender =
                    PostgresSession.openForReplication(new Following(database, "t").dataSource(), "another")) {
                assertThat(sender.version()).isNotEmpty();
                assertThat(errors(database)).singleElement().asString().contains("NO_WAL_SENDER", "all 1");
            }
        }
    }

    private static List<String> errors(TestingDatabase database) {
        Following following = new Following(database, "t");
        following.check();
        return following.checks.errors();
    }

    @Test
    void patternsMeanTheTablesThatTheUserOwns() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Following following = new Following(database, "*")) {
            TestingLogin login = database.createLogin();
            database.execute(
                    "ALTER USER " + login.user() + " REPLICATION",
                    "CREATE SCHEMA \"Other Schema\"",
                    "CREATE TABLE mine (id int)",
                    "CREATE TABLE \"Other Schema\".\"Mine.Too\" (id int)",
                    "CREATE TABLE skipped (id int)",
                    "CREATE TABLE theirs (id int)",
                    "CREATE UNLOGGED TABLE logless (id int)",
                    "CREATE TABLE bare ()",
                    "ALTER TABLE bare OWNER TO " + login.user(),
                    "CREATE VIEW shown AS SELECT * FROM mine",
                    "CREATE SEQUENCE numbers",
                    "GRANT ALL ON DATABASE " + database.name() + " TO " + login.user(),
                    "GRANT ALL ON SCHEMA \"Other Schema\" TO " + login.user());
            for (String table : List.of("mine", "\"Other Schema\".\"Mine.Too\"", "skipped")) {
                database.execute(
                        "ALTER TABLE " + table + " OWNER TO " + login.user(),
                        "ALTER TABLE " + table + " REPLICA IDENTITY FULL",
                        "INSERT INTO " + table + " VALUES (1)");
            }
            following.user = login.user();
            following.password = login.password();
            following.exclude = List.of("public.skip*");
            following.run();
            assertThat(following.lines).containsExactlyInAnyOrder("ROW mine 1", "ROW Mine.Too 1");
            assertThat(following.leftOut)
                    .containsOnlyKeys(
                            "public.theirs",
                            "public.logless",
                            "public.bare",
                            "public.shown",
                            "public.numbers",
                            "public.skipped");
            assertThat(following.leftOut).containsEntry("public.bare", "it has no columns");
            assertThat(following.leftOut.get("public.theirs")).contains("belongs to " + database.user());
            assertThat(following.leftOut.get("public.logless")).contains("unlogged");
            assertThat(following.leftOut.get("public.skipped")).contains("excludeTable");
        }
    }
}
