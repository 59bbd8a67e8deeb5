package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.transvase.spi.error.LeftOut;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pattern matches and does not mean is told, with the reason. */
class LeftOutIT {

    static List<TestingPostgres> oldestAndNewest() {
        return List.of(TestingPostgres.oldest(), TestingPostgres.newest());
    }

    private TestingDatabase database;

    @AfterEach
    void drop() {
        database.close();
    }

    private ReaderSetup setup(String... tables) {
        return ReaderSetup.of(database).table(tables);
    }

    private void assertLeftOut(ReaderSetup setup, String... expected) {
        try (Reading reading = Reading.of(setup, 1)) {
            assertThat(reading.checks.errors).isEmpty();
            assertThat(reading.plan.leftOut()).extracting(LeftOut::table).containsExactlyInAnyOrder(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatAnotherOneHides(TestingPostgres server) throws SQLException {
        database = server.createDatabase();
        database.execute(
                "CREATE SCHEMA a",
                "CREATE SCHEMA b",
                "CREATE SCHEMA apart",
                "CREATE TABLE a.t (id int)",
                "CREATE TABLE b.t (id int)",
                "CREATE TABLE b.u (id int)",
                "CREATE TABLE apart.t (id int)");
        assertLeftOut(setup("*").session("SET search_path = a, b"), "b.t");
        assertLeftOut(setup("a.*", "b.*").session("SET search_path = a, b"));
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void eachWithItsReason(TestingPostgres server) throws SQLException {
        database = server.createDatabase();
        database.execute(
                "CREATE TABLE t (id serial PRIMARY KEY, scan oid, pages oid[])",
                "CREATE TABLE nothing ()",
                "INSERT INTO nothing DEFAULT VALUES",
                "CREATE UNLOGGED TABLE quick (id int)",
                "CREATE VIEW v AS SELECT 1 AS x",
                "CREATE MATERIALIZED VIEW m AS SELECT 1 AS x",
                "CREATE FOREIGN DATA WRAPPER w",
                "CREATE SERVER s FOREIGN DATA WRAPPER w",
                "CREATE FOREIGN TABLE f (id int) SERVER s",
                "CREATE TABLE parts (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE parts_x (id int)",
                "CREATE SCHEMA other",
                "CREATE SEQUENCE other.s");
        assertLeftOut(setup("public.*"), "public.t_id_seq", "public.nothing", "public.v", "public.m", "public.f");
        database.execute("SELECT lo_from_bytea(0, 'x')");
        assertLeftOut(
                setup("public.*").excludeTable("quick"),
                "public.t_id_seq",
                "public.nothing",
                "public.quick",
                "public.v",
                "public.m",
                "public.f",
                "public.t.scan",
                "public.t.pages");
        assertLeftOut(setup("t", "parts"), "public.t.scan", "public.t.pages");
        assertLeftOut(setup("t").column("id"));
        // The partitioned table is not what the pattern means, so nobody reads the partition.
        assertLeftOut(setup("public.parts_*", "t").column("1"), "public.parts_1");
        try (Reading reading = Reading.of(setup("public.*"), 1)) {
            assertThat(reading.offered)
                    .extracting(s -> s.table().name())
                    .containsExactlyInAnyOrder("t", "quick", "parts", "parts_x");
            assertThat(reading.plan.leftOut())
                    .extracting(LeftOut::table, LeftOut::why)
                    .contains(
                            tuple("public.nothing", "it has no columns, so its rows are empty"),
                            tuple("public.t_id_seq", "a sequence; only the writer's `sequences` copies its value"));
            assertThat(reading.checks.warnings)
                    .anySatisfy(w -> assertThat(w.message()).contains("public.nothing is skipped", "no columns"));
        }
        assertThat(errors(setup("nothing"))).containsExactly("NO_COLUMNS");
        assertThat(errors(setup("public.noth*"))).contains("NO_COLUMNS");
        assertLeftOut(setup("nothing", "quick"), "public.nothing");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void generatedColumnsOnlyAreNoReasonToRefuse(TestingPostgres server) throws SQLException {
        database = server.createDatabase();
        database.execute("CREATE TABLE t (id int)", "CREATE EXTENSION hstore");
        if (server.major() >= 12) {
            database.execute("CREATE TABLE g (a int GENERATED ALWAYS AS (1) STORED)");
            assertLeftOut(setup("public.*"), "public.g");
            assertLeftOut(setup("public.t", "g"));
        } else {
            assertLeftOut(setup("public.*"));
        }
    }

    private static List<String> errors(ReaderSetup setup) {
        try (Reading reading = Reading.of(setup, 1)) {
            return reading.checks.errors.stream()
                    .map(RecordedChecks.Finding::code)
                    .toList();
        }
    }
}
