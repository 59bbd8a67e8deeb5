package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.report.JobReport;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many tables in one job. */
class WholeDatabaseIT {

    private static final int MANY = 500;

    private static TestingDatabase source;
    private static TestingDatabase target;

    @TempDir
    private Path folder;

    private TestingJobs jobs;

    @BeforeAll
    static void create() throws SQLException {
        source = TestingPostgres.oldest().createDatabase();
        target = TestingPostgres.newest().createDatabase();
    }

    @AfterAll
    static void drop() {
        target.close();
        source.close();
    }

    @BeforeEach
    void dataSources() {
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
    }

    private static void both(String... statements) throws SQLException {
        source.execute(statements);
        target.execute(statements);
    }

    private static String job(String reader, String writer, String setting) {
        return TestingJobs.postgresJob(
                "{\"datasource\": \"source\", \"column\": [\"*\"], " + reader + "}",
                "{\"datasource\": \"target\", \"column\": [\"*\"]" + (writer.isEmpty() ? "" : ", " + writer) + "}",
                setting);
    }

    private static String[] tables(String format) {
        return IntStream.range(0, MANY).mapToObj(i -> format.formatted(i)).toArray(String[]::new);
    }

    /** In as many connections as there are channels, and one: the servers let no more in. */
    @Test
    void aSchemaOfManySmallTables() throws SQLException {
        source.execute("CREATE SCHEMA many");
        target.execute("CREATE SCHEMA copies");
        source.execute(
                tables("CREATE TABLE many.t%1$s AS SELECT i AS id, 'n' || i AS name FROM generate_series(1, %1$s) i"));
        target.execute(tables("CREATE TABLE copies.t%s_old (id int, name text)"));
        TestingLogin reading = source.createLogin();
        TestingLogin writing = target.createLogin();
        source.execute(
                "ALTER ROLE " + reading.user() + " CONNECTION LIMIT 3",
                "GRANT USAGE ON SCHEMA many TO " + reading.user(),
                "GRANT SELECT ON ALL TABLES IN SCHEMA many TO " + reading.user());
        target.execute(
                "ALTER ROLE " + writing.user() + " CONNECTION LIMIT 3",
                "GRANT USAGE ON SCHEMA copies TO " + writing.user(),
                "GRANT INSERT ON ALL TABLES IN SCHEMA copies TO " + writing.user());
        jobs.dataSource("source", source, e -> e.put("username", reading.user()).put("password", reading.password()))
                .dataSource(
                        "target", target, e -> e.put("username", writing.user()).put("password", writing.password()));
        TestingJobs.Ended ended = jobs.run(job(
                "\"table\": \"many.*\", \"excludeTable\": [\"many.t1?\"]",
                "\"writeMode\": \"copy\", \"tableMapping\": {\"many.*\": \"copies.*_old\"}",
                "{\"speed\": {\"concurrent\": 2}}"));
        assertThat(ended.errorMessage()).isEmpty();
        JobReport report = ended.report();
        assertThat(report.tables()).hasSize(MANY - 10);
        assertThat(report.tables()).allSatisfy(table -> {
            int rows = Integer.parseInt(table.source().replace("many.t", ""));
            assertThat(table.target()).isEqualTo("copies.t" + rows + "_old");
            assertThat(table.read().records()).isEqualTo(rows);
            assertThat(table.written()).isEqualTo(table.read());
            assertThat(table.read().bytes()).isGreaterThanOrEqualTo(rows * 10L);
        });
        assertThat(target.queryForString("SELECT string_agg(id || name, ',' ORDER BY id) FROM copies.t3_old"))
                .isEqualTo("1n1,2n2,3n3");
        assertThat(target.queryForString("SELECT count(*) FROM copies.t499_old"))
                .isEqualTo("499");
        assertThat(target.queryForString("SELECT count(*) FROM copies.t15_old")).isEqualTo("0");
    }

