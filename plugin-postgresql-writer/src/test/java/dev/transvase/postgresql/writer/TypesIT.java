package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of every type arrive as they were, and of those that PostgreSQL has beyond the specification. */
class TypesIT {

    private static final String COLUMNS =
            "a_bigint bigint, a_bigserial bigserial, an_integer integer, a_smallint smallint,"
                    + " a_serial serial, a_double double precision, a_money money, a_numeric numeric, a_price numeric(12,2),"
                    + " a_real real, a_varchar varchar(20), a_char char(5), a_text text, a_name name, a_bit bit(4), a_varbit"
                    + " varbit(8), an_inet inet, a_cidr cidr, a_date date, a_time time, a_timetz timetz, a_timestamp timestamp,"
                    + " a_timestamptz timestamptz, an_interval interval, a_bool bool, a_bytea bytea, a_uuid uuid, a_json json,"
                    + " a_jsonb jsonb, an_xml xml, a_mood mood, a_range int4range, a_point point, a_vector tsvector,"
                    + " ints integer[], texts text[], varchars varchar(4)[], prices numeric(8,3)[], inets inet[], moods mood[],"
                    + " a_domain positive, a_pair pair, \"123-Test\" text";

    private static final List<String> VALUES = List.of(
            "(9223372036854775807, 1, -2147483648, -32768, 5, 'NaN', '12.34', 'NaN', 1234567890.12, 'Infinity', 'abc',"
                    + " 'x', E'tab\\tnew\\nline\\\\back\\rreturn', 'a name', B'1010', B'101', '10.0.0.1/8', '10.0.0.0/8',"
                    + " '2024-02-29', '24:00:00', '10:00:00.000001+05:30', '294276-12-31 23:59:59.999999',"
                    + " '4713-01-01 00:00:00 BC UTC', '1 mon 2 days 03:04:05.000006', true, '\\x00ff5c0a',"
                    + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{\"a\":  1}', '{\"b\": [1, null]}', '<a>b</a>', 'so so',"
                    + " '[1,5)', '(1.5,2)', 'a:1 fat:2', '{{1,2},{3,NULL}}', '{a,NULL,\"\",\"\\\\x\"}', '{abcd}', '{1.5}',"
                    + " '{10.1.1.1}', '{happy,so so}', 7, '(1,x)', '\u00fc\u4e16\ud83d\ude00')",
            "(0, 2, 0, 0, 6, -0.1, '-0.01', 1.50000, -0.01, 0.1, '', '', '', '', B'0000', B'', '::1', '::/0', 'infinity',"
                    + " '00:00:00', '00:00:00-15:59', '-infinity', 'infinity', '-1 mon +1 day -00:00:00.000001', false, '',"
                    + " '00000000-0000-0000-0000-000000000000', 'null', '\"x\"', '', 'happy', 'empty', '(0,0)', '',"
                    + " '[5:6]={1,2}', '{}', '{}', '{}', '{}', '{}', 1, '(,)', '')",
            "(" + "NULL, 3, NULL, NULL, 7" + ", NULL".repeat(38) + ")");

    static Stream<Arguments> serversAndModes() {
        return TestingPostgres.majors().stream()
                .flatMap(
                        major -> Stream.of(Arguments.of(major, WriteMode.INSERT), Arguments.of(major, WriteMode.COPY)));
    }

    private static void createTypes(TestingDatabase database) throws Exception {
        database.execute(
                "CREATE TYPE mood AS ENUM ('happy', 'so so')",
                "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
                "CREATE TYPE pair AS (a integer, b text)");
    }

    private static void createSource(TestingDatabase database) throws Exception {
        createTypes(database);
        database.execute("CREATE TABLE source (" + COLUMNS + ")");
        for (String values : VALUES) {
            database.execute("INSERT INTO source VALUES " + values);
        }
    }

    /** Everything is as it was when the two tables print the same. */
    private static void assertSame(TestingDatabase from, TestingDatabase to, int copies) throws Exception {
        List<List<String>> expected = from.query("SELECT * FROM source ORDER BY a_serial");
        List<List<String>> rows = to.query("SELECT * FROM target ORDER BY a_serial");
        assertThat(expected).hasSize(VALUES.size());
        assertThat(rows).hasSize(copies * VALUES.size());
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i)).isEqualTo(expected.get(i / copies));
        }
    }

    @ParameterizedTest
    @MethodSource("serversAndModes")
    void everyTypeArrivesAsItWas(int major, WriteMode mode) throws Exception {
        try (TestingDatabase from = TestingPostgres.major(major).createDatabase();
                TestingDatabase to = TestingPostgres.major(major).createDatabase()) {
            createSource(from);
            // Other objects first, so that no OID is the same by chance.
            to.execute("CREATE TYPE filler AS ENUM ('x')", "CREATE TABLE filler1 ()");
            createTypes(to);
            to.execute("CREATE TABLE target (" + COLUMNS + ")");
            Schema offered = TestingSource.offered(from, "source");
            TestingWriter writer = TestingWriter.to(to, "target").mode(mode);
            RecordBatch batch = TestingSource.read(from, writer.plan(offered).accepted());
            CollectedJournal journal = new CollectedJournal(0);
            writer.write(journal, offered, List.of(batch));
            assertSame(from, to, 1);
            assertThat(journal.committedRecords()).isEqualTo(VALUES.size());
            assertThat(journal.committedBytes()).isEqualTo(batch.bytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"extra positive NOT NULL DEFAULT 9", "extra aclitem"})
    void everyTypeArrivesAsItWasWhereRowsCannotBeSentInBinary(String extra) throws Exception {
        try (TestingDatabase from = TestingPostgres.newest().createDatabase();
                TestingDatabase to = TestingPostgres.newest().createDatabase()) {
            createSource(from);
            createTypes(to);
            to.execute("CREATE TABLE target (" + COLUMNS + ", " + extra + ")");
            Schema offered = TestingSource.offered(from, "source");
            String[] names =
                    offered.columns().stream().map(c -> "\"" + c.name() + "\"").toArray(String[]::new);
            TestingWriter writer = TestingWriter.to(to, "target").columns(names);
            WriteTarget target = writer.plan(offered);
            assertThat(target.description()).doesNotContain("\"target\"[]");
            RecordBatch batch = TestingSource.read(from, target.accepted());
            writer.write(new CollectedJournal(0), offered, List.of(batch));
            to.execute("ALTER TABLE target DROP extra");
            assertSame(from, to, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("serversAndModes")
    void equalTypesArePassedThrough(int major, WriteMode mode) throws Exception {
        String columns =
                "a bigint, b varchar(9), c numeric(9,2), d inet, e mood, f int4range, g integer[], h varchar(3)[],"
                        + " i bit(4), j jsonb, k inet[], l positive";
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase()) {
            createTypes(database);
            database.execute(
                    "CREATE TABLE source (" + columns + ")",
                    "INSERT INTO source SELECT n, 'b' || n, n, '10.0.0.1', 'happy', '[1,2]', ARRAY[[n]], '{abc,NULL}',"
                            + " B'1010', '{}', '{::1}', n FROM generate_series(1, 3000) n",
                    "CREATE TABLE target (" + columns + ")");
            Schema offered = TestingSource.offered(database, "source");
            TestingWriter writer = TestingWriter.to(database, "target").mode(mode);
            WriteTarget target = writer.plan(offered);
            assertThat(target.description())
                    .contains("passed through: a, b, c, d, e, f, g, h, i, j, k, l")
                    .doesNotContain("converted", "as text")
                    .contains(mode == WriteMode.COPY ? "(FORMAT binary)" : "unnest(?::\"public\".\"target\"[])");
            RecordBatch batch = TestingSource.read(database, target.accepted());
            writer.write(new CollectedJournal(0), offered, List.of(batch.slice(0, 700), batch.slice(700, 3000)));
            RecordBatch written = TestingSource.read(
                    database,
                    Schema.of(
                                    new TableName("public", "target"),
                                    target.accepted().columns())
                            .withWireFormat(TestingSource.WIRE_FORMAT));
            assertThat(bytes(written)).isEqualTo(bytes(batch));
        }
    }

    @ParameterizedTest
    @MethodSource("serversAndModes")
    void textIsReadByTheServer(int major, WriteMode mode) throws Exception {
        try (TestingDatabase from = TestingPostgres.major(major).createDatabase();
                TestingDatabase to = TestingPostgres.major(major).createDatabase()) {
            createSource(from);
            createTypes(to);
            to.execute("CREATE TABLE target (" + COLUMNS + ")");
            List<List<String>> names = from.query("SELECT attname FROM pg_attribute WHERE attrelid = 'source'::regclass"
                    + " AND attnum > 0 ORDER BY attnum");
            String texts = String.join(
                    ", ",
                    names.stream()
                            .map(n -> "\"" + n.get(0) + "\"::text AS \"" + n.get(0) + "\"")
                            .toList());
            from.execute("SET intervalstyle = postgres; SET timezone = UTC; CREATE TABLE texts AS SELECT " + texts
                    + " FROM source");
            Schema offered = TestingSource.offered(from, "texts");
            TestingWriter writer = TestingWriter.to(to, "target").mode(mode);
            WriteTarget target = writer.plan(offered);
            assertThat(target.description()).contains("as text: a_bigint");
            RecordBatch batch = TestingSource.read(from, target.accepted());
            writer.write(new CollectedJournal(0), offered, List.of(batch));
            assertSame(from, to, 1);
        }
    }

    private static byte[] bytes(RecordBatch batch) {
        return Arrays.copyOfRange(batch.data(), batch.offset(), batch.offset() + batch.bytes());
    }
}
