package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong with a target is told before anything is moved, all at once. */
class ChecksIT {

    private TestingDatabase database;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute("CREATE TABLE target (id integer, name text)");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private TestingWriter writer() {
        return TestingWriter.to(database, "target");
    }

    /** Columns whose names mean nothing. */
    private static Schema schema(Scalar... types) {
        return Schema.of(
                new TableName("public", "source"),
                IntStream.range(0, types.length)
                        .mapToObj(i -> Column.of("c" + i, types[i]).withOrigin(Column.Origin.UNNAMED))
                        .toList());
    }

    @Test
    void aMissingTable() {
        assertThat(writer().tables("shop.\"Orders\"").check(Numbers.SCHEMA).errors())
                .singleElement()
                .asString()
                .startsWith("table TABLE_NOT_FOUND: there is no table shop.\"Orders\" in database " + database.name())
                .contains("CREATE TABLE IF NOT EXISTS \"shop\".\"Orders\"");
    }

    /** A query or made-up records have a name, but it is no table's. */
    @Test
    void aReaderThatHasNoTable() {
        assertThat(writer().tables().check(Numbers.schema("querySql")).errors())
                .singleElement()
                .asString()
                .startsWith("table TABLE_REQUIRED: the reader's records come from \"querySql\" and not from a table")
                .contains("name the table to write to");
        assertThat(writer().tables().check(schema(Scalar.INT32)).errors())
                .singleElement()
                .asString()
                .startsWith("table TABLE_NOT_FOUND: there is no table public.source");
    }

    @Test
    void missingAndGeneratedColumnsAtOnce() throws SQLException {
        database.execute("ALTER TABLE target ADD twice integer GENERATED ALWAYS AS (id * 2) STORED");
        assertThat(writer().columns("ID", "nome", "twice", "\"Name\"", "id")
                        .check(Numbers.SCHEMA)
                        .errors())
                .satisfiesExactly(
                        e -> assertThat(e)
                                .startsWith("column[1] COLUMN_NOT_FOUND: public.target has no column nome; it has id,"
                                        + " name, twice"),
                        e -> assertThat(e).startsWith("column[2] GENERATED_COLUMN"),
                        e -> assertThat(e).startsWith("column[3] COLUMN_NOT_FOUND"),
                        e -> assertThat(e).startsWith("column[4] DUPLICATE_COLUMN"));
    }

    @Test
    void anotherNumberOfColumns() {
        assertThat(writer().columns("name").check(Numbers.SCHEMA).errors())
                .singleElement()
                .asString()
                .contains("COLUMN_COUNT", "the reader has 2 columns (id, name), the writer 1 of public.target (name)");
    }

    @Test
    void starLeavesGeneratedColumnsOut() throws SQLException {
        database.execute("CREATE TABLE other (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED, c text,"
                + " d integer GENERATED ALWAYS AS IDENTITY)");
        Schema offered = schema(Scalar.INT32, Scalar.TEXT, Scalar.INT32);
        WriteTarget target = writer().tables("other").plan(offered);
        assertThat(target.description())
                .startsWith("INSERT INTO \"public\".\"other\" (\"a\", \"c\", \"d\") OVERRIDING SYSTEM VALUE SELECT");
    }

    @Test
    void whatIsNoTable() throws SQLException {
        database.execute("CREATE VIEW a_view AS SELECT count(*) FROM target");
        assertThat(writer().tables("a_view").check(Numbers.SCHEMA).errors())
                .singleElement()
                .asString()
                .startsWith("table NOT_A_TABLE: expected a table, found the view public.a_view, which accepts no rows");
    }

