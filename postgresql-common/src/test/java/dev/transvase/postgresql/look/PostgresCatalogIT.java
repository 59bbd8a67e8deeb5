package dev.transvase.postgresql.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.Sources;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.look.DataSourceCatalog.CatalogColumn;
import dev.transvase.spi.look.DataSourceCatalog.CatalogTable;
import dev.transvase.spi.look.Preview;
import dev.transvase.spi.table.TableName;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresCatalogIT {

    private static final Preview.Column VALUE = new Preview.Column("value", "text");

    private TestingDatabase database;
    private PostgresCatalog catalog;

    @BeforeEach
    void create() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE SCHEMA \"Other\"",
                "CREATE TABLE \"Other\".\"Orders\" (b int, a int, c int GENERATED ALWAYS AS (a + b) STORED, PRIMARY KEY (a, b))",
                "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note varchar(20) NOT NULL DEFAULT 'x')",
                "CREATE TABLE fresh (id int)",
                "CREATE TABLE parts (day date, n int) PARTITION BY RANGE (day)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')",
                "CREATE VIEW shown AS SELECT 1 AS one",
                "INSERT INTO parts SELECT date '2020-01-01' + i, i FROM generate_series(0, 699) i",
                "INSERT INTO orders (note) SELECT 'n' || i FROM generate_series(1, 100) i",
                "ANALYZE orders",
                "ANALYZE parts_1",
                "ANALYZE parts_2");
        catalog = new PostgresCatalog(Sources.of(database));
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private Map<String, CatalogTable> tables() {
        return catalog.tables().stream().collect(Collectors.toMap(CatalogTable::written, Function.identity()));
    }

    @Test
    void tablesHaveTheirKindSizeAndKey() {
        Map<String, CatalogTable> tables = tables();
        assertThat(tables)
                .containsOnlyKeys(
                        "\"Other\".\"Orders\"",
                        "public.orders",
                        "public.fresh",
                        "public.parts",
                        "public.parts_1",
                        "public.parts_2",
                        "public.shown");
        assertThat(tables.get("\"Other\".\"Orders\"").key()).containsExactly("a", "b");
        assertThat(tables.get("public.orders").records()).hasValue(100);
        assertThat(tables.get("public.orders").bytes()).isPresent();
        assertThat(tables.get("public.fresh").records()).isEmpty();
        assertThat(tables.get("public.parts").kind()).isEqualTo("partitioned table");
        assertThat(tables.get("public.parts").records()).hasValue(700);
        assertThat(tables.get("public.parts_1").kind()).isEqualTo("partition");
        assertThat(tables.get("public.parts_1").apart()).isPresent();
        assertThat(tables.get("public.shown").kind()).isEqualTo("view");
        assertThat(tables.get("public.shown").records()).isEmpty();
    }

    @Test
    void namesAndPatternsMeanWhatAJobFileMeans() {
        List<CatalogTable> all = catalog.tables();
        assertThat(catalog.meant("public.parts*", all))
                .extracting(CatalogTable::written)
                .hasSize(3);
        assertThat(catalog.meant("ORDERS", all))
                .extracting(CatalogTable::written)
                .containsExactly("public.orders");
        assertThat(catalog.meant("\"Other\".\"O\"*", all)).hasSize(1);
        assertThat(catalog.meant("nothing", all)).isEmpty();
        assertThatThrownBy(() -> catalog.meant("a.b.c", all)).isInstanceOf(TransvaseException.class);
    }

    @Test
    void columnsSayWhatCanBeWritten() {
        assertThat(catalog.columns(new TableName("Other", "Orders")))
                .containsExactly(
                        new CatalogColumn("b", "b", "integer", false, true, false, false),
                        new CatalogColumn("a", "a", "integer", false, true, false, false),
                        new CatalogColumn("c", "c", "integer", true, false, true, true));
        assertThat(catalog.columns(new TableName("public", "orders")))
                .containsExactly(
                        new CatalogColumn("id", "id", "bigint", false, true, true, false),
                        new CatalogColumn("note", "note", "character varying(20)", false, false, true, false));
        assertThat(catalog.columns(new TableName("public", "none"))).isEmpty();
    }

    private Preview firstRows(String query, Duration limit) {
        try (PostgresSession session = PostgresSession.open(Sources.of(database), "test")) {
            return FirstRows.of(
                    session, "the query", query, List.of(VALUE), new Preview.Request(Optional.empty(), 2, 5, limit));
        }
    }

    @Test
    void firstRowsAreFewAndShort() {
        Preview preview = firstRows(
                "SELECT CASE i WHEN 1 THEN NULL WHEN 2 THEN '\u00e9\u4e2dabcdef' END FROM generate_series(1, 3) i -- all",
                Duration.ofSeconds(30));
        assertThat(preview.records())
                .containsExactly(List.of(Optional.empty()), List.of(Optional.of("\u00e9\u4e2dabc\u2026")));
        assertThat(preview.complete()).isFalse();
        assertThat(firstRows("SELECT '\\x00ff'::bytea", Duration.ofSeconds(30)).records())
                .containsExactly(List.of(Optional.of("\\x00f\u2026")));
    }

    @Test
    void firstRowsWriteNothingAndDoNotTakeForEver() throws SQLException {
        database.execute("CREATE SEQUENCE counter");
        assertThatThrownBy(() -> firstRows("SELECT nextval('counter')", Duration.ofSeconds(30)))
                .isInstanceOf(TransvaseException.class)
                .hasMessageContaining("read-only");
        assertThat(database.queryForString("SELECT is_called FROM counter")).isEqualTo("f");
        assertThatThrownBy(() -> firstRows("SELECT 1 FROM pg_sleep(600)", Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("PREVIEW_TOO_SLOW"));
    }
}
