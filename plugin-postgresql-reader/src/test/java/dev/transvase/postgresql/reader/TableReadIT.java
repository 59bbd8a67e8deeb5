package dev.transvase.postgresql.reader;

import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TableReadIT {

    private static TestingDatabase database;

    @BeforeAll
    static void tables() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE orders (id bigint PRIMARY KEY, name varchar(20) NOT NULL, price numeric(10,2), note text)",
                "INSERT INTO orders VALUES (1, 'apple', 1.50, NULL), (2, 'pear', NULL, ''), (3, 'fig', 12345678.90, 'x')",
                "CREATE TABLE lines (order_id bigint, item text)",
                "INSERT INTO lines VALUES (1, 'a'), (1, 'b'), (3, 'c')",
                "CREATE SCHEMA \"My.Schema\"",
                "CREATE TABLE \"My.Schema\".\"123Test\" (\"123Id\" int, \"Mixed\" text, \"my-col\" int, \"a\"\"b\" int)",
                "INSERT INTO \"My.Schema\".\"123Test\" VALUES (1, 'one', 10, 100)",
                "CREATE VIEW cheap AS SELECT id, name FROM orders WHERE price < 10",
                "CREATE MATERIALIZED VIEW kept AS SELECT id FROM orders",
                "CREATE TABLE measured (day date, v int) PARTITION BY RANGE (day)",
                "CREATE TABLE measured_1 PARTITION OF measured FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
                "CREATE TABLE measured_2 PARTITION OF measured FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
                "INSERT INTO measured VALUES ('2026-01-05', 1), ('2026-02-05', 2)");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    private static List<List<String>> read(ReaderSetup setup) {
        try (Reading reading = Reading.of(setup, 1)) {
            return reading.rows();
        }
    }

    private static ReaderSetup orders(String... columns) {
        return ReaderSetup.of(database).table("public.orders").column(columns);
    }

    @Test
    void readsAllColumnsInTheirOrder() {
        assertThat(read(orders("*")))
                .containsExactly(
                        asList("1", "apple", "1.50", null),
                        asList("2", "pear", null, ""),
                        asList("3", "fig", "12345678.90", "x"));
    }

    @Test
    void describesTheColumnsAsTheCatalogHasThem() {
        try (Reading reading = Reading.of(orders("*"), 1)) {
            assertThat(reading.offered.get(0).table()).isEqualTo(new TableName("public", "orders"));
            assertThat(reading.offered.get(0).columns())
                    .containsExactly(
                            Column.of("id", Type.Scalar.INT64)
                                    .withNullable(false)
                                    .withDeclaredType("bigint"),
                            Column.of("name", Type.Scalar.TEXT)
                                    .withNullable(false)
                                    .withDeclaredType("character varying(20)"),
                            Column.of("price", Type.Scalar.DECIMAL).withDeclaredType("numeric(10,2)"),
                            Column.of("note", Type.Scalar.TEXT).withDeclaredType("text"));
        }
    }

    /** Which names a writer may pair columns by, and whether their order is the user's. */
    @Test
    void tellsWhatNamesStandFor() throws SQLException {
        database.execute("CREATE TABLE net (id int, gross int GENERATED ALWAYS AS (id * 2) STORED)");
        assertThat(names(ReaderSetup.of(database).table("net").column("*")))
                .containsExactly("all", "id NAMED", "gross COMPUTED");
        assertThat(names(orders("ID", "upper(name)", "price::text", "now() AS \"At\"", "'x'")))
                .containsExactly("listed", "id NAMED", "upper UNNAMED", "price NAMED", "At NAMED", "?column? UNNAMED");
        assertThat(names(orders("*", "1"))).first().isEqualTo("listed");
        assertThat(names(ReaderSetup.of(database)
                        .querySql("SELECT o.id, o.name AS label, l.item, l.item, 1 FROM orders o, lines l")))
                .containsExactly("all", "id NAMED", "label NAMED", "item UNNAMED", "item UNNAMED", "?column? UNNAMED");
    }

    private static List<String> names(ReaderSetup setup) {
        try (Reading reading = Reading.of(setup, 1)) {
            assertThat(reading.checks.errors).isEmpty();
            List<String> names = new ArrayList<>(List.of(reading.offered.get(0).listed() ? "listed" : "all"));
            reading.offered.get(0).columns().forEach(c -> names.add(c.name() + " " + c.origin()));
            return names;
        }
    }

    @Test
    void readsSubsetsReorderedConstantsAndExpressions() {
        assertThat(read(orders("name", "id", "'x'", "1", "null", "true", "id * 2 + 1", "upper(name)", "NAME")
                        .where("id = 1")))
                .containsExactly(asList("apple", "1", "x", "1", null, "t", "3", "APPLE", "apple"));
    }

    @Test
    void mixesStarWithExpressions() {
        assertThat(read(orders("*", "id + 1").where("id = 2"))).containsExactly(asList("2", "pear", null, "", "3"));
    }

    @Test
    void aCommentAtTheEndOfAnExpressionSwallowsNothing() {
        assertThat(read(orders("id -- the key", "name").where("id = 2 -- only one")))
                .containsExactly(asList("2", "pear"));
    }

    @Test
    void questionMarksAndBracesReachTheServerAsTheyAre() {
        assertThat(read(orders("'{\"a\":1}'::jsonb ? 'a'", "'{fn now()}'")
                        .where("'{\"b\":1}'::jsonb ? 'b' AND id = 1")))
                .containsExactly(asList("t", "{fn now()}"));
    }

    @Test
    void namesThatNeedQuotes() {
        List<List<String>> row = List.of(asList("1", "one", "10", "100"));
        String table = "\"My.Schema\".\"123Test\"";
        assertThat(read(ReaderSetup.of(database)
                        .table(table)
                        .column("\"123Id\"", "\"Mixed\"", "\"my-col\"", "\"a\"\"b\"")))
                .isEqualTo(row);
        assertThat(read(ReaderSetup.of(database).table(table).column("123Id", "Mixed", "my-col", "a\"b")))
                .isEqualTo(row);
    }

    @Test
    void whereChoosesRows() {
        assertThat(read(orders("id").where("price IS NULL OR id = 3"))).containsExactly(List.of("2"), List.of("3"));
    }

    @Test
    void readsWhatIsNoPlainTable() {
        assertThat(read(ReaderSetup.of(database).table("cheap"))).containsExactly(asList("1", "apple"));
        assertThat(read(ReaderSetup.of(database).table("kept"))).hasSize(3);
        assertThat(read(ReaderSetup.of(database).table("measured").column("v")))
                .containsExactlyInAnyOrder(List.of("1"), List.of("2"));
    }

    @Test
    void readsManyTablesEachWithItsSchema() {
        try (Reading reading = Reading.of(ReaderSetup.of(database).table("orders", "lines"), 1)) {
            assertThat(reading.splits).extracting(s -> s.table()).containsExactly(0, 1);
            assertThat(reading.rows(reading.splits.get(0))).hasSize(3);
            assertThat(reading.rows(reading.splits.get(1))).contains(asList("3", "c"));
        }
    }

    @Test
    void aQueryOverridesTableColumnAndWhere() {
        assertThat(read(orders("name")
                        .where("false")
                        .querySql("SELECT o.name, l.item, 1 AS name FROM orders o JOIN lines l ON l.order_id = o.id"
                                + " ORDER BY l.item DESC -- newest first\n;\n")))
                .containsExactly(asList("fig", "c", "1"), asList("apple", "b", "1"), asList("apple", "a", "1"));
    }

    @Test
    void fetchSizeIsTheNumberOfRecordsInABatch() {
        try (Reading reading = Reading.of(
                ReaderSetup.of(database)
                        .querySql("SELECT generate_series(1, 1000)")
                        .fetchSize(300),
                1)) {
            assertThat(reading.rows()).hasSize(1000);
            assertThat(reading.batchSizes).containsExactly(300, 300, 300, 100);
        }
        for (int size : List.of(1, 2048, 2049)) {
            try (Reading reading = Reading.of(
                    ReaderSetup.of(database)
                            .querySql("SELECT generate_series(1, 2050)")
                            .fetchSize(size),
                    1)) {
                assertThat(reading.rows()).hasSize(2050);
                assertThat(reading.batchSizes).startsWith(size).hasSize((2050 + size - 1) / size);
            }
        }
    }

    @Test
    void severalQueriesEachWithItsSchema() {
        try (Reading reading = Reading.of(
                ReaderSetup.of(database).querySql("SELECT id FROM orders", "SELECT item, order_id FROM lines"), 4)) {
            assertThat(reading.splits).extracting(s -> s.table()).containsExactly(0, 1);
            assertThat(reading.rows(reading.splits.get(0))).hasSize(3);
            assertThat(reading.rows(reading.splits.get(1))).contains(asList("c", "3"));
        }
    }

    @Test
    void whatFollowsTheQueryIsNoPartOfIt() {
        for (String end :
                List.of(";", " ; ;\n", "; -- the end", " -- it's the end", ";\n/* the end */", "; -- a; -- b")) {
            assertThat(read(ReaderSetup.of(database).querySql("SELECT 1" + end)))
                    .as(end)
                    .containsExactly(List.of("1"));
        }
        for (String text : List.of("'; -- x'", "$$; -- x$$", "'a; /* x */'")) {
            assertThat(read(ReaderSetup.of(database).querySql("SELECT " + text + " /* ; -- x */")))
                    .containsExactly(List.of(text.replace("$$", "").replace("'", "")));
        }
    }

    @Test
    void aBatchOfWideRowsEndsBeforeItExceedsAMebibyte() {
        try (Reading reading = Reading.of(
                ReaderSetup.of(database).querySql("SELECT repeat('x', 400000) FROM generate_series(1, 5)"), 1)) {
            assertThat(reading.rows()).hasSize(5);
            assertThat(reading.batchSizes).containsExactly(2, 2, 1);
        }
    }

    @Test
    void anEmptyResultHasNoRows() {
        try (Reading reading = Reading.of(orders("*").where("false"), 1)) {
            assertThat(reading.rows()).isEmpty();
            assertThat(reading.batchSizes).isEmpty();
        }
    }

    @Test
    void sessionStatementsRunOnEachConnection() throws SQLException {
        database.execute("CREATE SCHEMA other", "CREATE TABLE other.only_here (id int)");
        try (Reading reading =
                Reading.of(ReaderSetup.of(database).table("only_here").session("SET search_path TO other"), 1)) {
            assertThat(reading.rows()).isEmpty();
        }
    }

    @Test
    void showsItsJobToTheServer() {
        assertThat(read(ReaderSetup.of(database).querySql("SELECT current_setting('application_name')")))
                .containsExactly(List.of("transvase test"));
    }

    @Test
    void aColumnWhoseTypeIsChangedMeanwhileIsNotTakenForWhatItWas() throws SQLException {
        database.execute("CREATE TABLE altered (id int, v text)", "INSERT INTO altered VALUES (1, 'a')");
        try (Reading reading = Reading.of(ReaderSetup.of(database).table("altered"), 1)) {
            database.execute("ALTER TABLE altered ALTER COLUMN id TYPE real");
            assertThatThrownBy(reading::rows)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("COLUMN_CHANGED"))
                    .hasMessageContaining("reading public.altered: the type of column id was changed");
        }
    }

    @Test
    void anExpressionMayHaveANameBehindItWhateverItsTypeIs() throws Exception {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            try (TestingDatabase database = server.createDatabase()) {
                database.execute(
                        "CREATE TABLE named (id int PRIMARY KEY, at inet)",
                        "INSERT INTO named SELECT i, '10.0.0.1' FROM generate_series(0, 2) i");
                ReaderSetup setup = ReaderSetup.of(database)
                        .table("named")
                        .column("at address", "at AS \"Other \"\"address\"", "2 / id AS half", "upper('x') u", "id")
                        .splitPk("id")
                        .tolerant();
                try (Reading reading = Reading.of(setup, 2)) {
                    assertThat(reading.rows())
                            .containsExactlyInAnyOrder(
                                    List.of("10.0.0.1", "10.0.0.1", "2", "X", "1"),
                                    List.of("10.0.0.1", "10.0.0.1", "1", "X", "2"));
                    assertThat(reading.unreadable)
                            .singleElement()
                            .satisfies(row -> assertThat(row.message()).startsWith("column 2 / id cannot be read"))
                            .satisfies(row -> assertThat(row.values())
                                    .containsEntry("Other \"address", "10.0.0.1")
                                    .containsEntry("u", "X"));
                }
            }
        }
    }

    /** Else its first part would hold for itself, beside the bounds of each split: rows would come once for each. */
    @Test
    void whereIsOneConditionAndNotTheEndOfOneAndTheBeginningOfAnother() throws Exception {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            try (TestingDatabase database = server.createDatabase()) {
                database.execute("CREATE TABLE whole (id int PRIMARY KEY)", "INSERT INTO whole VALUES (1), (2), (3)");
                ReaderSetup setup = ReaderSetup.of(database).table("whole").splitPk("id");
                try (Reading reading = Reading.of(setup.where("id > 1) OR (id < 3"), 2)) {
                    assertThat(reading.checks.errors)
                            .singleElement()
                            .satisfies(e -> assertThat(e.code()).isEqualTo("WHERE_INVALID"));
                }
                try (Reading reading = Reading.of(setup.where("(id > 1) OR (id < 3) -- all"), 2)) {
                    assertThat(reading.rows()).hasSize(3);
                }
            }
        }
    }
}
