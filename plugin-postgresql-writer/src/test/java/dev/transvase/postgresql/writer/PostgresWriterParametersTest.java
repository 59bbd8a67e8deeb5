package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.parameter.SkippedByTarget;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.testing.contract.CollectedChecks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresWriterParametersTest {

    private static List<String> errors(PostgresWriterParameters parameters) {
        CollectedChecks checks = new CollectedChecks();
        parameters.validate(checks);
        return checks.errors();
    }

    @Test
    void theSpecificationsOwnAreFine() {
        assertThat(errors(TestingWriter.parameters("public.test"))).isEmpty();
        assertThat(errors(new PostgresWriterParameters(
                        "test",
                        List.of("\"123Test\""),
                        Map.of(),
                        List.of("id", "\"123Test\""),
                        WriteMode.COPY,
                        List.of(),
                        List.of(),
                        List.of(),
                        1024,
                        Map.of("id", "bigint[]"),
                        List.of(),
                        60,
                        List.of("\"123Test\""),
                        "transvase_position",
                        SkippedByTarget.FAIL,
                        false,
                        false,
                        false)))
                .isEmpty();
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        PostgresWriterParameters parameters = new PostgresWriterParameters(
                "test",
                List.of("ok", "not.a.table.name"),
                Map.of("a.*", "b.*_*", "a", "b.c.d"),
                List.of("a", "*", "", "a"),
                WriteMode.INSERT,
                List.of("a", " ", "a", "*"),
                List.of(" "),
                List.of("SELECT 1", ""),
                1024,
                Map.of("a", "int[]"),
                List.of(),
                60,
                List.of(" "),
                "a.b.c",
                SkippedByTarget.FAIL,
                false,
                false,
                false);
        assertThat(parameters.preSql()).isEmpty(); // blank ones count as absent
        assertThat(parameters.postSql()).containsExactly("SELECT 1");
        assertThat(errors(parameters))
                .extracting(e -> e.substring(0, e.indexOf(':')))
                .containsExactlyInAnyOrder(
                        "table[1] INVALID_NAME",
                        "tableMapping CONFLICTING_PARAMETERS",
                        "tableMapping.a.* INVALID_MAPPING",
                        "tableMapping.a INVALID_NAME",
                        "column[1] INVALID_NAME",
                        "column[2] INVALID_NAME",
                        "column[3] DUPLICATE_COLUMN",
                        "conflictKey CONFLICT_KEY_UNUSED",
                        "conflictKey[1] INVALID_NAME",
                        "conflictKey[2] DUPLICATE_COLUMN",
                        "conflictKey[3] INVALID_NAME",
                        "pgType.a UNKNOWN_PG_TYPE",
                        "key[0] INVALID_NAME",
                        "positionTable INVALID_NAME");
    }

    @Test
    void aTransactionThatIsLeftOpenIsToldWithItsPlace() {
        PostgresWriterParameters parameters = new PostgresWriterParameters(
                "test",
                List.of("t"),
                Map.of(),
                List.of("*"),
                WriteMode.INSERT,
                List.of(),
                List.of("SELECT 1", "begin; delete from t"),
                List.of("BEGIN", "DELETE FROM t", "COMMIT", "START TRANSACTION", "DELETE FROM t"),
                1024,
                Map.of(),
                List.of("SET work_mem = '1MB'", "BEGIN"),
                60,
                List.of(),
                "transvase_position",
                SkippedByTarget.FAIL,
                false,
                false,
                false);
        assertThat(errors(parameters))
                .extracting(e -> e.substring(0, e.indexOf(':')))
                .containsExactlyInAnyOrder(
                        "preSql[1] TRANSACTION_LEFT_OPEN",
                        "postSql[3] TRANSACTION_LEFT_OPEN",
                        "session[1] TRANSACTION_LEFT_OPEN");
    }
}