    @Test
    void whatIsReferredToIsThereFirst() throws SQLException {
        both(
                "CREATE SCHEMA f",
                "CREATE TABLE f.z_customer (id int PRIMARY KEY)",
                "CREATE TABLE f.m_order (id int PRIMARY KEY, customer int REFERENCES f.z_customer)",
                "CREATE TABLE f.a_item (id int, o int REFERENCES f.m_order)");
        source.execute(
                "INSERT INTO f.z_customer SELECT generate_series(1, 5000)",
                "INSERT INTO f.m_order SELECT i, i FROM generate_series(1, 5000) i",
                "INSERT INTO f.a_item SELECT i, i FROM generate_series(1, 5000) i");
        for (int channels : List.of(1, 3)) {
            TestingJobs.Ended ended = jobs.run(job(
                    "\"table\": \"f.*\"",
                    "\"preSql\": \"TRUNCATE @table CASCADE\", \"writeMode\": \"copy\"",
                    "{\"speed\": {\"concurrent\": " + channels + "}}"));
            assertThat(ended.errorMessage()).isEmpty();
            assertThat(ended.report().written().records()).isEqualTo(15_000);
            assertThat(ended.warnings()).isEmpty();
        }
        TestingJobs.Ended without = jobs.run(job(
                "\"table\": [\"f.*\"], \"foreignKeyOrder\": false",
                "\"preSql\": \"TRUNCATE @table CASCADE\", \"session\": \"SET session_replication_role = replica\"",
                "{\"speed\": {\"concurrent\": 3}}"));
        assertThat(without.errorMessage()).isEmpty();
        assertThat(without.report().written().records()).isEqualTo(15_000);
    }

    /** The reader cannot know: its tables are views, or have no keys. */
    @Test
    void whatOnlyTheTargetRefersToIsThereFirst() throws SQLException {
        source.execute(
                "CREATE SCHEMA g",
                "CREATE TABLE g.a_item AS SELECT i AS id, i AS o FROM generate_series(1, 5000) i",
                "CREATE VIEW g.m_order AS SELECT id, id AS customer FROM g.a_item",
                "CREATE VIEW g.z_customer AS SELECT id FROM g.a_item");
        target.execute(
                "CREATE SCHEMA g",
                "CREATE TABLE g.z_customer (id int PRIMARY KEY)",
                "CREATE TABLE g.m_order (id int PRIMARY KEY, customer int REFERENCES g.z_customer)",
                "CREATE TABLE g.a_item (id int, o int REFERENCES g.m_order)");
        for (int channels : List.of(1, 3)) {
            TestingJobs.Ended ended = jobs.run(job(
                    "\"table\": [\"g.a_item\", \"g.m_order\", \"g.z_customer\"]",
                    "\"preSql\": \"TRUNCATE @table CASCADE\", \"writeMode\": \"copy\"",
                    "{\"speed\": {\"concurrent\": " + channels + "}}"));
            assertThat(ended.errorMessage()).isEmpty();
            assertThat(ended.report().written().records()).isEqualTo(15_000);
        }
    }

