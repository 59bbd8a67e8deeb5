package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.parameter.Problem;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The job's own SQL sees the server's settings, values are carried as if there were none. */
class SessionSettingsIT {

    @TempDir
    private Path folder;

    static Stream<Arguments> majorsAndModes() {
        List<Integer> majors = TestingPostgres.majors();
        return Stream.of(majors.get(0), majors.get(majors.size() - 1))
                .flatMap(m -> Stream.of(Arguments.of(m, "copy"), Arguments.of(m, "insert")));
    }

    private TestingJobs jobs(TestingDatabase source, TestingDatabase target) {
        return new TestingJobs(folder)
                .dataSource("source", source, entry -> entry.put("timeZone", "server"))
                .dataSource("target", target, entry -> entry.put("timeZone", "server"));
    }

    private static void alter(TestingDatabase database, String... settings) throws Exception {
        for (String setting : settings) {
            database.execute("ALTER DATABASE " + database.name() + " SET " + setting);
        }
    }

    private static void assertMoved(TestingJobs.Ended ended) {
        assertThat(ended.errors()).extracting(Problem::toString).isEmpty();
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.dirty()).isEmpty();
    }

    /** A condition, an expression, a default, a trigger, preSql and postSql mean what they do in a session of the server's own. */
    @ParameterizedTest
    @MethodSource("majorsAndModes")
    void theJobsSqlSeesTheServersSettings(int major, String mode) throws Exception {
        try (TestingDatabase source = TestingPostgres.major(major).createDatabase();
                TestingDatabase target = TestingPostgres.major(major).createDatabase()) {
            source.execute(
                    "CREATE TABLE t AS SELECT i AS id, timestamptz '2024-05-01 00:00+08' + i * interval '1 hour' AS at"
                            + " FROM generate_series(0, 71) i");
            target.execute(
                    "CREATE TABLE t (id integer, at timestamptz, day date, said text, noted text,"
                            + " since timestamptz DEFAULT ('2024-05-0' || 1)::timestamptz)",
                    "CREATE TABLE log (said text)",
                    "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN NEW.noted := NEW.at::text; RETURN NEW; END $$",
                    "CREATE TRIGGER note BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE note()");
            alter(source, "TimeZone = 'Asia/Shanghai'", "DateStyle = 'SQL, DMY'", "IntervalStyle = 'sql_standard'");
            alter(target, "TimeZone = 'America/New_York'", "DateStyle = 'German'");
            TestingJobs.Ended ended = jobs(source, target)
                    .run(TestingJobs.postgresJob(
                            "{\"datasource\": \"source\", \"table\": \"t\", \"where\": \"at >= '02/05/2024' and at < '03/05/2024'\","
                                    + " \"column\": [\"id\", \"at\", \"at::date\", \"at || ' ' || interval '-1 day'\"]}",
                            "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"id\", \"at\", \"day\", \"said\"],"
                                    + " \"writeMode\": \"" + mode + "\","
                                    + " \"preSql\": [\"INSERT INTO log SELECT timestamptz '2024-01-01 00:00+00'::text\"],"
                                    + " \"postSql\": [\"INSERT INTO log SELECT date '31.12.2024'::text\"]}",
                            "{}"));
            assertMoved(ended);
            assertThat(target.query("SELECT min(id), max(id), count(*), min(said) FROM t"))
                    .containsExactly(List.of("24", "47", "24", "02/05/2024 00:00:00 CST -1 0:00:00"));
            assertThat(target.query("SELECT DISTINCT to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM t"))
                    .containsExactly(List.of("2024-05-01 04:00"));
            assertThat(target.query("SELECT min(noted) FROM t")).containsExactly(List.of("01.05.2024 12:00:00 EDT"));
            assertThat(target.query("SELECT to_char(min(day), 'YYYY-MM-DD') FROM t"))
                    .containsExactly(List.of("2024-05-02"));
            assertThat(target.query("SELECT said FROM log"))
                    .containsExactlyInAnyOrder(List.of("31.12.2023 19:00:00 EST"), List.of("31.12.2024"));
        }
    }

    /** Values of types that travel as text, out of a database with every setting odd, beside SQL that sees these settings. */
    @ParameterizedTest
    @MethodSource("majorsAndModes")
    void valuesAreCarriedWhateverTheSettings(int major, String mode) throws Exception {
        try (TestingDatabase source = TestingPostgres.major(major).createDatabase();
                TestingDatabase target = TestingPostgres.major(major).createDatabase()) {
            String types =
                    "CREATE TYPE pair AS (f float8, g real, p point, i interval, d date, z timestamptz, b bytea, m money,"
                            + " n numeric, x xml)";
            source.execute(
                    "SET extra_float_digits = 3",
                    types,
                    "CREATE TABLE t AS SELECT i AS id, ROW(i / 3.0::float8, i / 7.0::real, point(i / 3.0::float8, 1),"
                            + " interval '-1 day' * i + interval '02:03:04.000005', date '2024-02-01' + i,"
                            + " timestamptz '2024-05-01 12:13:14.000015+00' + i * interval '1 hour', '\\x5c00ff', i * 1.25,"
                            + " i / 3.0, '<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>')::pair AS p FROM generate_series(-10, 10) i",
                    "ALTER TABLE t ADD ps pair[]",
                    "UPDATE t SET ps = ARRAY[p, NULL, p]",
                    "INSERT INTO t (id) VALUES (99)",
                    "CREATE VIEW v AS SELECT id, p, ps, (p).f::text || (p).d::text AS said FROM t");
            target.execute(
                    types, "CREATE TABLE t (id integer, p pair, ps pair[], said text)", "CREATE TABLE e (LIKE t)");
            alter(
                    source,
                    "DateStyle = 'German'",
                    "IntervalStyle = 'sql_standard'",
                    "extra_float_digits = -3",
                    "bytea_output = 'escape'",
                    "TimeZone = 'Asia/Kolkata'",
                    "lc_monetary = 'C.utf8'");
            alter(
                    target,
                    "DateStyle = 'SQL, DMY'",
                    "IntervalStyle = 'sql_standard'",
                    "TimeZone = 'Asia/Tokyo'",
                    "array_nulls = off");
            String writer = "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \""
                    + mode + "\"}";
            String form = "SELECT id, (p).f::text || (p).x::text, p::text, ps::text FROM t ORDER BY id";
            List<List<String>> expected = exact(source, form);
            for (String reader : List.of(
                    "{\"datasource\": \"source\", \"table\": \"v\", \"column\": [\"*\"]}",
                    "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"id\", \"p\", \"ps\","
                            + " \"(p).f::text || (p).d::text\"]}",
                    "{\"datasource\": \"source\", \"querySql\": \"SELECT id, p, ps, (p).f::text || (p).d::text FROM t\"}")) {
                target.execute("TRUNCATE t");
                assertMoved(jobs(source, target).run(TestingJobs.postgresJob(reader, writer, "{}")));
                assertThat(exact(target, form)).isEqualTo(expected);
                // What the job says itself is as the server prints it.
                assertThat(target.query("SELECT said FROM t WHERE id = 1"))
                        .containsExactly(List.of("0.33333333333302.02.2024"));
            }
        }
    }

    private static List<List<String>> exact(TestingDatabase database, String sql) throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';"
                    + " SET extra_float_digits = 3; SET bytea_output = 'hex'; SET lc_monetary = 'C'");
            List<List<String>> rows = new java.util.ArrayList<>();
            try (var row = statement.executeQuery(sql)) {
                while (row.next()) {
                    rows.add(java.util.Arrays.asList(
                            row.getString(1), row.getString(2), row.getString(3), row.getString(4)));
                }
            }
            return rows;
        }
    }

    private static final String NAMED = "CREATE SCHEMA one; CREATE SCHEMA other;"
            + " CREATE TABLE one.thing (i integer); CREATE TABLE other.thing (i integer); CREATE TABLE public.mine ();"
            + " CREATE TYPE one.kind AS ENUM ('a'); CREATE TYPE other.kind AS ENUM ('b');"
            + " CREATE FUNCTION one.calc(one.kind) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
            + " CREATE FUNCTION other.calc(other.kind) RETURNS integer LANGUAGE sql AS 'SELECT 2';"
            + " CREATE OPERATOR one.### (PROCEDURE = one.calc, RIGHTARG = one.kind);"
            + " CREATE OPERATOR other.### (PROCEDURE = other.calc, RIGHTARG = other.kind);"
            + " CREATE TEXT SEARCH CONFIGURATION one.conf (COPY = simple);"
            + " CREATE TEXT SEARCH CONFIGURATION other.conf (COPY = english);"
            + " CREATE TEXT SEARCH DICTIONARY one.dict (TEMPLATE = simple);"
            + " CREATE TEXT SEARCH DICTIONARY other.dict (TEMPLATE = simple);"
            + " CREATE DOMAIN public.class AS regclass; CREATE TYPE public.named AS (id integer, c regclass, t regtype);"
            + " CREATE TABLE public.t (id integer, c regclass, t regtype, p regproc, f regprocedure, o regoper,"
            + " q regoperator, g regconfig, d regdictionary, r regrole, n regnamespace, cs regclass[], dc class, m named,"
            + " ms named[])";

    private static final String NAMES = "INSERT INTO t VALUES (1, 'thing', 'kind', 'calc', 'calc(kind)', 'one.###',"
            + " '###(NONE, kind)', 'conf', 'dict', current_user::regrole, 'one', '{{thing,mine},{pg_class,-}}', 'thing',"
            + " ROW(1, 'thing', 'kind'), ARRAY[ROW(2, 'mine', 'int4[]')::named, NULL]), (2, '-', 'integer', 'pg_catalog.array_out',"
            + " 'lower(text)', '0', '+(integer,integer)', 'simple', 'simple', NULL, 'pg_catalog', '{}', 'pg_class',"
            + " ROW(NULL, NULL, 'text'), '{}'); INSERT INTO t (id) VALUES (3)";

    /** Other objects of the same names come first at the target. */
    @ParameterizedTest
    @MethodSource("majorsAndModes")
    void namesInValuesAreThoseOfTheSameObjects(int major, String mode) throws Exception {
        try (TestingDatabase source = TestingPostgres.major(major).createDatabase();
                TestingDatabase target = TestingPostgres.major(major).createDatabase()) {
            target.execute("CREATE TABLE so_that_no_oid_is_the_same ()");
            source.execute(NAMED);
            target.execute(NAMED);
            source.execute("SET search_path = one, public; " + NAMES);
            source.execute("CREATE FUNCTION one.is_there(regclass) RETURNS boolean LANGUAGE plpgsql AS"
                    + " $$ BEGIN RETURN to_regclass('thing') IS NOT NULL; END $$");
            source.execute("CREATE VIEW v AS SELECT * FROM t WHERE one.is_there(c) OR c IS NULL");
            alter(source, "search_path = one, public");
            alter(target, "search_path = other, public");
            String form = "SELECT format('%s', x) FROM public.t x ORDER BY id";
            List<List<String>> expected = qualified(source, form);
            assertThat(expected.get(0).get(0))
                    .contains("one.thing")
                    .contains("one.kind")
                    .doesNotContain("other.");
            String writer =
                    "{\"datasource\": \"target\", \"table\": \"public.t\", \"column\": [\"*\"], \"writeMode\": \""
                            + mode + "\"}";
            for (String reader : List.of(
                    "\"table\": \"public.t\", \"column\": [\"*\"], \"where\": \"is_there(c) or c is null\"",
                    "\"table\": \"public.v\", \"column\": [\"*\"]",
                    "\"querySql\": \"SELECT * FROM v ORDER BY id\"")) {
                target.execute("TRUNCATE public.t");
                assertMoved(jobs(source, target)
                        .run(TestingJobs.postgresJob("{\"datasource\": \"source\", " + reader + "}", writer, "{}")));
                assertThat(qualified(target, form)).isEqualTo(expected);
            }
        }
    }

    private static List<List<String>> qualified(TestingDatabase database, String sql) throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET search_path = ''");
            List<List<String>> rows = new java.util.ArrayList<>();
            try (var row = statement.executeQuery(sql)) {
                while (row.next()) {
                    rows.add(List.of(row.getString(1)));
                }
            }
            return rows;
        }
    }

    /** An OID of no object at the source is one of some object at the target. */
    @ParameterizedTest
    @MethodSource("majorsAndModes")
    void aNameThatIsNoneIsDirty(int major, String mode) throws Exception {
        try (TestingDatabase source = TestingPostgres.major(major).createDatabase();
                TestingDatabase target = TestingPostgres.major(major).createDatabase()) {
            source.execute(
                    "CREATE TABLE gone ()",
                    "CREATE TABLE t (id integer, c regclass, cs regclass[])",
                    "INSERT INTO t VALUES (1, 'gone', NULL), (2, 't', NULL), (3, NULL, '{t,gone}'), (4, 'pg_class', '{t}')",
                    "DROP TABLE gone");
            target.execute("CREATE TABLE t (id integer, c regclass, cs regclass[])");
            TestingJobs.Ended ended = jobs(source, target)
                    .run(TestingJobs.postgresJob(
                            "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"]}",
                            "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \""
                                    + mode + "\"}",
                            "{\"errorLimit\": {\"record\": 2}}"));
            assertThat(ended.errorMessage()).isEmpty();
            assertThat(target.query("SELECT id, c::text FROM t ORDER BY id"))
                    .containsExactly(List.of("2", "t"), List.of("4", "pg_class"));
            assertThat(ended.dirty())
                    .hasSize(2)
                    .allSatisfy(d -> assertThat(d.get("message").asText()).contains("instead of a name"));
        }
    }

    /** The server's own objects are named without a schema, so they must be found first. */
    @ParameterizedTest
    @MethodSource("majorsAndModes")
    void aSearchPathWithOthersBeforeTheServersIsRefused(int major, String mode) throws Exception {
        try (TestingDatabase source = TestingPostgres.major(major).createDatabase();
                TestingDatabase target = TestingPostgres.major(major).createDatabase()) {
            source.execute("CREATE TABLE t (t regtype)");
            target.execute("CREATE TABLE t (t regtype)", "CREATE DOMAIN int8 AS integer");
            source.execute("INSERT INTO t VALUES ('pg_catalog.int8')");
            alter(target, "search_path = public, pg_catalog");
            String job = TestingJobs.postgresJob(
                    "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"]}",
                    "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \"" + mode
                            + "\"}",
                    "{}");
            assertThat(jobs(source, target).run(job).errors())
                    .extracting(Problem::code)
                    .containsExactly("NAMES_DEPEND_ON_SEARCH_PATH");
        }
    }
}
