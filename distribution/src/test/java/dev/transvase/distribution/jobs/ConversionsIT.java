package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A column into one of another type: each value arrives whole, or is a dirty record that names column and value, with the
 * others written.
 */
class ConversionsIT {

    private static final List<String> TYPES = List.of(
            "CREATE EXTENSION ltree",
            "CREATE TYPE mood AS ENUM ('sad', 'happy')",
            "CREATE TYPE temper AS ENUM ('happy', 'angry')",
            "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
            "CREATE DOMAIN three AS integer[] CHECK (array_length(VALUE, 1) = 3)",
            "CREATE DOMAIN address AS inet CHECK (family(VALUE) = 4)",
            "CREATE TYPE pair AS (a integer, b text)");

    @TempDir
    private Path folder;

    /**
     * A column of one type read, a column of another written.
     *
     * @param values each with what is printed at the target, or behind {@code !} what its dirty record says
     */
    private record Case(String from, String to, Map<String, String> values) {

        /** @param values each value followed by what becomes of it */
        static Case of(String from, String to, String... values) {
            Map<String, String> map = new LinkedHashMap<>();
            for (int i = 0; i < values.length; i += 2) {
                map.put(values[i], values[i + 1]);
            }
            return new Case(from, to, map);
        }
    }

    private static List<Case> cases(int major) {
        List<Case> cases = new ArrayList<>();
        cases.addAll(numbers());
        cases.addAll(texts());
        cases.addAll(times());
        cases.addAll(others());
        cases.addAll(arrays());
        if (major >= 15) {
            cases.add(Case.of("int", "numeric(3,-2)", "1200", "1200", "1234", "!more digits than numeric(3,-2)"));
        }
        return cases;
    }

    private static List<Case> numbers() {
        String bigint = "2147483648";
        return List.of(
                Case.of("int", "bigint", "-2147483648", "-2147483648"),
                Case.of("bigint", "int", "7", "7", bigint, "!value 2147483648 is out of range for integer"),
                Case.of("int", "smallint", "-32768", "-32768", "32768", "!value 32768 is out of range for smallint"),
                Case.of("numeric", "int", "12.00", "12", "1.5", "!value 1.5 is out", "NaN", "!value NaN", "1e20", "!"),
                Case.of("numeric(10,4)", "numeric(10,2)", "1.5000", "1.50", "1.2345", "!value 1.2345 has more digits"),
                Case.of(
                        "numeric",
                        "numeric(10,2)",
                        "NaN",
                        "NaN",
                        "-0.10",
                        "-0.10",
                        "0.001",
                        "!",
                        "123456789",
                        "!overflow"),
                Case.of("numeric(10,2)", "numeric(12,4)", "1.25", "1.2500"),
                Case.of("numeric", "float8", "0.1", "0.1", "0.12345678901234567890", "!would lose digits"),
                Case.of("numeric", "float4", "0.5", "0.5", "16777217", "!value 16777217 would lose digits as real"),
                Case.of("float8", "float4", "0.1", "0.1", "0.12345678901", "!would lose digits", "NaN", "NaN"),
                Case.of("float8", "numeric", "1e22", "10000000000000000000000", "0.1", "0.1", "NaN", "NaN"),
                Case.of("float8", "numeric(6,2)", "1.25", "1.25", "0.125", "!value 0.125 has more digits"),
                Case.of("float8", "int", "3", "3", "3.5", "!value 3.5 is out of range"),
                Case.of("numeric", "money", "12.30", "$12.30", "0.005", "!value 0.005 has more digits than money"),
                Case.of("float8", "money", "1e6", "$1,000,000.00", "0.001", "!more digits than money"),
                Case.of("int", "bool", "1", "t", "0", "f", "2", "!value 2"),
                Case.of("bool", "int", "true", "1"),
                Case.of("int", "positive", "5", "5", "-5", "!the server refused the value -5"));
    }

