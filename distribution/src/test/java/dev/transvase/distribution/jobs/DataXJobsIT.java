package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.run.JobPlan;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Job files as users of DataX have them, run as they are. What is told of each is in docs/job-files.md. */
class DataXJobsIT {

    private static TestingDatabase source;
    private static TestingDatabase target;

    @TempDir
    private Path folder;

    private TestingJobs jobs;

    @BeforeAll
    static void createDatabases() throws Exception {
        source = TestingPostgres.oldest().createDatabase();
        target = TestingPostgres.newest().createDatabase();
        source.execute(
                "CREATE TABLE visits (id bigint PRIMARY KEY, page varchar(40), seconds double precision, seen timestamp,"
                        + " paid boolean, raw bytea, price numeric(10,2))",
                "INSERT INTO visits SELECT i, 'page ' || i % 10, i / 4.0, timestamp '2026-01-01' + i * interval '1 hour',"
                        + " i % 2 = 0, decode(md5(i::text), 'hex'), i / 3.0 FROM generate_series(1, 2000) i",
                "CREATE TABLE visits_00 AS SELECT * FROM visits WHERE id <= 900",
                "CREATE TABLE visits_01 AS SELECT * FROM visits WHERE id > 900",
                "CREATE TABLE pages (page varchar(40), title text)",
                "INSERT INTO pages SELECT 'page ' || i, 'Title ' || i FROM generate_series(0, 4) i");
    }

    @AfterAll
    static void dropDatabases() {
        source.close();
        target.close();
    }

    @BeforeEach
    void createTarget() throws Exception {
        jobs = new TestingJobs(folder);
        target.execute(
                "DROP TABLE IF EXISTS visits, journal",
                "CREATE TABLE visits (id bigint PRIMARY KEY, page varchar(40), seconds double precision,"
                        + " seen timestamp, paid boolean, raw bytea, price numeric(10,2))",
                "CREATE TABLE journal (note text)");
    }

    @Test
    void aWholeTableBySplitPk() throws Exception {
        run(
                reader("\"column\": [\"*\"], \"splitPk\": \"id\", \"fetchSize\": \"1024\"", "[\"visits\"]"),
                writer("""
                        "column": ["id", "page", "seconds", "seen", "paid", "raw", "price"], "batchSize": 256,
                        "preSql": ["delete from @table"], "postSql": ["insert into journal values ('done')"]
                        """),
                "\"speed\": {\"channel\": 3}, \"errorLimit\": {\"record\": 0, \"percentage\": 0.02}");

        assertSame("SELECT * FROM visits ORDER BY id");
        assertThat(target.queryForList("SELECT note FROM journal")).containsExactly("done");
    }

    @Test
    void columnsConstantsFunctionsAndACondition() throws Exception {
        run(
                reader(
                        "\"column\": [\"id\", \"'hello'::varchar\", \"power(2, 3)\", \"true\", \"2.5::real\", \"null::bytea\"],"
                                + " \"where\": \"id > $least and id <= ${most};\", \"splitPk\": \"\"",
                        "\"public.visits\""),
                writer("\"column\": [\"id\", \"page\", \"seconds\", \"paid\", \"price\", \"raw\"]"),
                "\"speed\": {\"channel\": \"1\"}",
                Map.of("least", "10", "most", "12"));

        assertThat(target.query("SELECT id, page, seconds, seen, paid, raw, price FROM visits ORDER BY id"))
                .containsExactly(
                        row("11", "hello", "8", null, "t", null, "2.50"),
                        row("12", "hello", "8", null, "t", null, "2.50"));
    }

    @Test
    void severalTablesOfOneFormIntoOne() throws Exception {
        run(
                reader("\"column\": \"*\", \"splitPk\": \"id\"", "[\"visits_00\", \"visits_01\"]"),
                writer("\"column\": \"*\", \"preSql\": \"truncate @table\""),
                "\"speed\": {\"channel\": 2}");

        assertSame("SELECT * FROM visits ORDER BY id");
    }