    @Test
    void aListGoesIntoOneTableAndDirtyRecordsTellWhereTheyComeFrom() throws SQLException {
        both("CREATE TABLE orders (id int PRIMARY KEY)");
        source.execute(
                "CREATE TABLE order_01 AS SELECT generate_series(1, 10) AS id",
                "CREATE TABLE order_02 AS SELECT generate_series(10, 20) AS id");
        String reader = "\"table\": [\"order_??\"]";
        TestingJobs.Ended ended = jobs.run(job(reader, "\"table\": \"orders\"", "{\"errorLimit\": {\"record\": 1}}"));
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.report().tables())
                .extracting(JobReport.Table::source, JobReport.Table::target, JobReport.Table::dirty)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("public.order_01", "public.orders", 0L),
                        org.assertj.core.groups.Tuple.tuple("public.order_02", "public.orders", 1L));
        JsonNode dirty = ended.dirty().get(0);
        assertThat(dirty.path("table").asText()).isEqualTo("public.orders");
        assertThat(dirty.path("source").asText()).isEqualTo("public.order_02");
        TestingJobs.Ended failed = jobs.run(job(
                reader, "\"tableMapping\": {\"order_??\": \"public.orders\"}", "{\"errorLimit\": {\"record\": 0}}"));
        assertThat(failed.errorCode()).isEqualTo("ERROR_LIMIT_EXCEEDED");
        assertThat(failed.errorMessage()).contains("for public.order_01 -> public.orders", "orders_pkey");
    }

    /** In DataX's shape, where each connection is a database with its tables. */
    @Test
    void severalDatabasesGoIntoOneTable() throws SQLException {
        try (TestingDatabase first = TestingPostgres.newest().createDatabase();
                TestingDatabase second = TestingPostgres.newest().createDatabase()) {
            first.execute("CREATE TABLE shard AS SELECT i AS id FROM generate_series(1, 1000) i");
            target.execute("CREATE TABLE merged (id int PRIMARY KEY)");
            second.execute(
                    "CREATE SCHEMA shards",
                    "CREATE TABLE shards.even AS SELECT i AS id FROM generate_series(2000, 2999) i",
                    "CREATE TABLE shards.odd AS SELECT i AS id FROM generate_series(3000, 3999) i");
            String job = """
                    {"job": {"setting": {"speed": {"channel": 2}}, "content": [{
                      "reader": {"name": "postgresqlreader", "parameter": {
                        "username": "%s", "password": "%s", "column": ["*"], "splitPk": "id",
                        "connection": [{"jdbcUrl": ["%s"], "table": ["shard"]},
                                       {"jdbcUrl": ["%s"], "table": ["shards.even", "shards.%s"]}]}},
                      "writer": {"name": "postgresqlwriter", "parameter": {
                        "datasource": "target", "column": ["*"], "table": "merged"}}}]}}
                    """;
            TestingJobs.Ended ended =
                    jobs.run(job.formatted(first.user(), first.password(), first.jdbcUrl(), second.jdbcUrl(), "odd"));
            assertThat(ended.errorMessage()).isEmpty();
            assertThat(target.queryForString("SELECT count(*) || ' ' || sum(id) FROM merged"))
                    .isEqualTo("3000 " + (500_500 + 2_499_500 + 3_499_500));
            assertThat(ended.report().tables())
                    .extracting(t -> t.source() + " " + t.written().records())
                    .containsExactly("public.shard 1000", "shards.even 1000", "shards.odd 1000");
            TestingJobs.Ended missing =
                    jobs.run(job.formatted(first.user(), first.password(), first.jdbcUrl(), second.jdbcUrl(), "old"));
            assertThat(missing.errors())
                    .singleElement()
                    .satisfies(e ->
                            assertThat(e.message()).startsWith("connection[1]: there is no table or view shards.old"));
        }
    }

    @Test
    void aTableThatGoesAwayMeanwhileIsNamed() throws SQLException {
        both("CREATE SCHEMA away", "CREATE TABLE away.a (id int)", "CREATE TABLE away.b (id int)");
        target.execute("CREATE TABLE away.other_b (id int)");
        source.execute("INSERT INTO away.a VALUES (1)", "INSERT INTO away.b VALUES (1)");
        String job = job(
                "\"table\": \"away.*\", \"consistentSnapshot\": false",
                "\"tableMapping\": {\"away.b\": \"away.other_b\"}",
                "{}");
        TestingJobs.Ended writing = jobs.run(job, Map.of(), run -> execute(target, "DROP TABLE away.other_b"));
        assertThat(writing.errorMessage()).startsWith("table away.other_b was changed while the job wrote to it: ");
        target.execute("CREATE TABLE away.other_b (id int)");
        TestingJobs.Ended reading = jobs.run(job, Map.of(), run -> execute(source, "DROP TABLE away.b"));
        assertThat(reading.errorMessage())
                .startsWith("reading away.b: ")
                .contains("[away.b -> away.other_b, split 1/away.b/0]");
    }

    private static void execute(TestingDatabase database, String sql) {
        try {
            database.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void allThatIsMissingIsToldBeforeAnythingMoves() throws SQLException {
        source.execute("CREATE SCHEMA m", "CREATE TABLE m.a (id int NOT NULL)", "CREATE TABLE m.b (t timestamptz(3))");
        TestingJobs.Ended ended = jobs.run(job("\"table\": \"m.*\"", "", "{}"));
        assertThat(ended.errors())
                .extracting(Problem::code, Problem::remedy)
                .satisfiesExactly(
                        e -> assertThat(e.toList().get(1).toString())
                                .contains("CREATE TABLE IF NOT EXISTS \"m\".\"a\" (\"id\" integer NOT NULL)"),
                        e -> assertThat(e.toList().get(1).toString())
                                .contains("\"m\".\"b\" (\"t\" timestamp(3) with time zone)"));
    }
}