    private static List<Case> texts() {
        return List.of(
                Case.of(
                        "text",
                        "int",
                        " 12 ",
                        "12",
                        "one",
                        "!refused the value one",
                        "1.5",
                        "!1.5",
                        "99999999999",
                        "!"),
                Case.of("text", "bool", "yes", "t", "maybe", "!refused the value maybe"),
                Case.of(
                        "text",
                        "uuid",
                        "{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}",
                        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                        "a0",
                        "!refused the value a0"),
                Case.of("text", "json", " {} ", " {} ", "{", "!refused the value {"),
                Case.of(
                        "text",
                        "jsonb",
                        "[1, 2]",
                        "[1, 2]",
                        "[1,",
                        "!",
                        "\"\\u0000\"",
                        "!refused the value \"\\u0000\""),
                Case.of("text", "xml", "<a/>", "<a/>", "<a", "!refused the value <a"),
                Case.of(
                        "text",
                        "numeric(6,2)",
                        "1.50",
                        "1.50",
                        "1.505",
                        "!value 1.505 has more digits",
                        "x",
                        "!value x"),
                Case.of("text", "money", "$1,234.50", "$1,234.50", "0.005", "!value 0.005 has more digits"),
                Case.of("text", "mood", "sad", "sad", "glad", "!refused the value glad"),
                Case.of("text", "regclass", "pg_class", "pg_class", "pg_glass", "!refused the value pg_glass"),
                Case.of("text", "tsquery", "a & b", "'a' & 'b'", "a b", "!refused the value a b"),
                Case.of("text", "ltree", "a.b", "a.b", "a..b", "!refused the value a..b"),
                Case.of("text", "pair", "(1,x)", "(1,x)", "(1", "!refused the value (1"),
                Case.of("text", "bytea", "\\xff", "\\xff", "\\xf", "!refused the value \\xf"),
                Case.of("text", "bit(3)", "101", "101", "1010", "!refused the value 1010"),
                Case.of(
                        "varchar(9)",
                        "varchar(3)",
                        "abc",
                        "abc",
                        "abcd",
                        "!refused the value abcd",
                        "世界世界",
                        "!世界世界",
                        "ab  ",
                        "!more spaces at its end than character varying(3)"),
                Case.of("char(5)", "varchar(3)", "abc", "abc", "abcd", "!refused the value abcd"),
                Case.of("char(5)", "text", "ab", "ab   "),
                Case.of("varchar(5)", "char(3)", "ab", "ab ", "abcd", "!refused the value abcd"),
                Case.of("text", "name", "x", "x", "n".repeat(64), "!longer than 63 bytes"));
    }

    private static List<Case> times() {
        return List.of(
                Case.of(
                        "text",
                        "timestamp",
                        "2026-02-28 10:00",
                        "2026-02-28 10:00:00",
                        "2026-02-30",
                        "!value 2026-02-30",
                        "2026-01-01T10:00:00Z",
                        "2026-01-01 10:00:00",
                        "2026-01-01 10:00+02",
                        "!has a time zone",
                        "2026-01-01 10:00:00.1234567",
                        "!is more precise"),
                Case.of("text", "timestamptz", "2026-01-01 10:00+02", "2026-01-01 08:00:00+00"),
                Case.of(
                        "text",
                        "timestamp(0)",
                        "2026-01-01 10:00:00.000",
                        "2026-01-01 10:00:00",
                        "2026-01-01 10:00:00.5",
                        "!is more precise than timestamp(0)"),
                Case.of("text", "date", "2026-01-01 00:00:00", "2026-01-01", "2026-01-01 00:01", "!has a time of day"),
                Case.of(
                        "text",
                        "time",
                        "10:00",
                        "10:00:00",
                        "2026-01-01 10:00",
                        "!has a date",
                        "10:00+05",
                        "!a time zone"),
                Case.of(
                        "timestamp",
                        "timestamp(0)",
                        "2026-01-01 10:00:00",
                        "2026-01-01 10:00:00",
                        "2026-01-01 10:00:00.5",
                        "!more precise than timestamp(0)",
                        "infinity",
                        "infinity"),
                Case.of(
                        "timestamptz",
                        "timestamptz(3)",
                        "2026-01-01 10:00:00.123+00",
                        "2026-01-01 10:00:00.123+00",
                        "2026-01-01 10:00:00.1234+00",
                        "!more precise"),
                Case.of("time", "time(1)", "10:00:00.1", "10:00:00.1", "10:00:00.12", "!more precise"),
                Case.of(
                        "timestamp",
                        "date",
                        "2026-01-01 00:00:00",
                        "2026-01-01",
                        "2026-01-01 00:01:00",
                        "!time of day"),
                Case.of("timestamptz", "timestamp", "2026-01-01 10:00:00+02", "2026-01-01 08:00:00"),
                Case.of("timestamp", "timestamptz", "2026-01-01 10:00:00", "2026-01-01 10:00:00+00"),
                Case.of(
                        "date",
                        "timestamp",
                        "0044-03-15 BC",
                        "0044-03-15 00:00:00 BC",
                        "infinity",
                        "infinity",
                        "5874897-12-31",
                        "!out of range for timestamp"),
                Case.of(
                        "interval",
                        "interval(1)",
                        "1 day 00:00:01.5",
                        "1 day 00:00:01.5",
                        "00:00:01.55",
                        "!more precise"),
                Case.of(
                        "interval",
                        "interval year to month",
                        "1 year 2 mons",
                        "1 year 2 mons",
                        "1 day",
                        "!more precise"),
                Case.of("interval", "interval hour", "1 day 05:00:00", "1 day 05:00:00", "05:30:00", "!more precise"));
    }

