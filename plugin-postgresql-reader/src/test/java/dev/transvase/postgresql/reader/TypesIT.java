package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read is compared with what the server itself prints, on every release. */
class TypesIT {

    private static final List<String> VALUES = List.of(
            "true",
            "(-32768)::smallint",
            "2147483647",
            "(-9223372036854775808)::bigint",
            "0.5::real",
            "'NaN'::real",
            "-0.25::float8",
            "'-Infinity'::float8",
            "12345678901234567890.1234567890::numeric",
            "'NaN'::numeric",
            "0.00::numeric(5,2)",
            "'käse € 🧀'::text",
            "''::varchar",
            "'ab'::char(5)",
            "'n'::name",
            "'\\xdeadbeef00'::bytea",
            "'4713-01-01 BC'::date",
            "'infinity'::date",
            "'24:00:00'::time",
            "'12:34:56.789+05:30'::timetz",
            "'2026-01-01 00:00:00.000001'::timestamp",
            "'-infinity'::timestamp",
            "'2026-06-01 12:00+02'::timestamptz",
            "'1 year -2 mons +3 days -04:05:06.7'::interval",
            "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
            "'{\"a\": [1,  2]}'::json",
            "'{\"b\": null}'::jsonb",
            "'{1,NULL,3}'::int4[]",
            "'{{a,\"b c\"},{NULL,\"\"}}'::text[]",
            "'[2:3]={1.5,2}'::numeric[]",
            "'192.168.1.5/24'::inet",
            "'10.0.0.1'::inet",
            "'10.0.0.0/8'::cidr",
            "'08:00:2b:01:02:03'::macaddr",
            "'12.34'::money",
            "B'10101'",
            "'101'::bit varying(9)",
            "'<a>1</a>'::xml",
            "'(1,2)'::point",
            "'[1,5)'::int4range",
            "'[2026-01-01,2026-02-01)'::daterange",
            "'fat cat'::tsvector",
            "'16/B374D848'::pg_lsn",
            "'x'::\"char\"",
            "'pg_class'::regclass",
            "'{pg_class}'::regclass[]",
            "'{10.0.0.1/8,::1}'::inet[]",
            "'sad'::mood",
            "'{sad,happy}'::mood[]",
            "'(1,\"a b\")'::pair",
            "ARRAY['(1,x)'::pair]",
            "ROW(1, 'r')",
            "'[1.5,2.5]'::span",
            "5::positive",
            "'10.1.2.3'::address",
            "'happy'::good_mood",
            "NULL::pair");

    static List<Integer> majors() {
        return TestingPostgres.majors();
    }

