package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Types of the users' own, which have other contents at the target, by the same names or by others. */
class UserTypesIT {

    private static final int FIRST_WITH_ARRAYS_OF_DOMAINS = 11;
    private static final int FIRST_WITH_MULTIRANGES = 14;
    private static final int FIRST_WITH_NEGATIVE_SCALES = 15;

    private TestingDatabase from;
    private TestingDatabase to;
    private int major;

    static List<TestingPostgres> oldestAndNewest() {
        return List.of(TestingPostgres.oldest(), TestingPostgres.newest());
    }

    static List<TestingPostgres> oldestAndNewestWithNegativeScales() {
        List<Integer> majors = TestingPostgres.majors().stream()
                .filter(m -> m >= FIRST_WITH_NEGATIVE_SCALES)
                .toList();
        return List.of(TestingPostgres.major(majors.get(0)), TestingPostgres.newest());
    }

    private void on(TestingPostgres server) {
        major = server.major();
        from = server.createDatabase();
        to = server.createDatabase();
    }

    @AfterEach
    void dropDatabases() {
        from.close();
        to.close();
    }

    private void types(TestingDatabase database, String price, String time, String number) throws Exception {
        database.execute(
                "CREATE DOMAIN price AS " + price,
                "CREATE TYPE tr AS RANGE (subtype = " + time + ")",
                "CREATE TYPE fr AS RANGE (subtype = " + number + ")",
                "CREATE TYPE bag AS (r tr, rs tr[], f fr, p price)");
    }

    private void table(TestingDatabase database, String name) throws Exception {
        database.execute("CREATE TABLE " + name + " (id integer, r tr, rs tr[], f fr, b bag, bs bag[])");
        if (major >= FIRST_WITH_ARRAYS_OF_DOMAINS) {
            database.execute(
                    "ALTER TABLE " + name + " ADD prices price[]",
                    "CREATE TYPE list AS (ps price[])",
                    "ALTER TABLE " + name + " ADD list list");
        }
        if (major >= FIRST_WITH_MULTIRANGES) {
            database.execute("ALTER TABLE " + name + " ADD m tr_multirange, ADD ms tr_multirange[]");
        }
    }

    private List<String> errors() throws Exception {
        return List.copyOf(TestingWriter.to(to, "target")
                .check(TestingSource.offered(from, "source"))
                .errors());
    }