    private static List<Case> others() {
        return List.of(
                Case.of("json", "jsonb", "{\"b\":  1}", "{\"b\": 1}", "\"\\u0000\"", "!refused the value"),
                Case.of("jsonb", "json", "{\"b\":  1}", "{\"b\": 1}"),
                Case.of("json", "text", "{\"b\":  1}", "{\"b\":  1}"),
                Case.of("jsonb", "text", "{\"b\":  1}", "{\"b\": 1}"),
                Case.of("bytea", "text", "\\xff00", "\\xff00"),
                Case.of("mood", "text", "sad", "sad"),
                Case.of("mood", "temper", "happy", "happy", "sad", "!refused the value sad"),
                Case.of("inet", "text", "10.0.0.1/8", "10.0.0.1/8"),
                Case.of("inet", "cidr", "10.0.0.0/8", "10.0.0.0/8", "10.0.0.1/8", "!refused the value 10.0.0.1/8"),
                Case.of("inet", "address", "10.0.0.1", "10.0.0.1", "::1", "!refused the value ::1"),
                Case.of("varbit(9)", "varbit(3)", "101", "101", "10101", "!refused the value 10101"),
                Case.of("bool", "text", "true", "true"),
                Case.of("int4range", "text", "[1,2)", "[1,2)"),
                Case.of("pair", "text", "(1,\"a b\")", "(1,\"a b\")"));
    }

    private static List<Case> arrays() {
        return List.of(
                Case.of("int[]", "bigint[]", "[0:1][1:1]={{1},{NULL}}", "[0:1][1:1]={{1},{NULL}}", "{}", "{}"),
                Case.of("bigint[]", "int[]", "{1,2}", "{1,2}", "{1,NULL,2147483648}", "!element 3: value 2147483648"),
                Case.of("numeric[]", "int[]", "{12.00}", "{12}", "{1.5}", "!element 1: value 1.5"),
                Case.of("numeric(9,4)[]", "numeric(9,2)[]", "{1.5000,NULL}", "{1.50,NULL}", "{1,1.505}", "!element 2"),
                Case.of("float8[]", "float4[]", "{0.1,NaN}", "{0.1,NaN}", "{0.123456789012}", "!would lose digits"),
                Case.of("float8[]", "numeric[]", "{0.1}", "{0.1}"),
                Case.of("timestamp[]", "date[]", "{2026-01-01}", "{2026-01-01}", "{2026-01-01 00:01}", "!time of day"),
                Case.of(
                        "timestamp[]",
                        "timestamp(0)[]",
                        "{infinity}",
                        "{infinity}",
                        "{2026-01-01 00:00:00.5}",
                        "!precise"),
                Case.of("text[]", "int[]", "{1,NULL}", "{1,NULL}", "{one}", "!refused the value {one}"),
                Case.of(
                        "text[]",
                        "varchar(3)[]",
                        "{abc}",
                        "{abc}",
                        "{abcd}",
                        "!refused the value {abcd}",
                        "{\"ab  \"}",
                        "!element 1: value ab   has more spaces"),
                Case.of("text[]", "name[]", "{abc}", "{abc}", "{" + "n".repeat(64) + "}", "!longer than 63 bytes"),
                Case.of("int[]", "text[]", "{{1},{2}}", "{{1},{2}}"),
                Case.of("int[]", "three", "{1,2,3}", "{1,2,3}", "{1}", "!refused the value {1}"),
                Case.of("text", "bigint[]", "{1,2}", "{1,2}", "1,2", "!refused the value 1,2"));
    }