    private static TestingDatabase create(int major) throws SQLException {
        TestingDatabase database = TestingPostgres.major(major).createDatabase();
        database.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                "CREATE TYPE pair AS (a int, b text)",
                "CREATE TYPE span AS RANGE (subtype = float8)",
                "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
                "CREATE DOMAIN address AS inet",
                "CREATE DOMAIN good_mood AS mood CHECK (VALUE <> 'sad')");
        return database;
    }

    @ParameterizedTest
    @MethodSource("majors")
    void textIsWhatTheServerPrints(int major) throws SQLException {
        try (TestingDatabase database = create(major);
                Reading reading =
                        Reading.of(ReaderSetup.of(database).querySql("SELECT " + String.join(", ", VALUES)), 1)) {
            List<String> read = reading.rows().get(0);
            List<String> printed = printed(database);
            for (int i = 0; i < VALUES.size(); i++) {
                assertThat(read.get(i)).as(VALUES.get(i)).isEqualTo(printed.get(i));
            }
        }
    }

    /** format() prints with the types' output functions, on the server. */
    private static List<String> printed(TestingDatabase database) throws SQLException {
        List<String> printed = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            for (String value : VALUES) {
                try (ResultSet row = statement.executeQuery(
                        "SELECT CASE WHEN v IS DISTINCT FROM NULL THEN format('%s', v) END FROM (SELECT " + value
                                + ") AS one(v)")) {
                    row.next();
                    printed.add(row.getString(1));
                }
            }
        }
        return printed;
    }

    /** Nobody knows the fields of an anonymous record, or whether there is xml in it. */
    @ParameterizedTest
    @MethodSource("majors")
    void aRecordGoesByPlacesWithAWord(int major) throws SQLException {
        try (TestingDatabase database = create(major)) {
            database.execute("CREATE TABLE t AS SELECT 1 AS id");
            for (ReaderSetup setup : List.of(
                    ReaderSetup.of(database).querySql("SELECT 1, ROW(1, '<a/>'::xml), '(1,x)'::pair"),
                    ReaderSetup.of(database).querySql("SELECT ARRAY[ROW(1, 2)]"),
                    ReaderSetup.of(database).table("t").column("id", "ROW(id, id)", "ROW(id, 'x')::pair"))) {
                try (Reading reading = Reading.of(setup, 1)) {
                    assertThat(reading.checks.errors).isEmpty();
                    assertThat(reading.checks.warnings)
                            .singleElement()
                            .satisfies(w -> assertThat(w.message())
                                    .contains("is an anonymous record", "by position", "cast it to a composite type"));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("majors")
    void columnsOfATableWithNativeTypes(int major) throws SQLException {
        try (TestingDatabase database = create(major)) {
            database.execute(
                    "CREATE TABLE native (i inet, m mood, p pair, ms mood[], d address, g good_mood, r span, c regclass,"
                            + " h varchar(3), n positive)",
                    "INSERT INTO native VALUES ('10.0.0.1', 'sad', '(1,x)', '{sad}', '::1', 'happy', '[1,2)', 'native',"
                            + " 'abc', 3)");
            ReaderSetup setup = ReaderSetup.of(database).table("native");
            try (Reading text = Reading.of(setup, 1);
                    Reading wire = Reading.wire(setup)) {
                Schema schema = text.offered.get(0);
                assertThat(schema.wireFormat()).isEqualTo("postgresql");
                assertThat(schema.columns())
                        .containsExactly(
                                column("i", "inet", "inet", true),
                                column("m", "mood", "mood", true),
                                column("p", "pair", "pair", false).withDetail("(\"a\" integer, \"b\" text)"),
                                column("ms", "mood[]", "mood[]", false),
                                column("d", "inet", "inet", true),
                                column("g", "mood", "mood", true),
                                column("r", "span", "span", true).withDetail("range (double precision)"),
                                column("c", "regclass", "regclass", false),
                                Column.of("h", Type.Scalar.TEXT).withDeclaredType("character varying(3)"),
                                Column.of("n", Type.Scalar.INT32).withDeclaredType("integer"));
                assertThat(text.rows().get(0))
                        .containsExactly(
                                "10.0.0.1",
                                "sad",
                                "(1,x)",
                                "{sad}",
                                "::1",
                                "happy",
                                "[1,2)",
                                "public.native",
                                "abc",
                                "3");
                // In hex: IPv4, 32 bits, not a CIDR, 4 bytes of address; the label of an enum.
                assertThat(wire.rows().get(0).subList(0, 2)).containsExactly("\\x022000040a000001", "\\x736164");
                assertThat(wire.rows().get(0).get(2)).isEqualTo("(1,x)");
            }
        }
    }

    private static Column column(String name, String type, String declared, boolean wire) {
        return Column.of(name, new Type.Native(type))
                .withDeclaredType(declared)
                .withEncoding(wire ? Column.Encoding.WIRE : Column.Encoding.STANDARD);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void otherEncodingsAreTranscoded(int major) throws SQLException {
        try (TestingDatabase database = TestingPostgres.major(major)
                .createDatabase("TEMPLATE template0 ENCODING 'EUC_CN' LC_COLLATE 'C' LC_CTYPE 'C'")) {
            database.execute("CREATE TABLE t (v text)", "INSERT INTO t VALUES ('数据')");
            try (Reading reading = Reading.of(ReaderSetup.of(database).table("t"), 1)) {
                assertThat(reading.rows()).containsExactly(List.of("数据"));
            }
        }
    }
}