    private CollectedJournal move(WriteMode mode) throws Exception {
        to.execute("TRUNCATE target");
        Schema offered = TestingSource.offered(from, "source");
        TestingWriter writer = TestingWriter.to(to, "target").mode(mode);
        RecordBatch batch = TestingSource.read(from, writer.plan(offered).accepted());
        CollectedJournal journal = new CollectedJournal(100);
        writer.write(journal, offered, List.of(batch));
        return journal;
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void ofOneNameThatKeepLessAreRefused(TestingPostgres server) throws Exception {
        on(server);
        types(from, "numeric(10,4)", "timestamp", "float8");
        types(to, "numeric(10,2)", "date", "float4");
        table(from, "source");
        table(to, "target");
        List<String> columns = Stream.of("r", "rs", "f", "b", "bs", "prices", "list", "m", "ms")
                .limit(major >= FIRST_WITH_MULTIRANGES ? 9 : major >= FIRST_WITH_ARRAYS_OF_DOMAINS ? 7 : 5)
                .toList();
        assertThat(errors())
                .hasSameSizeAs(columns)
                .allSatisfy(error -> assertThat(error).contains("UNSUPPORTED_CONVERSION"));
        assertThat(errors().get(0))
                .contains("range (timestamp without time zone)")
                .contains("range (date)");
        assertThat(errors().get(4)).contains("\"f\" range (double precision)");
        if (major >= FIRST_WITH_ARRAYS_OF_DOMAINS) {
            assertThat(errors().get(5)).contains("numeric(10,4)[]").contains("numeric(10,2)[]");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void ofAnotherZoneAreRefused(TestingPostgres server) throws Exception {
        on(server);
        types(from, "numeric(10,4)", "timestamp", "float8");
        types(to, "numeric(10,4)", "timestamptz", "float8");
        from.execute("CREATE TABLE source (r tr)");
        to.execute("CREATE TABLE target (r tr)");
        assertThat(errors()).singleElement().asString().contains("range (timestamp with time zone)");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void thatKeepAsMuchTakeEachValue(TestingPostgres server) throws Exception {
        on(server);
        types(from, "numeric(10,4)", "timestamp", "float8");
        types(to, "numeric(12,4)", "timestamp", "float8");
        table(from, "source");
        table(to, "target");
        from.execute("INSERT INTO source (id, r, rs, f, b, bs) SELECT 1, r, ARRAY[r, NULL, 'empty'], '[0.1,1e300)', b,"
                + " ARRAY[b, NULL] FROM (SELECT r, ROW(r, ARRAY[r], '[0.1,)', 1.2345)::bag AS b"
                + " FROM (SELECT tr '[2024-01-01 10:00:00.5,2024-01-02)' AS r) x) y");
        if (major >= FIRST_WITH_ARRAYS_OF_DOMAINS) {
            from.execute("UPDATE source SET prices = '{1.2345,NULL}', list = '(\"{1.2345}\")'");
        }
        if (major >= FIRST_WITH_MULTIRANGES) {
            from.execute("UPDATE source SET m = '{[2024-01-01 10:00,2024-01-02)}', ms = ARRAY[m, '{}']");
        }
        from.execute("INSERT INTO source (id) VALUES (2)");
        for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
            assertThat(move(mode).dirtyRecords()).isEmpty();
            assertThat(to.query("SELECT t::text FROM target t ORDER BY id"))
                    .isEqualTo(from.query("SELECT s::text FROM source s ORDER BY id"));
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void ofAnotherKindAreRefused(TestingPostgres server) throws Exception {
        on(server);
        from.execute(
                "CREATE EXTENSION hstore",
                "CREATE EXTENSION citext",
                "CREATE TYPE tr AS RANGE (subtype = date)",
                "CREATE TYPE pair AS (a integer, b integer)",
                "CREATE TYPE mood AS ENUM ('(1,2)')",
                "CREATE TYPE kind AS ENUM ('empty')",
                "CREATE TABLE source (a hstore, b tr, c pair, d mood, e mood, f hstore, g citext, h kind)");
        to.execute(
                "CREATE SCHEMA others",
                "CREATE EXTENSION hstore SCHEMA others",
                "CREATE EXTENSION citext",
                "CREATE TYPE span AS RANGE (subtype = date)",
                "CREATE TYPE pair AS (a integer, b integer)",
                "CREATE TYPE temper AS ENUM ('(1,2)')",
                "CREATE TYPE kind AS RANGE (subtype = date)",
                "CREATE TABLE target (a others.hstore, b span, c temper, d others.hstore, e pair, f temper, g citext, h kind)");
        // An enum, and with it the text of any base type, either is one of the labels or is not.
        assertThat(errors().stream().map(e -> e.replaceFirst(".*: column (.) of.*", "$1")))
                .containsExactly("c", "d", "e", "h");
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void namesOfLostObjectsAreDirtyWhereverTheyAre(TestingPostgres server) throws Exception {
        on(server);
        String[] types = {
            "CREATE DOMAIN relation AS regclass", "CREATE TYPE ref AS (id integer, r relation, t regtype[])"
        };
        from.execute(types);
        to.execute(types);
        boolean arrays = major >= FIRST_WITH_ARRAYS_OF_DOMAINS;
        String domains = arrays ? "relation[]" : "regclass[]";
        from.execute(
                "CREATE TABLE source (id integer, c ref, cs ref[], d " + domains + ")",
                "CREATE TABLE \"99999\" ()",
                "INSERT INTO source VALUES (1, '(1,pg_class,{integer})', '{\"(1,pg_class,{integer})\",NULL}',"
                        + " '{pg_class,0,NULL}'), (2, '(1,99999,)', NULL, NULL), (3, NULL, '{\"(1,,\\\"{99999}\\\")\"}', NULL),"
                        + " (4, NULL, NULL, '{pg_class,99999}'), (5, '(99999,,)', NULL, '{\"\\\"99999\\\"\"}')");
        to.execute("CREATE TABLE target (id integer, c ref, cs ref[], d " + domains + ")", "CREATE TABLE \"99999\" ()");
        for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
            CollectedJournal journal = move(mode);
            assertThat(to.query("SELECT id FROM target ORDER BY 1")).containsExactly(List.of("1"), List.of("5"));
            assertThat(journal.dirtyRecords())
                    .hasSize(3)
                    .allSatisfy(r -> assertThat(r.toString()).contains("99999 is a number instead of a name"));
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewestWithNegativeScales")
    void boundsOfMultirangesAndNumbersOfObjectsKeepTheirDigits(TestingPostgres server) throws Exception {
        on(server);
        from.execute(
                "CREATE TABLE source (id integer, m text, o oid, os oid[])",
                "INSERT INTO source VALUES (1, '{[2024-01-01,2024-01-02),empty, [\"2024-02-01\",]}', 1200, '{1200}'),"
                        + " (2, '{[2024-01-01 10:00:00,2024-01-02)}', NULL, NULL),"
                        + " (3, '{[2024-01-01,2024-01-02),[today,)}', NULL, NULL), (4, NULL, 1234, NULL),"
                        + " (5, NULL, NULL, '{1200,1234}')");
        to.execute("CREATE TABLE target (id integer, m datemultirange, o numeric(9,-2), os numeric(9,-2)[])");
        for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
            CollectedJournal journal = move(mode);
            assertThat(to.query("SELECT id, m, o, os FROM target"))
                    .containsExactly(List.of("1", "{[2024-01-01,2024-01-02),[2024-02-01,)}", "1200", "{1200}"));
            assertThat(journal.dirtyRecords()).hasSize(4);
            assertThat(journal.dirtyRecords().toString())
                    .contains("bound: value 2024-01-01 10:00:00 has a time of day")
                    .contains("bound: value today means a different time")
                    .contains("value 1234 has more digits than numeric(9,-2) keeps");
        }
    }
}
