package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which of the reader's columns goes into which of the table's. */
class PairingIT {

    private static TestingDatabase database;

    @BeforeAll
    static void create() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute("CREATE SCHEMA s", "CREATE SCHEMA t");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    /** All columns of a table, or those that the job lists; of a name in parentheses the name is made up. */
    private static Schema offered(boolean listed, String... names) {
        return Schema.of(
                        new TableName("s", "source"),
                        Arrays.stream(names)
                                .map(name -> name.startsWith("(")
                                        ? Column.of(name, Scalar.TEXT).withOrigin(Column.Origin.UNNAMED)
                                        : Column.of(name, Scalar.TEXT).withDeclaredType("text"))
                                .toList())
                .withListed(listed);
    }

    private static Schema all(String names) {
        return offered(false, names.split(" "));
    }

    private static Schema listed(String names) {
        return offered(true, names.split(" "));
    }

    private TestingWriter into(String columns) throws SQLException {
        String declared = columns.contains("GENERATED") || columns.contains("NULL")
                ? columns
                : columns.replace(" ", " text, ") + " text";
        database.execute("DROP TABLE IF EXISTS t.target", "CREATE TABLE t.target (" + declared + ")");
        return TestingWriter.to(database, "t.target");
    }

    /** Pairs as check shows them, in the order of the reader's columns. */
    private static List<String> pairs(TestingWriter writer, Schema offered) {
        WriteTarget target = writer.plan(offered);
        return IntStream.range(0, offered.width())
                .mapToObj(i -> offered.column(i).name() + ">"
                        + target.into().get(i).replace(" text", "").replace("\"", ""))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(WriteMode.class)
    void allColumnsInAnotherOrderArePairedByName(WriteMode mode) throws SQLException {
        database.execute(
                "DROP TABLE IF EXISTS s.source, t.target",
                "CREATE TABLE s.source (id integer PRIMARY KEY, first text, last text)",
                "INSERT INTO s.source VALUES (1, 'Ada', 'Lovelace'), (2, NULL, '')",
                "CREATE TABLE t.target (last varchar(20), id bigint PRIMARY KEY, gone text, first text)",
                "ALTER TABLE t.target DROP gone");
        TestingWriter writer = TestingWriter.to(database, "t.target").mode(mode);
        Schema offered = TestingSource.offered(database, "s.source");
        CollectedChecks checks = writer.check(offered);
        assertThat(checks.errors()).isEmpty();
        assertThat(checks.warnings())
                .singleElement()
                .asString()
                .contains("are in a different order", "matched by name: id -> id, first -> first, last -> last");
        WriteTarget target = writer.plan(offered);
        assertThat(target.into()).containsExactly("id bigint", "first text", "last character varying(20)");
        RecordBatch batch = TestingSource.read(database, target.accepted());
        writer.write(new CollectedJournal(0), offered, List.of(batch));
        assertThat(database.query("SELECT id, first, last FROM t.target ORDER BY id"))
                .containsExactly(List.of("1", "Ada", "Lovelace"), Arrays.asList("2", null, ""));
    }

    /** Named without quotes in the statement and in the job. */
    @Test
    void columnsOfTheJobAreFoldedAsTheServerFolds() throws SQLException {
        TestingWriter writer =
                into("ÄB text NULL, İD text NULL, \"a\"\".\"\"b\" text NULL").columns("ÄB", "İD", "\"a\"\".\"\"b\"");
        Schema offered = listed("ä i x");
        assertThat(writer.check(offered).errors()).isEmpty();
        assertThat(pairs(writer, offered)).containsExactly("ä>Äb", "i>İd", "x>a.b");
    }

    @ParameterizedTest
    @CsvSource({"äb", "id", "\"ÄB\"", "\"a\".\"b\""})
    void columnsThatOnlyJavaWouldFoldToTheSameAreNotFound(String column) throws SQLException {
        TestingWriter writer =
                into("ÄB text NULL, İD text NULL, \"a\"\".\"\"b\" text NULL").columns(column);
        assertThat(writer.check(listed("x")).errors())
                .singleElement()
                .asString()
                .contains("COLUMN_NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource({
        "id first last, id first last, id>id first>first last>last",
        "id first last, id last first, id>id first>first last>last",
        "(1) (2), b a, (1)>b (2)>a",
        "ID First Last, last first id, ID>id First>first Last>last",
        "a A, A a, a>a A>A",
    })
    void allColumnsOfBoth(String source, String target, String expected) throws SQLException {
        String quoted = '"' + target.replace(" ", "\" \"") + '"';
        assertThat(pairs(into(quoted), all(source))).containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "id first last, id last nick, 'first -> last, last -> nick'",
        "id a b, id b c, 'a -> b, b -> c'",
        "id (1) b, id b c, '(1) -> b, b -> c'",
        "ID a B, id b c, 'a -> b, B -> c'",
        "id fname, id first_name, 'fname -> first_name'",
    })
    void namesThatStandElsewhereAreRefusedWithThePairs(String source, String target, String told) throws SQLException {
        assertThat(into(target).check(all(source)).errors())
                .singleElement()
                .asString()
                .startsWith("column COLUMNS_DIFFER: the columns of s.source and t.target cannot be matched by name")
                .contains(told, "reader \"column\": [");
    }

