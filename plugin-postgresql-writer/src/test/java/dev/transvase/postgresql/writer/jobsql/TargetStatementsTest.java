package dev.transvase.postgresql.writer.jobsql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.table.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetStatementsTest {

    @Test
    void aMessageShowsNoLiteral() {
        assertThat(TargetStatements.shortened("ALTER ROLE x\n PASSWORD 's3cret'"))
                .isEqualTo("ALTER ROLE x PASSWORD ...");
        assertThat(TargetStatements.shortened("SELECT f($$s3cret$$)")).isEqualTo("SELECT f(...");
        assertThat(TargetStatements.shortened("TRUNCATE t")).isEqualTo("TRUNCATE t");
    }

    @Test
    void onlyPlainDefinitionsAreTriedBeforehand() {
        assertThat(PreSqlRehearsal.isDefinition(" create table t (a int);\n")).isTrue();
        assertThat(PreSqlRehearsal.isDefinition("DROP TABLE IF EXISTS t")).isTrue();
        assertThat(PreSqlRehearsal.isDefinition("CREATE TABLE t (a int); COMMIT"))
                .isFalse();
        assertThat(PreSqlRehearsal.isDefinition("CREATE INDEX CONCURRENTLY i ON t (a)"))
                .isFalse();
        assertThat(PreSqlRehearsal.isDefinition("DROP DATABASE d")).isFalse();
        assertThat(PreSqlRehearsal.isDefinition("TRUNCATE t")).isFalse();
        assertThat(PreSqlRehearsal.isDefinition("DELETE FROM t")).isFalse();
        assertThat(PreSqlRehearsal.isDefinition("COMMIT")).isFalse();
    }

    @Test
    void whatTakesAllRowsFromATable() {
        TableName orders = new TableName("public", "orders");
        for (String sql : List.of(
                "TRUNCATE @table", "truncate public.orders", "DELETE FROM @table", "DROP TABLE IF EXISTS orders")) {
            assertThat(TargetStatements.empty(orders, List.of("SELECT 1", sql)))
                    .as(sql)
                    .isTrue();
        }
        for (String sql : List.of("TRUNCATE other", "DELETE FROM @table WHERE id > 5", "ANALYZE @table")) {
            assertThat(TargetStatements.empty(orders, List.of(sql))).as(sql).isFalse();
        }
    }
}