    @Test
    void tablesByARangeIntoOneThatIsUpdated() throws Exception {
        target.execute("INSERT INTO visits (id, page) VALUES (7, 'old'), (9999, 'kept')");
        run(
                reader("\"column\": \"*\", \"checkSlave\": true, \"hint\": \"\"", "[\"visits_[00-01]\"]"),
                writer("\"column\": \"*\", \"writeMode\": \"update(id)\", \"preSql\": [\"\"], \"session\": \"\","
                        + " \"batchByteSize\": 1048576"),
                "\"speed\": {\"channel\": 2}");

        assertThat(target.queryForList("SELECT page FROM visits WHERE id = 9999"))
                .containsExactly("kept");
        target.execute("DELETE FROM visits WHERE id = 9999");
        assertSame("SELECT * FROM visits ORDER BY id");
    }

    @Test
    void anEmptyTextIsNoNumber() throws Exception {
        String columns = "\"column\": [\"id::text\", \"case when id % 2 = 0 then '' else '1.5' end\","
                + " \"case when id % 3 = 0 then '' else '2.25' end\", \"''\"], \"where\": \"id <= 6\"";
        String written = "\"column\": [\"id\", \"seconds\", \"price\", \"page\"]";
        run(reader(columns, "\"visits\""), writer(written), "");
        assertThat(target.query("SELECT id, seconds, price, page FROM visits ORDER BY id"))
                .containsExactly(
                        row("1", "1.5", "2.25", ""),
                        row("2", null, "2.25", ""),
                        row("3", "1.5", null, ""),
                        row("4", null, "2.25", ""),
                        row("5", "1.5", "2.25", ""),
                        row("6", null, null, ""));

        target.execute("TRUNCATE visits");
        TestingJobs.Ended refused = jobs.run(job(
                reader(columns, "\"visits\""),
                writer(written + ", \"emptyAsNull\": false"),
                "\"errorLimit\": {\"record\": 10}"));
        assertThat(refused.report().dirty()).isEqualTo(4);
    }

    @Test
    void theTableAsAPartOfANameAndInALiteral() throws Exception {
        run(reader("\"column\": [\"*\"]", "\"visits\""), writer("""
                        "column": ["*"], "preSql": ["CREATE TABLE @table_bak AS SELECT * FROM @table", "DELETE FROM @{table}"],
                        "postSql": ["INSERT INTO journal SELECT '@table' || count(*) FROM @table_bak", "DROP TABLE @table_bak"]
                        """), "");
        assertSame("SELECT * FROM visits ORDER BY id");
        assertThat(target.queryForList("SELECT note FROM journal")).containsExactly("visits0");
    }

    @Test
    void tablesOfSeveralConnectionsToOneDatabase() throws Exception {
        String reader = """
                {"name": "postgresqlreader", "parameter": {"username": "%s", "password": "%s", "column": ["*"],
                 "connection": [{"table": ["visits_00"], "jdbcUrl": ["%s"]}, {"table": ["visits_01"], "jdbcUrl": ["%s"]}]}}
                """.formatted(source.user(), source.password(), url(source), url(source));

        run(reader, writer("\"column\": [\"*\"]"), "\"speed\": {\"channel\": 2}");

        assertSame("SELECT * FROM visits ORDER BY id");
    }

    /** Connections that say the same are one reader, which reads each row once; of two readers neither knows the other. */
    @Test
    void rowsThatTwoConnectionsReachAreReadOnceOrRefused() throws Exception {
        source.execute(
                "CREATE TABLE visits_child () INHERITS (visits_00)",
                "INSERT INTO visits_child (id, page) SELECT 5000, page FROM visits_00 LIMIT 1");
        String reader = """
                {"name": "postgresqlreader", "parameter": {"username": "%s", "password": "%s", "column": ["*"],
                 "connection": [{"table": ["visits_00"], "jdbcUrl": ["%s"]}, {"table": ["visits_child"], "jdbcUrl": ["%s"]}]}}
                """;
        String here = url(source);
        String same = here + "?ApplicationName=other";
        try {
            TestingJobs.Ended once = jobs.run(job(
                    reader.formatted(source.user(), source.password(), here, here), writer("\"column\": [\"*\"]"), ""));
            assertThat(once.report().tables())
                    .extracting(t -> t.read().records())
                    .containsExactly(900L, 1L);
            assertThat(jobs.run(job(
                                    reader.formatted(source.user(), source.password(), here, same),
                                    writer("\"column\": [\"*\"]"),
                                    ""))
                            .errors())
                    .singleElement()
                    .satisfies(e -> assertThat(e.code()).isEqualTo("DUPLICATE_TABLE"))
                    .satisfies(e -> assertThat(e.message()).contains("public.visits_child"));
        } finally {
            source.execute("DROP TABLE visits_child");
        }
    }

