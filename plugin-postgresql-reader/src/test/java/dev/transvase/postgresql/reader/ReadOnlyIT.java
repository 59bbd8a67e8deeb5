package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A read changes nothing, whatever the job has in it. */
class ReadOnlyIT {

    private TestingDatabase database;

    static List<Integer> oldestAndNewest() {
        return List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major());
    }

    private void on(int major) throws SQLException {
        database = TestingPostgres.major(major).createDatabase();
        database.execute("CREATE TABLE t AS SELECT generate_series(1, 10) AS id");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private void assertRefused(String code, String path, String... session) {
        assertThatThrownBy(() -> Reading.of(ReaderSetup.of(database).table("t").session(session), 1)
                        .close())
                .isInstanceOfSatisfying(TransvaseException.class, e -> {
                    assertThat(e.type()).isEqualTo(ErrorType.USER);
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e).hasMessageContaining(path);
                });
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aSessionStatementMayNotWrite(int major) throws SQLException {
        on(major);
        assertRefused("STATEMENT_WRITES", "session[1]", "SET work_mem = '1MB'", "DELETE FROM t");
        assertRefused("STATEMENT_WRITES", "session[0]", "SELECT 1; TRUNCATE t");
        assertRefused("STATEMENT_WRITES", "session[1]", "SET default_transaction_read_only = off", "DELETE FROM t");
        assertRefused("TRANSACTION_LEFT_OPEN", "session[0]", "BEGIN; SELECT 1");
        assertRefused("TRANSACTION_LEFT_OPEN", "session[0]", "BEGIN READ WRITE; DELETE FROM t; COMMIT");
        assertThatThrownBy(() -> Reading.of(
                                ReaderSetup.of(database)
                                        .table("t")
                                        .session("SET transaction_read_only = off; DELETE FROM t"),
                                1)
                        .close())
                .isInstanceOf(TransvaseException.class);
        assertThat(database.queryForString("SELECT count(*) FROM t")).isEqualTo("10");
    }

    /** Before PostgreSQL 16 such a function writes in spite of READ ONLY. */
    @Test
    void whatAFunctionWritesAllTheSameIsRolledBack() throws SQLException {
        on(TestingPostgres.oldest().major());
        String query = "SELECT id, lo_from_bytea(0, 'x')::bigint AS made FROM t";
        try (Reading reading = Reading.of(ReaderSetup.of(database).querySql(query), 1)) {
            assertThat(reading.rows()).hasSize(10);
        }
        assertThat(database.queryForString("SELECT count(*) FROM pg_largeobject_metadata"))
                .isEqualTo("0");
    }
}
