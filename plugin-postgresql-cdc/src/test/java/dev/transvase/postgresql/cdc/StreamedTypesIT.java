package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values through the stream are what they are through the snapshot. */
class StreamedTypesIT {

    private static final String SCALARS =
            "id int PRIMARY KEY, b bool, s smallint, l bigint, r real, d double precision,"
                    + " n numeric, t text, c char(5), y bytea, da date, ti time, ts timestamp, tz timestamptz, u uuid, j json, jb jsonb,"
                    + " v varchar(20), na name";

    private static final String SCALAR_ROWS = "INSERT INTO %s VALUES"
            + " (1, true, -32768, 9223372036854775807, 1.1, 'NaN', 'NaN', E'a\\tb\\\\ \"ö', 'ab', '\\x00ff5c', '0044-03-15 BC',"
            + " '24:00', '294276-12-31 23:59:59.999999', '4713-01-01 00:00:00+00 BC', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',"
            + " '{\"a\":  1}', '{\"b\": [1, null]}', '', 'n'),"
            + " (2, false, 0, -9223372036854775808, '-Infinity', 1e-310, 1234567890.0123456789000, '', '', '', 'infinity',"
            + " '00:00:00.000001', '-infinity', 'infinity', NULL, 'null', 'null', 'x', ''),"
            + " (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),"
            + " (4, true, 1, 1, '-0', 0.1, -0.00000000000000000001, 'NULL', 'x', '\\x5c78', '5874897-12-31', '12:34:56.789',"
            + " '0001-01-01 00:00 BC', '2000-01-01 00:00:00.000001+00', NULL, '[]', '{}', 'null', 'q'),"
            + " (5, true, 1, 1, 3.4028235e38, 1.7976931348623157e308, 1e30, 'a', 'a', '\\x', '2024-02-29', '23:59:59.999999',"
            + " '1999-12-31 23:59:59.999999', '0001-01-01 00:00:00+00', NULL, '1', '1', 'a', 'a')";

    private static final String OTHERS =
            "id int PRIMARY KEY, i interval, tt timetz, a int[], ta text[], net inet, m money,"
                    + " bt bit(3), vb varbit, mo mood, dom posint, pt pair, h hstore, lt ltree, ir int4range, p point, x xml,"
                    + " ci citext, ma mood[], daa date[]";

    private static final String OTHER_ROWS = "INSERT INTO %s VALUES"
            + " (1, '1 year 2 mons -3 days 04:05:06.789', '12:00:00.5+02:30', '[0:1][2:3]={{1,NULL},{3,4}}',"
            + " '{\"a,b\",NULL,\"\",\"q\\\"\"}', '10.0.0.0/8', '-12.34', B'101', B'', 'sad', 7, ROW(1, 'x\"y'), 'a=>1, b=>NULL',"
            + " 'top.down', '[1,5)', '(1.5,-2)', '<a>1</a>', 'CaSe', '{sad,NULL}', '{infinity,2000-01-01}'),"
            + " (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)";

    static List<Integer> majors() {
        return TestingPostgres.majors();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void areTheSame(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            database.execute(
                    "CREATE EXTENSION hstore",
                    "CREATE EXTENSION ltree",
                    "CREATE EXTENSION citext",
                    "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                    "CREATE DOMAIN posint AS int CHECK (VALUE > 0)",
                    "CREATE TYPE pair AS (n int, t text)",
                    "CREATE TABLE before1 (" + SCALARS + ")",
                    "CREATE TABLE after1 (" + SCALARS + ")",
                    "CREATE TABLE before2 (" + OTHERS + ")",
                    "CREATE TABLE after2 (" + OTHERS + ")",
                    SCALAR_ROWS.formatted("before1"),
                    OTHER_ROWS.formatted("before2"));
            for (String table : List.of("before1", "after1", "before2", "after2")) {
                database.execute("ALTER TABLE " + table + " REPLICA IDENTITY FULL");
            }
            // Alone they are sent in binary where the server can; together with the others as text.
            compare(database, List.of("before1", "after1"), List.of(SCALAR_ROWS.formatted("after1")));
            database.execute("TRUNCATE after1");
            compare(
                    database,
                    List.of("before1", "after1", "before2", "after2"),
                    List.of(SCALAR_ROWS.formatted("after1"), OTHER_ROWS.formatted("after2")));
        }
    }

    private static void compare(TestingDatabase database, List<String> tables, List<String> inserts) throws Exception {
        try (Following following = new Following(database, tables.toArray(String[]::new))) {
            following.run();
            List<String> snapshot = stripped(following, "ROW before");
            following.lines.clear();
            database.execute(inserts.toArray(String[]::new));
            following.run();
            assertThat(stripped(following, "INSERT after")).containsExactlyInAnyOrderElementsOf(snapshot);
            assertThat(snapshot).isNotEmpty();
        }
    }

    private static List<String> stripped(Following following, String prefix) {
        List<String> stripped = new ArrayList<>();
        for (String line : following.lines) {
            assertThat(line).startsWith(prefix);
            stripped.add(line.substring(prefix.length()));
        }
        return stripped;
    }

    /** What became a value of its type only while it is followed. */
    @ParameterizedTest
    @MethodSource("majors")
    void valuesThatAreNewToTheirType(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TYPE mood AS ENUM ('sad')",
                    "CREATE TABLE t (id int PRIMARY KEY, m mood, n numeric)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "INSERT INTO t VALUES (1, 'sad', 1)");
            following.run();
            String infinity = major >= 14 ? "-Infinity" : "NaN";
            database.execute(
                    "INSERT INTO t VALUES (2, 'sad', 2)",
                    "ALTER TYPE mood ADD VALUE 'happy' BEFORE 'sad'",
                    "INSERT INTO t VALUES (3, 'happy', '" + infinity + "')");
            following.run();
            assertThat(following.lines)
                    .containsExactly("ROW t 1 sad 1", "INSERT t 2 sad 2", "INSERT t 3 happy " + infinity);
        }
    }
}