    static List<Integer> majors() {
        return List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major());
    }

    @ParameterizedTest
    @MethodSource("majors")
    void eachValueArrivesWholeOrIsDirty(int major) throws Exception {
        List<Case> cases = cases(major);
        try (TestingDatabase source = TestingPostgres.major(major).createDatabase();
                TestingDatabase target = TestingPostgres.major(major).createDatabase()) {
            source.execute(TYPES.toArray(String[]::new));
            target.execute(TYPES.toArray(String[]::new));
            source.execute(statements(cases, true));
            target.execute(statements(cases, false));
            String tables = IntStream.range(0, cases.size())
                    .mapToObj(i -> "\"t" + i + "\"")
                    .collect(Collectors.joining(", ", "[", "]"));
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            for (String mode : List.of("insert", "copy")) {
                TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(
                        "{\"datasource\": \"source\", \"table\": " + tables + ", \"column\": [\"*\"]}",
                        "{\"datasource\": \"target\", \"table\": " + tables
                                + ", \"column\": [\"*\"], \"writeMode\": \"" + mode
                                + "\", \"preSql\": [\"TRUNCATE @table\"]}",
                        "{\"errorLimit\": {\"record\": 1000}}"));
                assertThat(ended.errors()).isEmpty();
                assertThat(ended.errorMessage()).isEmpty();
                Map<String, Map<String, JsonNode>> dirty = new LinkedHashMap<>();
                for (JsonNode record : ended.dirty()) {
                    dirty.computeIfAbsent(record.get("table").asText(), t -> new LinkedHashMap<>())
                            .put(record.get("values").get("id").asText(), record);
                }
                SoftAssertions all = new SoftAssertions();
                for (int i = 0; i < cases.size(); i++) {
                    verify(cases.get(i), mode, rows(target, i), dirty.getOrDefault("public.t" + i, Map.of()), all);
                }
                all.assertAll();
            }
        }
    }

    @Test
    void whatOnlyNewerServersHaveIsDirtyAtOlderOnes() throws Exception {
        String table = "CREATE TABLE t (id integer, v interval, w interval[], n numeric)";
        try (TestingDatabase source = TestingPostgres.newest().createDatabase();
                TestingDatabase target = TestingPostgres.oldest().createDatabase()) {
            source.execute(
                    table,
                    "INSERT INTO t VALUES (1, '1 day', '{1 day}', 1), (2, 'infinity', '{}', 1), (3, '1 day',"
                            + " '{1 day,-infinity}', 1), (4, '1 day', '{}', 'Infinity'), (5, '1 day', '{}', 'NaN')");
            target.execute(table);
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            for (String mode : List.of("insert", "copy")) {
                TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(
                        "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"]}",
                        "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \"" + mode
                                + "\", \"preSql\": \"TRUNCATE t\"}",
                        "{\"errorLimit\": {\"record\": 3}}"));
                assertThat(ended.errorMessage()).isEmpty();
                assertThat(target.queryForList("SELECT id FROM t ORDER BY id")).containsExactly("1", "5");
                assertThat(ended.dirty())
                        .extracting(dirty -> dirty.get("message").asText())
                        .satisfiesExactlyInAnyOrder(
                                m -> assertThat(m).startsWith("column v: value infinity is out of range for interval"),
                                m -> assertThat(m).startsWith("column w: element 2: value -infinity is out of range"),
                                m -> assertThat(m).startsWith("column n: the server refused the value Infinity: "));
            }
        }
    }

    private static Map<String, String> rows(TestingDatabase target, int table) throws SQLException {
        Map<String, String> rows = new LinkedHashMap<>();
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement()) {
            // Old servers print the digits of a float that nobody wrote unless told not to.
            statement.execute("SET TimeZone = 'UTC'; SET extra_float_digits = 0");
            ResultSet result = statement.executeQuery("SELECT id, format('%s', v) FROM t" + table);
            while (result.next()) {
                rows.put(result.getString(1), result.getString(2));
            }
        }
        return rows;
    }

    private static void verify(
            Case it, String mode, Map<String, String> rows, Map<String, JsonNode> dirty, SoftAssertions all) {
        int id = 0;
        for (Map.Entry<String, String> value : it.values().entrySet()) {
            String key = Integer.toString(id++);
            String what = it.from() + " to " + it.to() + " by " + mode + ": " + value.getKey();
            String message =
                    dirty.containsKey(key) ? dirty.get(key).get("message").asText() : null;
            if (value.getValue().startsWith("!")) {
                all.assertThat(rows).as(what).doesNotContainKey(key);
                all.assertThat(message)
                        .as(what)
                        .startsWith("column v: ")
                        .contains(value.getValue().substring(1));
            } else {
                all.assertThat(message).as(what).isNull();
                all.assertThat(rows).as(what).containsEntry(key, value.getValue());
            }
        }
    }

    private static String[] statements(List<Case> cases, boolean filled) {
        return IntStream.range(0, cases.size())
                .boxed()
                .flatMap(i -> {
                    Case it = cases.get(i);
                    String table = "CREATE TABLE t" + i + " (id integer, v " + (filled ? it.from() : it.to()) + ")";
                    List<String> values = new ArrayList<>(it.values().keySet());
                    String insert = IntStream.range(0, values.size())
                            .mapToObj(id -> "(" + id + ", '" + values.get(id).replace("'", "''") + "')")
                            .collect(Collectors.joining(", ", "INSERT INTO t" + i + " VALUES ", ""));
                    return filled ? Stream.of("SET TimeZone = 'UTC'", table, insert) : Stream.of(table);
                })
                .toArray(String[]::new);
    }
}
