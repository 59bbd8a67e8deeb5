package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs between two real servers of different majors, run as a user does. */
class PostgresJobIT {

    private static final String ROWS = """
            CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
            CREATE TABLE "Mixed-Case" (
                id bigint PRIMARY KEY, "123Test" integer, total numeric(20,6), at timestamptz, local timestamp, day date,
                flag boolean, note text, code varchar(12), raw bytea, key uuid, doc jsonb, tags text[], net inet,
                m mood, span interval, price double precision)
            """;

    private static final String FILL = """
            INSERT INTO "Mixed-Case" SELECT i, CASE WHEN i % 7 = 0 THEN NULL ELSE i END, i / 7.0,
                timestamptz '2020-01-01 00:00:00.123456+00' + i * interval '1 second 1 microsecond',
                CASE i % 5 WHEN 0 THEN 'infinity' ELSE timestamp '0044-03-15 12:00 BC' + i * interval '1 day' END,
                CASE WHEN i % 3 = 0 THEN NULL ELSE date '2020-01-01' + i END,
                CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN true ELSE false END,
                CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN NULL ELSE 'größe ' || i || E'\\t\\\\ line\\n' END, 'c' || i,
                decode(md5(i::text), 'hex'), md5(i::text)::uuid, json_build_object('i', i)::jsonb,
                ARRAY['a', NULL, 'b,c'], '10.0.0.0/8', (ARRAY['sad', 'ok', 'happy'])[1 + i % 3]::mood,
                i * interval '1 month 2 days 3 seconds', i / 3.0
            FROM generate_series(1, 20000) i
            """;

    @TempDir
    private static Path unpacked;