    @Test
    void queriesInPlaceOfTables() throws Exception {
        String reader = """
                {"name": "postgresqlreader", "parameter": {"username": "%s", "password": "%s", "where": "",
                 "connection": [{"jdbcUrl": ["%s", "%s"], "querySql": [
                   "select v.id, p.title, v.seconds from visits v join pages p on p.page = v.page where v.id < 10;",
                   "select id, page, seconds from visits where id between 100 and 101"]}]}}
                """.formatted(
                        source.user(),
                        source.password(),
                        // Nobody listens at the first: the other is used, as DataX does.
                        url(source).replaceFirst("//[^/]*", "//127.0.0.1:1"),
                        url(source));

        run(reader, writer("\"column\": [\"id\", \"page\", \"seconds\"]"), "\"speed\": {\"channel\": 1}");

        assertThat(target.query("SELECT id, page, seconds FROM visits ORDER BY id"))
                .isEqualTo(
                        source.query(
                                "SELECT v.id, p.title, v.seconds FROM visits v JOIN pages p USING (page)"
                                        + " WHERE id < 10 UNION ALL SELECT id, page, seconds FROM visits WHERE id IN (100, 101) ORDER BY 1"));
    }

    @Test
    void everyTypeOfTheStreamReaderIntoATable() throws Exception {
        target.execute("DROP TABLE visits");
        run("""
                {"name": "streamreader", "parameter": {"sliceRecordCount": "50", "column": [
                  {"value": "7001", "type": "long"}, {"value": "Tide"}, {"value": 19.64, "type": "double"},
                  {"value": "2001/09/08 03:04:05", "type": "date", "dateFormat": "yyyy/MM/dd HH:mm:ss"},
                  {"value": true, "type": "BOOL"}, {"value": "wave", "type": "bytes"}, {"value": 12, "type": "long"}]}}
                """, writer("""
                        "column": ["id", "page", "seconds", "seen", "paid", "raw", "price"],
                        "preSql": ["create table @table (id bigint, page text, seconds float8, seen timestamp, paid boolean, raw bytea, price numeric(10,2))"],
                        "session": ["set time zone 'UTC'", "set work_mem = '8MB'"]
                        """), "\"speed\": {\"channel\": 2}");

        assertThat(target.query("SELECT DISTINCT * FROM visits"))
                .containsExactly(row("7001", "Tide", "19.64", "2001-09-08 03:04:05", "t", "\\x77617665", "12.00"));
        assertThat(target.queryForString("SELECT count(*) FROM visits")).isEqualTo("100"); // 50 for each channel
    }

    @Test
    void everyRandomTypeOfTheStreamReaderWithinItsRange() throws Exception {
        run("""
                {"name": "streamreader", "parameter": {"sliceRecordCount": 500, "column": [
                  {"incr": "1,1", "type": "long"}, {"random": "3,5", "type": "string"}, {"random": "10,20", "type": "double"},
                  {"random": "2026-01-01 00:00:00,2026-01-31 23:59:59", "type": "date"}, {"random": "1,3", "type": "bool"},
                  {"random": "0,4", "type": "bytes"}, {"random": "0,9", "type": "long"}]}}
                """, writer("\"column\": [\"*\"]"), "\"speed\": {\"channel\": 2, \"byte\": -1, \"record\": -1}");

        assertThat(target.query("""
                SELECT count(*), min(length(page)), max(length(page)), min(length(raw)), max(length(raw)),
                       bool_and(seconds BETWEEN 10 AND 21), bool_and(price BETWEEN 0 AND 9),
                       bool_and(seen BETWEEN '2026-01-01' AND '2026-02-01'),
                       bool_and(page ~ '^[A-Za-z0-9]+$'), count(DISTINCT paid)
                FROM visits""")).containsExactly(row("1000", "3", "5", "0", "4", "t", "t", "t", "t", "2"));
    }

