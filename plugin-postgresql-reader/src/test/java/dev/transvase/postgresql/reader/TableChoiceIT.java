package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.transvase.postgresql.reader.RecordedChecks.Finding;
import dev.transvase.spi.Split;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.RoundTrips;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Names, lists and patterns of tables. */
class TableChoiceIT {

    private static TestingDatabase database;

    @BeforeAll
    static void create() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE SCHEMA sales",
                "CREATE SCHEMA \"My Schema\"",
                "CREATE SCHEMA views",
                "CREATE TABLE zebra (id int PRIMARY KEY, a text)",
                "CREATE TABLE apple (id int PRIMARY KEY, a text)",
                "CREATE TABLE \"Weird*Name\" (id int, a text)",
                "CREATE TABLE \"WeirdXName\" (id int, a text)",
                "CREATE TABLE parts (id int NOT NULL, a text) PARTITION BY RANGE (id)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id)",
                "CREATE TABLE parts_2_1 PARTITION OF parts_2 FOR VALUES FROM (10) TO (20)",
                "CREATE TABLE parent (id int, a text)",
                "CREATE TABLE child (more int) INHERITS (parent)",
                "CREATE TABLE sales.sales_2025 (id int, a text, extra int)",
                "CREATE TABLE sales.sales_2026 (id int, a text)",
                "CREATE TABLE sales.returns (id int, a text)",
                "CREATE TABLE \"My Schema\".t (id int, a text)",
                "CREATE VIEW views.v AS SELECT * FROM apple",
                "CREATE MATERIALIZED VIEW views.m AS SELECT * FROM apple",
                "CREATE FOREIGN DATA WRAPPER w",
                "CREATE SERVER s FOREIGN DATA WRAPPER w",
                "CREATE FOREIGN TABLE views.f (id int) SERVER s",
                "INSERT INTO parts VALUES (1, 'one'), (11, 'eleven')",
                "INSERT INTO parent VALUES (1, 'p')",
                "INSERT INTO child VALUES (2, 'c', 3)");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    private static ReaderSetup tables(String... names) {
        return ReaderSetup.of(database).table(names);
    }

    private static List<String> chosen(ReaderSetup setup, RecordedChecks checks) {
        try (PostgresReader reader = setup.reader()) {
            return reader.plan(checks).tables().stream()
                    .map(Schema::table)
                    .map(Object::toString)
                    .toList();
        }
    }

    private static List<String> chosen(ReaderSetup setup) {
        RecordedChecks checks = new RecordedChecks();
        List<String> chosen = chosen(setup, checks);
        assertThat(checks.errors).isEmpty();
        return chosen;
    }

    private static Finding error(ReaderSetup setup) {
        RecordedChecks checks = new RecordedChecks();
        chosen(setup, checks);
        assertThat(checks.errors).hasSize(1);
        return checks.errors.get(0);
    }

    @Test
    void aSchemasTablesSortedAndWithoutWhatIsNone() {
        assertThat(chosen(tables("public.*")))
                .containsExactly(
                        "public.\"Weird*Name\"",
                        "public.\"WeirdXName\"",
                        "public.apple",
                        "public.child",
                        "public.parent",
                        "public.parts",
                        "public.zebra");
        assertThat(chosen(tables("*"))).isEqualTo(chosen(tables("public.*")));
    }

    @Test
    void everySchemaButTheSystems() {
        assertThat(chosen(tables("*.*")))
                .startsWith("\"My Schema\".t", "public.\"Weird*Name\"")
                .endsWith("sales.returns", "sales.sales_2025", "sales.sales_2026")
                .hasSize(11)
                .noneMatch(name -> name.startsWith("pg_") || name.startsWith("information_schema"));
    }

    @Test
    void wildcardsAndQuotes() {
        assertThat(chosen(tables("sales.sales_????"))).containsExactly("sales.sales_2025", "sales.sales_2026");
        assertThat(chosen(tables("s*.*_2026"))).containsExactly("sales.sales_2026");
        assertThat(chosen(tables("public.\"Weird*Name\""))).containsExactly("public.\"Weird*Name\"");
        assertThat(chosen(tables("public.\"Weird\"*"))).hasSize(2);
        assertThat(chosen(tables("\"My Schema\".*"))).containsExactly("\"My Schema\".t");
    }

    @Test
    void aListTakesEachTableOnceAndNamesKeepTheirPlaces() {
        assertThat(chosen(tables("zebra", "public.*", "public.a*", "views.v", "sales.*")))
                .containsExactly(
                        "public.zebra",
                        "public.\"Weird*Name\"",
                        "public.\"WeirdXName\"",
                        "public.apple",
                        "public.child",
                        "public.parent",
                        "public.parts",
                        "views.v",
                        "sales.returns",
                        "sales.sales_2025",
                        "sales.sales_2026");
    }

    @Test
    void aNameTwiceIsAnError() {
        assertThat(error(tables("zebra", "public.apple", "public.zebra")))
                .satisfies(e -> assertThat(e.parameter()).isEqualTo("table[2]"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("DUPLICATE_TABLE"))
                .satisfies(e -> assertThat(e.message()).contains("public.zebra is already named by table[0]"));
    }

    @Test
    void someAreLeftOut() {
        ReaderSetup sales = tables("sales.*", "public.zebra");
        assertThat(chosen(sales.excludeTable("*_2025", "public.*")))
                .as("a name in table stays")
                .containsExactly("sales.returns", "sales.sales_2026", "public.zebra");
        RecordedChecks checks = new RecordedChecks();
        chosen(tables("sales.*").excludeTable("sales.retruns", "sales.sales_2025"), checks);
        assertThat(checks.warnings)
                .singleElement()
                .satisfies(w -> assertThat(w.parameter()).isEqualTo("excludeTable[0]"))
                .satisfies(w -> assertThat(w.message()).contains("excludes nothing", "sales.retruns"));
        assertThat(error(tables("sales.*").excludeTable("sales.*")).message())
                .contains("excludes all tables that match sales.*: sales.returns, sales.sales_2025, sales.sales_2026");
        assertThat(error(tables("sales.returns", "public.*").excludeTable("sales.returns")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("CONFLICTING_PARAMETERS"));
    }

    @Test
    void nothingFoundSaysWhatThereIs() {
        assertThat(error(tables("sales.sale_*")))
                .satisfies(e -> assertThat(e.parameter()).isEqualTo("table"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("NO_TABLE_MATCHES"))
                .satisfies(e -> assertThat(e.message())
                        .contains("no table matches sales.sale_*; there is sales.returns, sales.sales_2025"));
        assertThat(error(tables("sale.*")).message())
                .contains("there are tables in schema \"My Schema\" (1), schema public (7), schema sales (3)");
        assertThat(error(tables("apple", "views.*")))
                .satisfies(e -> assertThat(e.parameter()).isEqualTo("table[1]"))
                .satisfies(e -> assertThat(e.message()).contains("only views", "views.f, views.m, views.v"));
        assertThat(error(tables("pg_catalog.*")).code()).isEqualTo("NO_TABLE_MATCHES");
    }

    @Test
    void partitionsComeWithTheirRootAndChildrenOnTheirOwn() {
        assertThat(chosen(tables("public.par*", "public.c*")))
                .containsExactly("public.parent", "public.parts", "public.child");
        try (Reading reading = Reading.of(tables("public.par*", "public.c*"), 1)) {
            assertThat(reading.rows())
                    .containsExactlyInAnyOrder(
                            List.of("1", "one"), List.of("11", "eleven"), List.of("1", "p"), List.of("2", "c", "3"));
        }
        assertThat(chosen(tables("public.c*"))).containsExactly("public.child");
        assertThat(chosen(tables("public.parts_1"))).containsExactly("public.parts_1");
    }

    @Test
    void eachTableThatMayNotBeReadIsNamedWithItsGrant() throws SQLException {
        TestingLogin login = database.createLogin();
        database.execute(
                "GRANT USAGE ON SCHEMA sales TO " + login.user(), "GRANT SELECT ON sales.returns TO " + login.user());
        RecordedChecks checks = new RecordedChecks();
        chosen(ReaderSetup.of(database, login.user(), login.password()).table("sales.*"), checks);
        assertThat(checks.errors)
                .allSatisfy(e -> assertThat(e.code()).isEqualTo("PERMISSION_DENIED"))
                .extracting(Finding::remedy)
                .satisfiesExactly(
                        r -> assertThat(r).contains("GRANT SELECT ON \"sales\".\"sales_2025\" TO"),
                        r -> assertThat(r).contains("GRANT SELECT ON \"sales\".\"sales_2026\" TO"));
        database.execute(
                "REVOKE ALL ON ALL TABLES IN SCHEMA sales FROM " + login.user(),
                "REVOKE ALL ON SCHEMA sales FROM " + login.user());
    }

    @Test
    void columnsThatAllHave() {
        assertThat(chosen(tables("sales.*").column("a", "id", "'x'::text", "id + 1")))
                .hasSize(3);
        RecordedChecks checks = new RecordedChecks();
        chosen(tables("sales.*").column("id", "extra"), checks);
        assertThat(checks.errors)
                .extracting(Finding::code, Finding::message)
                .satisfiesExactly(
                        e -> assertThat(e.toList()).first().isEqualTo("COLUMN_NOT_FOUND"),
                        e -> assertThat(e.toList().get(1).toString()).contains("sales.sales_2026"));
    }

    @Test
    void aSplitPkThatSomeOfAPatternLackIsWarnedOf() throws SQLException {
        database.execute("CREATE SCHEMA k", "CREATE TABLE k.a (id int)", "CREATE TABLE k.b (key text)");
        try (Reading reading = Reading.of(tables("k.*").splitPk("id"), 2)) {
            assertThat(reading.checks.errors).isEmpty();
            assertThat(reading.checks.warnings)
                    .singleElement()
                    .satisfies(w -> assertThat(w.message()).contains("k.b, which has no column id"));
        } finally {
            database.execute("DROP SCHEMA k CASCADE");
        }
    }

    @Test
    void tablesThatAreReferredToAreReadFirst() throws SQLException {
        database.execute(
                "CREATE SCHEMA f",
                "CREATE TABLE f.z_customer (id int PRIMARY KEY)",
                "CREATE TABLE f.m_order (id int PRIMARY KEY, customer int REFERENCES f.z_customer,"
                        + " previous int REFERENCES f.m_order)",
                "CREATE TABLE f.a_item (o int REFERENCES f.m_order, p int)",
                "CREATE TABLE f.b_other (id int)");
        try (Reading reading = Reading.of(tables("f.*"), 1)) {
            assertThat(reading.offered)
                    .extracting(s -> s.table().name())
                    .containsExactly("a_item", "b_other", "m_order", "z_customer");
            assertThat(reading.splits)
                    .extracting(s -> reading.offered.get(s.table()).table().name())
                    .containsExactly("b_other", "z_customer", "m_order", "a_item");
            assertThat(reading.splits).extracting(Split::stage).containsOnly(0);
        }
        try (Reading reading = Reading.of(tables("f.*"), 2)) {
            assertThat(reading.splits)
                    .extracting(s -> reading.offered.get(s.table()).table().name(), Split::stage)
                    .containsExactly(
                            tuple("b_other", 0), tuple("z_customer", 0), tuple("m_order", 1), tuple("a_item", 2));
        }
        try (Reading reading = Reading.of(tables("f.*").withoutForeignKeyOrder(), 2)) {
            assertThat(reading.splits)
                    .extracting(s -> reading.offered.get(s.table()).table().name(), Split::stage)
                    .containsExactly(
                            tuple("a_item", 0), tuple("b_other", 0), tuple("m_order", 0), tuple("z_customer", 0));
        } finally {
            database.execute("DROP SCHEMA f CASCADE");
        }
    }

    /** Keys of partitions and of inheriting tables are those of the table of the job that they belong to; keys to them too. */
    @Test
    void keysOfPartitionsAndChildrenCountForTheWhole() throws SQLException {
        database.execute(
                "CREATE SCHEMA f",
                "CREATE TABLE f.z_root (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE f.z_root_1 PARTITION OF f.z_root FOR VALUES FROM (0) TO (9)",
                "CREATE TABLE f.y_root (id int PRIMARY KEY, z int REFERENCES f.z_root) PARTITION BY RANGE (id)",
                "CREATE TABLE f.y_root_1 PARTITION OF f.y_root FOR VALUES FROM (0) TO (9)",
                "CREATE TABLE f.x_root (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE f.x_root_1 PARTITION OF f.x_root FOR VALUES FROM (0) TO (9)",
                "ALTER TABLE f.x_root_1 ADD FOREIGN KEY (id) REFERENCES f.y_root_1",
                "CREATE TABLE f.w_parent (id int)",
                "CREATE TABLE f.w_child (PRIMARY KEY (id)) INHERITS (f.w_parent)",
                "ALTER TABLE f.w_child ADD FOREIGN KEY (id) REFERENCES f.x_root",
                "CREATE TABLE f.a_last (id int REFERENCES f.w_child)");
        try (Reading reading = Reading.of(tables("f.a_last", "f.w_parent", "f.x_root", "f.y_root", "f.z_root"), 2)) {
            assertThat(reading.splits)
                    .extracting(s -> reading.offered.get(s.table()).table().name(), Split::stage)
                    .containsExactly(
                            tuple("z_root", 0),
                            tuple("y_root", 1),
                            tuple("x_root", 2),
                            tuple("w_parent", 3),
                            tuple("a_last", 4));
        } finally {
            database.execute("DROP SCHEMA f CASCADE");
        }
    }

    /** The number of statements does not grow with that of the tables, but for a COPY of each. */
    @Test
    void planningManyTablesTakesFewRoundTrips() throws Exception {
        List<String> statements = new ArrayList<>(List.of("CREATE SCHEMA many"));
        for (int i = 0; i < 300; i++) {
            statements.add("CREATE TABLE many.t" + i + " (id int PRIMARY KEY, name varchar(20), at timestamptz, n"
                    + " numeric(10,2))");
        }
        database.execute(statements.toArray(String[]::new));
        try (RoundTrips wire = RoundTrips.to(database.host(), database.port())) {
            ReaderSetup setup =
                    ReaderSetup.at(wire.host(), wire.port(), database).table("many.*");
            try (Reading reading = Reading.of(setup, 2)) {
                assertThat(reading.splits).hasSize(300);
                assertThat(wire.count()).isLessThan(60);
            }
        } finally {
            // In parts: the server has room for so many locks only.
            for (int i = 0; i < 10; i++) {
                database.execute("DO $$ DECLARE t text; BEGIN FOR t IN SELECT oid::regclass FROM pg_class"
                        + " WHERE relnamespace = 'many'::regnamespace AND relkind = 'r' LIMIT 30 LOOP"
                        + " EXECUTE 'DROP TABLE ' || t; END LOOP; END $$");
            }
            database.execute("DROP SCHEMA many");
        }
    }
}