    private static TestingDistribution transvase;

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private TestingDatabase target;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(unpacked);
    }

    @BeforeEach
    void createDatabases() throws IOException {
        source = TestingPostgres.oldest().createDatabase();
        target = TestingPostgres.newest().createDatabase();
        Files.writeString(
                folder.resolve("datasources.json"),
                "{\"datasources\": {" + entry("source", source) + "," + entry("target", target) + "}}");
    }

    @AfterEach
    void dropDatabases() {
        source.close();
        target.close();
    }

    private static String entry(String name, TestingDatabase database) {
        return """
                "%s": {"type": "postgresql", "host": "%s", "port": %d, "database": "%s",
                       "username": "%s", "password": "${env:TRANSVASE_TEST_%s}"}
                """.formatted(
                        name,
                        database.host(),
                        database.port(),
                        database.name(),
                        database.user(),
                        name.toUpperCase(Locale.ROOT));
    }

    private Ended run(String command, String job, String... options) throws IOException, InterruptedException {
        return runIn("", command, job, options);
    }

    /** @param timeZone of the process; empty for that of this one */
    private Ended runIn(String timeZone, String command, String job, String... options)
            throws IOException, InterruptedException {
        List<Object> arguments = new ArrayList<>(List.of(command, Files.writeString(folder.resolve("job.json"), job)));
        arguments.addAll(List.of("--datasources", folder.resolve("datasources.json")));
        arguments.addAll(List.of(options));
        Map<String, String> variables = new HashMap<>(
                Map.of("TRANSVASE_TEST_SOURCE", source.password(), "TRANSVASE_TEST_TARGET", target.password()));
        if (!timeZone.isEmpty()) {
            variables.put("TZ", timeZone);
        }
        return transvase.run(variables, arguments.toArray());
    }

    /** As with every JDBC tool; not that of the server. */
    @Test
    void sessionsAreInTheTimeZoneOfTheMachine() throws Exception {
        source.execute(
                "CREATE TABLE t AS SELECT i AS id, timestamptz '2024-05-01 00:00+08' + i * interval '1 hour' AS at"
                        + " FROM generate_series(0, 71) i",
                "ALTER DATABASE " + source.name() + " SET TimeZone = 'America/New_York'");
        target.execute("CREATE TABLE t (id integer, at timestamp)");
        String job = job(
                "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"],"
                        + " \"where\": \"at >= '2024-05-02' and at < '2024-05-03'\"}",
                "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"]}",
                "{}");
        Ended checked = runIn("Asia/Shanghai", "check", job);
        assertThat(checked.code()).as(checked.err()).isZero();
        assertThat(checked.out()).contains("time zone Asia/Shanghai");
        assertThat(checked.err()).contains("the server's own is America/New_York");
        Ended ended = runIn("Asia/Shanghai", "run", job);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(target.query("SELECT min(id), max(id), count(*), min(at), max(at) FROM t"))
                .containsExactly(List.of("24", "47", "24", "2024-05-02 00:00:00", "2024-05-02 23:00:00"));
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    }

    private static String job(String reader, String writer, String setting) {
        return """
                {"type": "job", "version": "2.0",
                 "steps": [
                   {"stepType": "postgresql", "name": "Reader", "category": "reader", "parameter": %s}, // comments are fine
                   {"stepType": "postgresql", "name": "Writer", "category": "writer", "parameter": %s},
                 ],
                 "setting": %s,
                 "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
                """.formatted(reader, writer, setting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "copy"})
    void movesEveryRowOfEveryTypeExactly(String mode) throws Exception {
        source.execute(ROWS, FILL);
        target.execute(ROWS);
        Ended ended = run(
                "run",
                job("""
                        {"datasource": "source", "table": "public.\\"Mixed-Case\\"", "column": ["*"], "splitPk": "id"}""", """
                        {"datasource": "target", "table": "public.\\"Mixed-Case\\"", "column": ["*"], "writeMode": "%s"}""".formatted(mode), "{\"speed\": {\"concurrent\": \"3\"}}"),
                "--report",
                folder.resolve("report.json").toString());
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).isEmpty();
        String digest = "SELECT count(*) || ' ' || md5(string_agg(t::text, '|' ORDER BY id)) FROM \"Mixed-Case\" t";
        assertThat(target.queryForString(text(digest))).isEqualTo(source.queryForString(text(digest)));
        assertThat(report().path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(report().path("read").path("records").asLong()).isEqualTo(20000);
        assertThat(report().path("written")).isEqualTo(report().path("read"));
        assertThat(report().path("channels").asInt()).isEqualTo(3);
        assertThat(report().path("splits").asInt()).isEqualTo(15);
    }

    /** Floats print alike on all majors only when they are compared as their bytes, so they are. */
    private static String text(String digest) {
        return digest.replace(
                "t::text",
                "(id, \"123Test\", total, at, local, day, flag, note, code, raw, key, doc,"
                        + " tags, net, m, span, float8send(price))::text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "copy"})
    void badRowsAreLeftOutCountedAndTold(String mode) throws Exception {
        source.execute(
                "CREATE TABLE t (id int, v text)", "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 3000) i");
        target.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v varchar(4) CONSTRAINT short CHECK (v <> 'v77'))",
                "INSERT INTO t VALUES (5, 'old')");
        String job = job(
                "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"id\", \"v\"], \"where\": \"id <="
                        + " ${most}\"}",
                "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"id\", \"v\"], \"writeMode\": \"" + mode
                        + "\"}",
                "{\"errorLimit\": {\"record\": \"3\"}}");
        Path dirty = folder.resolve("dirty.jsonl");
        Ended ended = run(
                "run",
                job,
                "-D",
                "most=1000",
                "--dirty",
                dirty.toString(),
                "--report",
                folder.resolve("report.json").toString());
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(report().path("written").path("records").asLong()).isEqualTo(997);
        assertThat(report().path("dirty").path("records").asLong()).isEqualTo(3);
        assertThat(target.queryForString("SELECT count(*) FROM t")).isEqualTo("998");
        List<JsonNode> told = new ArrayList<>();
        for (String line : Files.readAllLines(dirty)) {
            told.add(new ObjectMapper().readTree(line));
        }
        assertThat(told.stream()
                        .map(d -> d.path("values").path("id").asText() + " "
                                + d.path("sqlState").asText()))
                .containsExactlyInAnyOrder("5 23505", "77 23514", "1000 22001");
        assertThat(told.stream().map(d -> d.path("constraint").asText())).contains("t_pkey", "short");
        assertThat(told).allMatch(d -> d.path("table").asText().equals("public.t"));

        Ended passed = run(
                "run",
                job,
                "-D",
                "most=2000",
                "--report",
                folder.resolve("report.json").toString());
        assertThat(passed.code()).isEqualTo(1);
        assertThat(report().path("error").path("code").asText()).isEqualTo("ERROR_LIMIT_EXCEEDED");
        assertThat(passed.err()).contains("more dirty records than the 3 that errorLimit.record tolerates");
    }

    @Test
    void theShapeOfDataXRunsUnchanged() throws Exception {
        source.execute("CREATE TABLE t (id int, v text)", "INSERT INTO t VALUES (1, 'a'), (2, NULL)");
        target.execute("CREATE TABLE t (id bigint, v text)", "INSERT INTO t VALUES (9, 'old')");
        Ended ended = run("run", """
                {"job": {"setting": {"speed": {"channel": 1}, "errorLimit": {"record": 0, "percentage": 0.02}},
                  "content": [{
                    "reader": {"name": "postgresqlreader", "parameter": {
                      "username": "%s", "password": "${env:TRANSVASE_TEST_SOURCE}", "column": ["id", "v"], "splitPk": "id",
                      "connection": [{"table": ["t"], "jdbcUrl": ["%s"]}]}},
                    "writer": {"name": "postgresqlwriter", "parameter": {
                      "username": "%s", "password": "${env:TRANSVASE_TEST_TARGET}", "column": ["id", "v"],
                      "preSql": ["DELETE FROM @table"],
                      "connection": [{"table": ["t"], "jdbcUrl": "%s"}]}}}]}}
                """.formatted(source.user(), source.jdbcUrl(), target.user(), target.jdbcUrl()));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(target.queryForList("SELECT id || coalesce(v, '-') FROM t ORDER BY id"))
                .containsExactly("1a", "2-");
    }

    @Test
    void checkShowsThePlanAndChangesNothing() throws Exception {
        source.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
        target.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (2)");
        Ended ended =
                run("check", job("{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"]}", """
                        {"datasource": "target", "table": "t", "column": ["*"], "preSql": "TRUNCATE t"}""", "{}"));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("public.t -> public.t", "SELECT \"id\" FROM", "INSERT INTO", "integer");
        assertThat(ended.out())
                .contains("a batch job suits scheduled bulk loads, one-time migrations and servers without logical"
                        + " replication")
                .contains("follow the changes instead");
        assertThat(target.queryForString("SELECT string_agg(id::text, ',') FROM t"))
                .isEqualTo("2");
    }

    @Test
    void aTableIsReplacedByWritingIntoAnotherAndRenaming() throws Exception {
        source.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1), (2)");
        target.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (7)");
        Ended ended = run("run", job("{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"]}", """
                        {"datasource": "target", "table": "public.t_new", "column": ["*"],
                         "preSql": ["DROP TABLE IF EXISTS public.t_new",
                                    "CREATE TABLE public.t_new (LIKE public.t INCLUDING ALL)"],
                         "postSql": ["BEGIN; ALTER TABLE public.t RENAME TO t_old; ALTER TABLE public.t_new RENAME TO t; DROP TABLE public.t_old; COMMIT"]}""", "{}"));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(target.queryForList("SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
        assertThat(target.queryForString("SELECT to_regclass('t_old')")).isNull();
    }

    @Test
    void postSqlMayChangeTheTableThatWasReadInShards() throws Exception {
        source.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "INSERT INTO t SELECT generate_series(1, 1000)",
                "CREATE TABLE t_new (LIKE t INCLUDING ALL)");
        Ended ended = run(
                "run",
                job(
                        "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"], \"splitPk\": \"id\"}",
                        """
                        {"datasource": "source", "table": "t_new", "column": ["*"], "writeMode": "copy",
                         "postSql": ["ALTER TABLE t RENAME TO t_old", "ALTER TABLE t_new RENAME TO t"]}""",
                        "{\"speed\": {\"concurrent\": 2}}"));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(source.queryForString("SELECT count(*) FROM t_old JOIN t USING (id)"))
                .isEqualTo("1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"preSql", "postSql"})
    void aSignalEndsALongPreSqlOrPostSql(String statements) throws Exception {
        source.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
        target.execute("CREATE TABLE t (id int)");
        Path job = Files.writeString(
                folder.resolve("job.json"),
                job(
                        "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"]}",
                        "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"" + statements
                                + "\": [\"SELECT pg_sleep(3600)\", \"INSERT INTO t VALUES (7)\"]}",
                        "{}"));
        ProcessBuilder builder = transvase.command(
                "run",
                job,
                "--datasources",
                folder.resolve("datasources.json"),
                "--report",
                folder.resolve("report.json"));
        builder.environment()
                .putAll(Map.of("TRANSVASE_TEST_SOURCE", source.password(), "TRANSVASE_TEST_TARGET", target.password()));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.txt").toFile())
                .start();
        String sleeping =
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(3600)' AND state = 'active'";
        while (!target.queryForString(sleeping).equals("1")) {
            assertThat(process.isAlive()).as(() -> outputOf(folder)).isTrue();
            target.execute("SELECT pg_sleep(0.05)");
        }
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(143);
        assertThat(report().path("status").asText()).isEqualTo("STOPPED");
        assertThat(report().path("written").path("records").asLong()).isEqualTo(statements.equals("preSql") ? 0 : 1);
        assertThat(target.queryForString("SELECT count(*) FROM t")).isEqualTo(statements.equals("preSql") ? "0" : "1");
        while (!target.queryForString(sleeping).equals("0")) {
            target.execute("SELECT pg_sleep(0.05)");
        }
    }

    private static String outputOf(Path folder) {
        try {
            return Files.readString(folder.resolve("out.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void exitCode2MeansThatNothingWasChanged() throws Exception {
        source.execute("CREATE SEQUENCE s", "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1), (2)");
        target.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (7)");
        String writer =
                "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"id\"], \"preSql\": [\"TRUNCATE t\"%s]}";
        String first = "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"nextval('s')::int\"]}";
        String late = "{\"datasource\": \"source\", \"table\": \"t\", \"column\":"
                + " [\"CASE WHEN id = 2 THEN nextval('s') ELSE id END::int\"]}";
        for (String command : List.of("check", "run")) {
            Ended ended = run(command, job(first, writer.formatted(""), "{}"));
            assertThat(ended.code()).as(ended.err()).isEqualTo(2);
            assertThat(ended.err()).contains("nextval('s')::int", "read-only").doesNotContain("\tat ");
        }
        assertThat(target.queryForString("SELECT id FROM t")).isEqualTo("7");
        Ended ended = run("run", job(late, writer.formatted(""), "{}"));
        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(target.queryForString("SELECT count(*) FROM t")).isEqualTo("0");
        target.execute("INSERT INTO t VALUES (7)");
        ended = run(
                "run",
                job(
                        "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"id\"]}",
                        writer.formatted(", \"SELECT 1 / count(*) FROM t\""),
                        "{}"));
        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(target.queryForString("SELECT count(*) FROM t")).isEqualTo("0");
    }

    @Test
    void aFailingPreSqlNamesItselfAndMovesNothing() throws Exception {
        source.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
        target.execute("CREATE TABLE t (id int)");
        Ended ended = run("run", job("{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"]}", """
                        {"datasource": "target", "table": "t", "column": ["*"], "preSql": ["SELECT 1", "DELETE FROM gone"]}""", "{}"));
        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err()).contains("preSql[1]", "gone").doesNotContain("\tat ");
        assertThat(target.queryForString("SELECT count(*) FROM t")).isEqualTo("0");
    }

    static Stream<BadJob> badJobs() {
        return Stream.of(
                new BadJob(
                        "\"table\": \"t\"",
                        "\"table\": \"tt\"",
                        2,
                        "steps[0].parameter.table",
                        "did you mean public.t"),
                new BadJob("\"column\": [\"id\"]", "\"column\": [\"idd\"]", 2, "steps[0].parameter.column[0]", "id"),
                new BadJob("\"source\"", "\"sauce\"", 2, "steps[0].parameter.datasource", "source"),
                new BadJob("\"table\": \"t\"", "\"table\": \"denied\"", 2, "denied", "GRANT SELECT"),
                new BadJob("\"where\": \"\"", "\"where\": \"id =\"", 2, "steps[0].parameter", "syntax"),
                new BadJob("\"splitPk\"", "\"splitPK\"", 2, "steps[0].parameter.splitPK", "splitPk"),
                new BadJob("\"source\"", "\"unreachable\"", 3, "unreachable", "127.0.0.1:1"),
                new BadJob("\"source\"", "\"wrongPassword\"", 3, "wrongPassword", "password"));
    }

    /** What to change in a good job, the exit code then, and two things the message must say. */
    record BadJob(String replace, String by, int code, String place, String remedy) {}

    @ParameterizedTest
    @MethodSource("badJobs")
    void badJobsAreToldInALineOrTwoAndMoveNothing(BadJob bad) throws Exception {
        source.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)", "CREATE TABLE denied (id int)");
        target.execute("CREATE TABLE t (id int)");
        var login = source.createLogin();
        source.execute("GRANT SELECT ON t TO " + login.user());
        Files.writeString(
                folder.resolve("datasources.json"),
                "{\"datasources\": {" + entry("target", target) + ","
                        + source("source", source.port(), login.user(), login.password())
                        + "," + source("unreachable", 1, login.user(), login.password()) + ","
                        + source("wrongPassword", source.port(), login.user(), "not-the-secret") + "}}");
        String reader =
                "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"id\"], \"where\": \"\", \"splitPk\":"
                        + " \"id\"}";
        Ended ended = run(
                "run",
                job(
                        reader.replace(bad.replace(), bad.by()),
                        "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"id\"]}",
                        "{}"),
                "--report",
                folder.resolve("report.json").toString());
        assertThat(ended.code()).as(ended.err()).isEqualTo(bad.code());
        assertThat(ended.err())
                .contains(bad.place(), bad.remedy())
                .doesNotContain("\tat ", "not-the-secret", login.password());
        assertThat(ended.err().lines()).hasSizeLessThanOrEqualTo(5);
        assertThat(report().path("status").asText()).isEqualTo("FAILED");
        assertThat(report().path("error").path("code").asText()).isNotEmpty();
        assertThat(target.queryForString("SELECT count(*) FROM t")).isEqualTo("0");
    }

    private String source(String name, int port, String user, String password) {
        return """
                "%s": {"type": "postgresql", "host": "127.0.0.1", "port": %d, "database": "%s",
                       "username": "%s", "password": "%s"}
                """.formatted(name, port, source.name(), user, password);
    }
}