    @Test
    void recordsIntoAFileOfTheStreamWriter() throws Exception {
        run(
                reader("\"column\": [\"id\", \"page\", \"null::text\"], \"where\": \"id < 4\"", "[\"visits\"]"),
                """
                {"name": "streamwriter", "parameter": {"print": false, "encoding": "UTF-8", "fieldDelimiter": "|",
                 "path": "out/deep", "fileName": "visits.txt", "recordNumBeforeSleep": 0, "sleepTime": 0}}
                """,
                "\"speed\": {\"channel\": 1}");

        assertThat(folder.resolve("out/deep/visits.txt")).hasContent("1|page 1|null\n2|page 2|null\n3|page 3|null\n");
    }

    @Test
    void recordsPrintedOrOnlyCounted() throws Exception {
        String reader = "{\"name\": \"streamreader\", \"parameter\": {\"sliceRecordCount\": 2, \"column\":"
                + " [{\"value\": \"a\"}, {\"value\": 5, \"type\": \"long\"}]}}";
        assertThat(printed(job(
                        reader,
                        "{\"name\": \"streamwriter\", \"parameter\": {\"print\": \"true\"}}",
                        "\"speed\": {\"channel\": 1}")))
                .isEqualTo("a\t5\na\t5\n");
        assertThat(printed(job(
                        reader,
                        "{\"name\": \"streamwriter\", \"parameter\": {\"print\": false}}",
                        "\"speed\": {\"channel\": 1}")))
                .isEmpty();
    }

    @Test
    void dirtyRecordsUpToTheirNumber() throws Exception {
        target.execute("INSERT INTO visits (id) VALUES (5), (77)");
        String reader = reader("\"column\": [\"id\", \"page\"], \"where\": \"id <= 100\"", "[\"visits\"]");
        String writer = writer("\"column\": [\"id\", \"page\"]");

        TestingJobs.Ended ended = jobs.run(job(
                reader, writer, "\"speed\": {\"channel\": 1}, \"errorLimit\": {\"record\": 2, \"percentage\": 0.001}"));

        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.report().dirty()).isEqualTo(2);
        assertThat(target.queryForString("SELECT count(*) FROM visits")).isEqualTo("100");