    @Test
    void missingPrivileges() throws SQLException {
        database.execute("CREATE SCHEMA closed", "CREATE TABLE closed.target (id integer, name text)");
        TestingLogin login = database.createLogin();
        TestingWriter writer = writer().at(TestingWriter.dataSource(
                database, database.host(), database.port(), login.user(), login.password()));
        assertThat(writer.tables("closed.target").check(Numbers.SCHEMA).errors())
                .satisfiesExactly(
                        e -> assertThat(e).endsWith("GRANT USAGE ON SCHEMA \"closed\" TO \"" + login.user() + "\""),
                        e -> assertThat(e)
                                .startsWith("table MISSING_PRIVILEGE")
                                .endsWith("GRANT INSERT ON \"closed\".\"target\" TO \"" + login.user() + "\""));
        database.execute("GRANT INSERT (name) ON target TO " + login.user());
        assertThat(writer.check(Numbers.SCHEMA).errors()).hasSize(1);
        assertThat(writer.columns("name").check(schema(Scalar.TEXT)).errors()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void aColumnsPrivilegeIsEnoughToWriteIt(WriteMode mode) throws SQLException {
        TestingLogin login = database.createLogin();
        database.execute("GRANT INSERT (id, name) ON target TO " + login.user());
        TestingWriter writer = writer().mode(mode)
                .at(TestingWriter.dataSource(
                        database, database.host(), database.port(), login.user(), login.password()));
        writer.columns("id", "name")
                .write(new CollectedJournal(0), Numbers.SCHEMA, List.of(Numbers.batch(0, 3, id -> "x")));
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("3");
    }

    @Test
    void pgTypes() throws SQLException {
        database.execute("CREATE TABLE other (a bigint[], b double precision[], c text[], d jsonb, e json)");
        Schema offered = schema(Scalar.TEXT, Scalar.TEXT, Scalar.TEXT, Scalar.TEXT, Scalar.TEXT);
        TestingWriter writer = writer().tables("other");
        assertThat(writer.pgType(Map.of("a", "bigint[]", "b", "double[]", "c", "text[]", "d", "jsonb", "e", "json"))
                        .check(offered)
                        .errors())
                .isEmpty();
        assertThat(writer.pgType(Map.of("a", "double[]")).check(offered).errors())
                .singleElement()
                .asString()
                .startsWith("pgType.a PG_TYPE_MISMATCH: column a of public.other is not double[] but bigint[]");
        assertThat(writer.pgType(Map.of("z", "json")).check(offered).errors())
                .singleElement()
                .asString()
                .startsWith("pgType.z COLUMN_NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESTAMP, time",
        "TIMETZ, time",
        "TIMESTAMPTZ, timetz",
        "DATE, time",
        "TEXT, \"char\"",
        "INT32, interval",
        "INT32, date",
        "INT32, bit",
        "BYTES, integer",
        "UUID, bytea",
        "JSONB, integer",
        "BOOL, numeric",
        "TIMESTAMP, tsrange"
    })
    void noWayThatLosesPartOfAValue(Scalar from, String to) throws SQLException {
        database.execute("CREATE TABLE other (a " + to + ")");
        assertThat(writer().tables("other").check(schema(from)).errors())
                .singleElement()
                .asString()
                .startsWith("column UNSUPPORTED_CONVERSION");
    }

    @Test
    void noWayIntoATypeOfTheServersOwn() throws SQLException {
        database.execute("CREATE TABLE other (a pg_node_tree, b integer)");
        assertThat(writer().tables("other")
                        .check(schema(Scalar.TEXT, Scalar.INT32))
                        .errors())
                .singleElement()
                .asString()
                .startsWith("column UNSUPPORTED_TYPE: column a of public.other is pg_node_tree");
    }

    @Test
    void noWayThatLosesPartOfAnElement() throws SQLException {
        database.execute("CREATE TABLE other (a time[])");
        Schema offered =
                Schema.of(new TableName("public", "source"), List.of(Column.of("a", new Type.Array(Scalar.TIMESTAMP))));
        assertThat(writer().tables("other").check(offered).errors())
                .singleElement()
                .asString()
                .startsWith("column UNSUPPORTED_CONVERSION");
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESTAMPTZ, timestamp, UTC",
        "TIMESTAMP, timestamptz, UTC",
        "DECIMAL, 'numeric(8,2)', more precision",
        "TIMESTAMP, date, '\"c0\"::date'",
        "DECIMAL, integer, decimal places",
        "FLOAT64, real, six digits",
        "FLOAT64, money, 'round(\"c0\"::numeric, 2)'"
    })
    void whatIsNotTakenAsItStandsIsWarnedOf(Scalar from, String to, String expected) throws SQLException {
        database.execute("CREATE TABLE other (a " + to + ")");
        CollectedChecks checks = writer().tables("other").check(schema(from));
        assertThat(checks.errors()).isEmpty();
        assertThat(checks.warnings()).singleElement().asString().contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "uuid, varchar(35), 36 characters",
        "uuid, char(36), ''",
        "bit(8), bit(4), another number of bits",
        "bit(8), bit(9), another number of bits",
        "bit(8), varbit(7), more bits",
        "bit(8), varbit(8), ''",
        "bit(8), varchar(7), 8 characters",
        "date, varchar(7), 8 characters",
        "macaddr, varchar(16), 17 characters",
        "macaddr, varchar(17), ''"
    })
    void columnsThatTakeNoValueAreWarnedOf(String from, String to, String expected) throws SQLException {
        database.execute("CREATE TABLE source (a " + from + ")", "CREATE TABLE other (a " + to + ")");
        CollectedChecks checks = writer().tables("other").check(TestingSource.offered(database, "source"));
        assertThat(checks.errors()).isEmpty();
        if (expected.isEmpty()) {
            assertThat(checks.warnings()).isEmpty();
        } else {
            assertThat(checks.warnings())
                    .singleElement()
                    .asString()
                    .contains("each value will be a dirty record", expected);
        }
    }

    @Test
    void aColumnThatWillBeMissedIsWarnedOf() throws SQLException {
        database.execute("CREATE TABLE other (a integer, b integer NOT NULL, c integer NOT NULL DEFAULT 1, d serial)");
        CollectedChecks checks = writer().tables("other").columns("a").check(schema(Scalar.INT32));
        assertThat(checks.errors()).isEmpty();
        assertThat(checks.warnings()).singleElement().asString().contains("column b of public.other");
    }

    @Test
    void tablesOfSeveralSchemas() throws SQLException {
        database.execute("CREATE TABLE one (id integer, name text)", "CREATE TABLE two (id integer, name text)");
        Schema[] offered = {Numbers.schema("one"), Numbers.schema("two")};
        assertThat(targets(writer().tables(), offered)).containsExactly("public.one", "public.two");
        assertThat(targets(writer(), offered)).containsExactly("public.target", "public.target");
        assertThat(targets(writer().tables("two", "one"), offered)).containsExactly("public.two", "public.one");
        assertThat(writer().tables("one", "two", "target").check(offered).errors())
                .singleElement()
                .asString()
                .startsWith("table TABLE_COUNT");
    }

    private static List<String> targets(TestingWriter testing, Schema... offered) {
        try (PostgresWriter writer = testing.open()) {
            return writer.plan(List.of(offered), new CollectedChecks()).stream()
                    .map(WriteTarget::target)
                    .toList();
        }
    }

    @Test
    void aReadOnlyTarget() {
        assertThat(writer().session("SET default_transaction_read_only = on")
                        .check(Numbers.SCHEMA)
                        .errors())
                .singleElement()
                .asString()
                .startsWith("datasource READ_ONLY_TARGET");
    }
}
