package dev.transvase.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.Sources;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SqlErrorsIT {

    static List<TestingPostgres> servers() {
        return List.of(TestingPostgres.oldest(), TestingPostgres.newest());
    }

    /** The server complains of both as of a breach of the protocol, and goes on. */
    @ParameterizedTest
    @MethodSource("servers")
    void aStatementWithAParameterOrANulIsWrongAndTheConnectionIsThere(TestingPostgres server) throws SQLException {
        try (TestingDatabase database = server.createDatabase();
                PostgresSession session = PostgresSession.open(Sources.of(database), "test");
                Statement statement = session.jdbc().createStatement()) {
            for (String sql : List.of("SELECT $1", "SELECT 1 WHERE $2 > 1", "SELECT 'a\0b'")) {
                SQLException error = catchThrowableOfType(SQLException.class, () -> statement.execute(sql));
                assertThat(SqlErrors.isConnectionLost(error)).as(sql).isFalse();
                assertThat(SqlErrors.isRetryable(error)).as(sql).isFalse();
                TransvaseException told = SqlErrors.translate(error, "reading t");
                assertThat(told.type()).as(told.getMessage()).isEqualTo(ErrorType.USER);
                assertThat(told.code()).isEqualTo("SQL_INVALID");
                assertThat(statement.execute("SELECT 1")).isTrue();
            }
        }
    }
}