        // Without a limit DataX lets every record be dirty; here none may.
        assertThat(jobs.run(job(reader, writer, "\"speed\": {\"channel\": 1}")).errorCode())
                .isEqualTo("ERROR_LIMIT_EXCEEDED");
    }

    @Test
    void theSpeedOfTheCoreSection() throws Exception {
        String job = "{\"core\": {\"transport\": {\"channel\": {\"speed\": {\"byte\": 1048576, \"record\": 100000}}},"
                + " \"container\": {\"job\": {\"id\": 7}}}, \"entry\": {\"jvm\": \"-Xmx1G\"},"
                + " \"common\": {\"column\": {\"encoding\": \"utf-8\"}}, "
                + job(
                                reader("\"column\": [\"*\"], \"splitPk\": \"id\"", "[\"visits\"]"),
                                writer("\"column\": [\"*\"]"),
                                "\"speed\": {\"byte\": 4194304, \"record\": 1000000, \"channel\": 1}")
                        .strip()
                        .substring(1);
        Problems problems = new Problems();
        try (JobPlan plan = jobs.plan(job, Map.of(), problems)) {
            assertThat(plan.channels()).isEqualTo(4);
            assertThat(plan.speed().bytesPerSecond()).hasValue(4_194_304);
            assertThat(plan.speed().recordsPerSecond()).hasValue(400_000);
        }
        assertThat(problems.warnings())
                .extracting(Problem::path)
                .containsExactly(
                        "job.json: entry",
                        "job.json: common",
                        "job.json: core.container",
                        "job.json: job.setting.speed.channel");

        assertThat(jobs.run(job).errorMessage()).isEmpty();
        assertSame("SELECT * FROM visits ORDER BY id");
    }

    @Test
    void aJdbcUrlWithProperties() throws Exception {
        run(
                reader("\"column\": [\"*\"]", "[\"visits\"]")
                        .replace(url(source), url(source) + "?stringtype=unspecified&tcpKeepAlive=true"),
                writer("\"column\": [\"*\"], \"encoding\": \"UTF-8\"")
                        .replace(url(target), url(target) + "?sslmode=disable"),
                "\"speed\": {\"channel\": 1}");

        assertSame("SELECT * FROM visits ORDER BY id");
    }

    @Test
    void aTransformerIsRefusedAndNothingIsMoved() throws Exception {
        TestingJobs.Ended ended = jobs.run(
                job(
                                reader("\"column\": [\"*\"]", "[\"visits\"]"),
                                writer("\"column\": [\"*\"], \"preSql\": [\"insert into journal values ('begun')\"]"),
                                "\"speed\": {\"channel\": 1}")
                        .replace(
                                "\"writer\":",
                                "\"transformer\": [{\"name\": \"dx_substr\", \"parameter\": {\"columnIndex\": 1}}], \"writer\":"));

        assertThat(ended.errors()).singleElement().satisfies(e -> {
            assertThat(e.path()).isEqualTo("job.json: job.content[0].transformer");
            assertThat(e.remedy()).contains("expressions in the reader's `column`");
        });
        assertThat(target.queryForString("SELECT count(*) FROM visits")).isEqualTo("0");
        assertThat(target.queryForList("SELECT note FROM journal")).isEmpty();
    }

    @Test
    void aVariableWithoutAValueIsToldOnce() {
        String reader =
                reader("\"column\": [\"*\"]", "[\"visits\"]").replace(url(source), "jdbc:postgresql://${host}/shop");
        assertThat(jobs.run(job(reader, writer("\"column\": [\"*\"]"), "\"speed\": {\"channel\": 1}"))
                        .errors())
                .extracting(Problem::code, Problem::path)
                .containsExactly(tuple(
                        "UNKNOWN_VARIABLE", "job.json: job.content[0].reader.parameter.connection[0].jdbcUrl[0]"));
    }

    @Test
    void whatCannotBeRunAsItIsSaysSo() {
        String reader = reader("\"column\": [\"*\"]", "[\"visits_[00-01]\"]");
        assertThat(jobs.run(job(reader, writer("\"column\": [\"*\"]"), "\"speed\": \"fast\""))
                        .errors())
                .extracting(Problem::path)
                .containsExactly("job.json: job.setting.speed");
        assertThat(jobs.run(job(
                                reader,
                                writer("\"column\": [\"*\"], \"writeMode\": \"replace\", \"emptyAsNull\": \"maybe\""),
                                "\"speed\": {\"channel\": 0}"))
                        .errors())
                .extracting(Problem::path, Problem::message)
                .containsExactly(
                        tuple("job.json: job.setting.speed.channel", "expected a whole number from 1 to 1024, found 0"),
                        tuple(
                                "job.json: job.content[0].writer.parameter.writeMode",
                                "expected one of insert, copy, upsert, found \"replace\""),
                        tuple(
                                "job.json: job.content[0].writer.parameter.emptyAsNull",
                                "expected true or false, found \"maybe\""));
    }

    private void run(String reader, String writer, String setting) {
        run(reader, writer, setting, Map.of());
    }

    private void run(String reader, String writer, String setting, Map<String, String> variables) {
        TestingJobs.Ended ended = jobs.run(job(reader, writer, setting), variables);
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.succeeded()).isTrue();
    }

    private static String job(String reader, String writer, String setting) {
        return """
                {"job": {"setting": {%s}, "content": [{"reader": %s, "writer": %s}]}}
                """.formatted(setting, reader, writer);
    }

    private static String reader(String parameters, String tables) {
        return """
                {"name": "postgresqlreader", "parameter": {"username": "%s", "password": "%s", %s,
                 "connection": [{"table": %s, "jdbcUrl": ["%s"]}]}}
                """.formatted(source.user(), source.password(), parameters, tables, url(source));
    }

    private static String writer(String parameters) {
        return """
                {"name": "postgresqlwriter", "parameter": {"username": "%s", "password": "%s", %s,
                 "connection": [{"jdbcUrl": "%s", "table": ["visits"]}]}}
                """.formatted(target.user(), target.password(), parameters, url(target));
    }

    private static String url(TestingDatabase database) {
        return "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name();
    }

    private String printed(String job) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(jobs.run(job).errorMessage()).isEmpty();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void assertSame(String query) throws Exception {
        assertThat(target.query(query)).isEqualTo(source.query(query)).isNotEmpty();
    }

    private static List<String> row(String... values) {
        return Arrays.asList(values);
    }
}
