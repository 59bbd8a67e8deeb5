package dev.transvase.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "begin; delete from t",
                "BEGIN",
                "START  TRANSACTION ISOLATION LEVEL SERIALIZABLE; DELETE FROM t;",
                "DELETE FROM u; BEGIN WORK; DELETE FROM t",
                "COMMIT; BEGIN; DELETE FROM t",
                "BEGIN; DELETE FROM t; COMMIT; BEGIN; DELETE FROM u",
                "BEGIN; DELETE FROM t; COMMIT AND CHAIN",
                "BEGIN; SAVEPOINT a; DELETE FROM t; ROLLBACK TO a",
                "BEGIN; SAVEPOINT a; DELETE FROM t; ROLLBACK WORK TO SAVEPOINT a",
                "/* why */ BEGIN; -- COMMIT;",
                "BEGIN; INSERT INTO t VALUES ('; COMMIT')",
                "BEGIN; DO $x$ BEGIN PERFORM 1; END $x$"
            })
    void aTransactionThatIsLeftOpenIsFound(String sql) {
        assertThat(StatementText.leavesOpen(List.of("SELECT 1", sql))).isEqualTo(OptionalInt.of(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM t",
                "BEGIN; DELETE FROM t; COMMIT",
                "begin; delete from t; end",
                "BEGIN; DELETE FROM t; ROLLBACK; SELECT 1",
                "BEGIN; DELETE FROM t; COMMIT WORK AND NO CHAIN",
                "BEGIN; PREPARE TRANSACTION 'x'",
                "DO $$ BEGIN DELETE FROM t; END $$",
                "INSERT INTO t VALUES ('; BEGIN; ')",
                "SELECT 1 -- ; BEGIN",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END"
            })
    void oneThatIsEndedIsNone(String sql) {
        assertThat(StatementText.leavesOpen(List.of(sql))).isEmpty();
    }

    /** It shows when it is run. */
    @ParameterizedTest
    @ValueSource(strings = {"BEGIN; SELECT E'\\'; COMMIT; SELECT '", "BEGIN; /* /* */ '*/ COMMIT; /*'*/"})
    void whatIsNotCertainIsNone(String sql) {
        assertThat(StatementText.leavesOpen(List.of(sql))).isEmpty();
    }

    @Test
    void aLaterStatementMayEndIt() {
        assertThat(StatementText.leavesOpen(List.of("BEGIN", "DELETE FROM t", "COMMIT")))
                .isEmpty();
        assertThat(StatementText.leavesOpen(List.of("BEGIN; DELETE FROM t", "BEGIN", "DELETE FROM u")))
                .isEqualTo(OptionalInt.of(0));
    }
}