    @Test
    void tablesWithoutANameInCommonAreRefusedToo() throws SQLException {
        assertThat(into("c d").check(all("a b")).errors())
                .singleElement()
                .asString()
                .contains("COLUMNS_DIFFER", "by position they would be: a -> c, b -> d");
    }

    /** A generated column and one more at the target would shift values into a neighbour. */
    @Test
    void aComputedColumnDoesNotMakeUpForAnother() throws SQLException {
        TestingWriter writer = into("id text, g text GENERATED ALWAYS AS (id) STORED, v text, extra text");
        assertThat(writer.check(all("id g v")).errors())
                .singleElement()
                .asString()
                .startsWith("column COLUMN_COUNT: the reader has 3 columns (id, g, v), the writer 3 of t.target")
                .contains("only the table has extra");
        assertThat(into("id v extra").check(all("id g v")).errors())
                .singleElement()
                .asString()
                .contains("COLUMNS_DIFFER", "g -> v, v -> extra");
    }

    @Test
    void valuesThatTheServerComputesAnewAreToldUnlessTheSourceComputesThemToo() throws SQLException {
        TestingWriter writer = into("id text, g text GENERATED ALWAYS AS (id) STORED");
        assertThat(writer.check(all("id g")).warnings())
                .singleElement()
                .asString()
                .contains("the server computes g of t.target");
        Schema offered = Schema.of(
                new TableName("s", "source"),
                List.of(
                        Column.of("id", Scalar.TEXT),
                        Column.of("g", Scalar.TEXT).withOrigin(Column.Origin.COMPUTED)));
        assertThat(writer.check(offered).warnings()).isEmpty();
        assertThat(writer.plan(offered).into()).containsExactly("id text", "nothing, the server computes it");
    }

    @Test
    void aListIsPairedByPositionWithAWarningWhereNamesContradict() throws SQLException {
        TestingWriter writer = into("id last first");
        assertThat(pairs(writer, listed("id first last"))).containsExactly("id>id", "first>last", "last>first");
        assertThat(pairs(writer.columns("id", "first", "last"), all("id last first")))
                .containsExactly("id>id", "last>first", "first>last");
        for (CollectedChecks checks : List.of(
                writer.check(listed("id first last")),
                writer.columns("id", "last", "first").check(all("id first last")),
                writer.columns("id", "last", "first").check(listed("id first last")))) {
            assertThat(checks.warnings())
                    .singleElement()
                    .asString()
                    .contains("matched by position, as the job lists them", "first -> last, last -> first");
        }
        assertThat(writer.check(listed("id (x) (y)")).warnings()).isEmpty();
        assertThat(writer.columns("last", "first").check(listed("a b")).warnings())
                .isEmpty();
    }

    @Test
    void otherNamesAtTheSamePlacesOfAQueryAreTold() throws SQLException {
        Schema query = Schema.of(new TableName("", "querySql"), all("id upper").columns());
        assertThat(into("id first_name").check(query).warnings())
                .singleElement()
                .asString()
                .contains("with names other than the reader's are matched by position: upper -> first_name");
    }

    private TestingWriter sameTables(String columns) throws SQLException {
        database.execute("DROP TABLE IF EXISTS s.source", "CREATE TABLE s.source (" + columns + ")");
        return TestingWriter.to(database, "");
    }

    @Test
    void withoutATableOfItsOwnAlwaysByName() throws SQLException {
        TestingWriter writer = sameTables("last text, id text, first text, at date DEFAULT '2026-01-01', n serial");
        assertThat(pairs(writer, all("id first last"))).containsExactly("id>id", "first>first", "last>last");
        assertThat(pairs(writer, listed("first id"))).containsExactly("first>first", "id>id");
        assertThat(pairs(writer.columns("id", "first"), listed("first id"))).containsExactly("first>first", "id>id");
        assertThat(writer.check(all("id first last")).warnings())
                .singleElement()
                .asString()
                .endsWith("the reader has no column at (gets its default), n (gets its default) of s.source");
        assertThat(writer.check(all("id first last nick")).errors())
                .singleElement()
                .asString()
                .contains(
                        "COLUMN_NOT_FOUND: s.source has no match among the reader's nick of s.source",
                        "ALTER TABLE \"s\".\"source\" ADD COLUMN \"nick\" text");
        assertThat(writer.columns("id", "first").check(all("id first last")).errors())
                .singleElement()
                .asString()
                .contains("COLUMN_NOT_FOUND: the columns to write of s.source have no match among the reader's last");
    }

    @Test
    void anExpressionOfAListHasItsPlaceAlsoWithoutATable() throws SQLException {
        TestingWriter writer = sameTables("id text, name text, at text");
        assertThat(pairs(writer, listed("id (upper) (now)"))).containsExactly("id>id", "(upper)>name", "(now)>at");
        assertThat(writer.check(listed("at (upper) id")).errors())
                .singleElement()
                .asString()
                .contains("COLUMNS_DIFFER", "at -> id, id -> at");
    }

    @Test
    void aColumnThatIsNeverFilledIsToldAlsoWhenAllAreWritten() throws SQLException {
        TestingWriter writer = sameTables("id text, must text NOT NULL");
        assertThat(writer.check(all("id")).warnings())
                .anySatisfy(w -> assertThat(w).contains("column must of s.source is NOT NULL"));
    }
}
