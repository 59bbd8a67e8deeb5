package dev.transvase.postgresql.writer.jobsql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.table.TableName;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePlaceholderTest {

    private static final TablePlaceholder TABLES = new TablePlaceholder(
            new LinkedHashSet<>(List.of(new TableName("public", "a$1"), new TableName("other", "orders"))),
            List.of("a$1", "other.Orders"));

    @Test
    void aStatementForEachTable() {
        assertThat(TABLES.expand("DELETE FROM @table WHERE x IN (SELECT x FROM @{table})"))
                .containsExactly(
                        "DELETE FROM \"public\".\"a$1\" WHERE x IN (SELECT x FROM \"public\".\"a$1\")",
                        "DELETE FROM \"other\".\"orders\" WHERE x IN (SELECT x FROM \"other\".\"orders\")");
    }

    @Test
    void aPartOfANameAndALiteralAreTheNameAsTheJobHasIt() {
        assertThat(first("CREATE INDEX idx_@table ON @table (id)"))
                .isEqualTo("CREATE INDEX idx_a$1 ON \"public\".\"a$1\" (id)");
        assertThat(first("TRUNCATE @table_bak")).isEqualTo("TRUNCATE a$1_bak");
        assertThat(first("SELECT setval('@table_id_seq', 1), '@{table}', \"@table\", x.@table"))
                .isEqualTo("SELECT setval('a$1_id_seq', 1), '\"public\".\"a$1\"', \"a$1\", x.a$1");
        assertThat(first("SELECT 'it''s', @table.x -- don't\n FROM @table"))
                .isEqualTo("SELECT 'it''s', \"public\".\"a$1\".x -- don't\n FROM \"public\".\"a$1\"");
        assertThat(first("DO $$BEGIN DELETE FROM @table; EXECUTE 'DELETE FROM @table'; END$$"))
                .isEqualTo("DO $$BEGIN DELETE FROM \"public\".\"a$1\"; EXECUTE 'DELETE FROM a$1'; END$$");
        assertThat(first("/* don't /* \" */ */ TRUNCATE @table")).endsWith("TRUNCATE \"public\".\"a$1\"");
        assertThat(first("SELECT E'it\\'s @table', 'a\\', @table"))
                .isEqualTo("SELECT E'it\\'s a$1', 'a\\', \"public\".\"a$1\"");
        assertThat(TABLES.expand("SELECT '@table'").get(1)).isEqualTo("SELECT 'other.Orders'");
    }

    @Test
    void aTableThatTheJobDoesNotNameHasItsPlainName() {
        TablePlaceholder unnamed =
                new TablePlaceholder(new LinkedHashSet<>(List.of(new TableName("s", "t"))), List.of());
        assertThat(unnamed.expand("SELECT '@table', @table")).containsExactly("SELECT 's.t', \"s\".\"t\"");
    }

    @Test
    void oneWithoutATableRunsOnce() {
        assertThat(TABLES.expand("SELECT '@tables', @tablet")).containsExactly("SELECT '@tables', @tablet");
        assertThat(TablePlaceholder.NONE.expand("SELECT '@table'")).containsExactly("SELECT '@table'");
    }

    private static String first(String statement) {
        return TABLES.expand(statement).get(0);
    }
}
