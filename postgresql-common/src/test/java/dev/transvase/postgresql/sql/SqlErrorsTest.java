package dev.transvase.postgresql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "22001, true, false, SERVER_ERROR, EXTERNAL",
        "22P02, true, false, SERVER_ERROR, EXTERNAL",
        "23505, true, false, SERVER_ERROR, EXTERNAL",
        "40001, false, true, SERIALIZATION_FAILURE, EXTERNAL",
        "40P01, false, true, SERIALIZATION_FAILURE, EXTERNAL",
        "57P01, false, true, CONNECTION_LOST, EXTERNAL",
        "08006, false, true, CONNECTION_LOST, EXTERNAL",
        "57014, false, false, QUERY_CANCELLED, EXTERNAL",
        "53100, false, false, DISK_FULL, EXTERNAL",
        "42501, false, false, PERMISSION_DENIED, EXTERNAL",
        "42P01, false, false, SQL_INVALID, USER",
        "25006, false, false, READ_ONLY, USER",
        "XX000, false, false, SERVER_ERROR, EXTERNAL"
    })
    void tellsDataFromTheRest(String state, boolean dirty, boolean retryable, String code, ErrorType type) {
        SQLException error = new SQLException("what happened", state);
        assertThat(SqlErrors.isDirty(error)).isEqualTo(dirty);
        assertThat(SqlErrors.isRetryable(error)).isEqualTo(retryable);
        TransvaseException translated = SqlErrors.translate(error, "reading public.orders");
        assertThat(translated.code()).isEqualTo(code);
        assertThat(translated.type()).isEqualTo(type);
        assertThat(translated)
                .hasMessageStartingWith("reading public.orders: ")
                .hasMessageContaining("what happened")
                .hasMessageContaining(state);
    }

    @Test
    void anErrorWithoutAStateIsNeitherDirtyNorRetryable() {
        SQLException error = new SQLException("unknown");
        assertThat(SqlErrors.isDirty(error)).isFalse();
        assertThat(SqlErrors.isRetryable(error)).isFalse();
        assertThat(SqlErrors.constraint(error)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "08001, true",
        "08006, true",
        "40001, true",
        "40P01, true",
        "53300, true",
        "57P01, true",
        "57P02, true",
        "57P03, true",
        "57P05, true",
        "53100, false",
        "53200, false",
        "55006, false",
        "55P03, false",
        "57014, false",
        "28P01, false",
        "42704, false",
        "XX000, false"
    })
    void tellsWhatPassesWithAnotherSession(String state, boolean passing) {
        assertThat(SqlErrors.isPassing(new SQLException("what happened", state)))
                .isEqualTo(passing);
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECTION_TIMEOUT, true, true",
        "CONNECTION_LOST, true, true",
        "SERVER_NOT_READY, true, true",
        "TOO_MANY_CONNECTIONS, true, true",
        "CONNECTION_REFUSED, true, false",
        "CONNECTION_FAILED, true, false",
        "UNKNOWN_HOST, true, false",
        "AUTHENTICATION_FAILED, false, false",
        "DATABASE_NOT_FOUND, false, false",
        "TLS_FAILED, false, false",
        "SERVER_ERROR, false, false"
    })
    void tellsWhatPassesWhenConnecting(String code, boolean later, boolean atFirst) {
        TransvaseException failure = TransvaseException.of(ErrorCode.external(code), "cannot connect");
        assertThat(SqlErrors.isPassing(failure)).isEqualTo(later);
        assertThat(SqlErrors.isPassingAtFirst(failure)).isEqualTo(atFirst);
    }

    @Test
    void onlyALockThatWasNotToBeHadIsLocked() {
        assertThat(SqlErrors.isLocked(new SQLException("canceling statement due to lock timeout", "55P03")))
                .isTrue();
        assertThat(SqlErrors.isLocked(new SQLException("deadlock detected", "40P01")))
                .isFalse();
        assertThat(SqlErrors.isLocked(new SQLException("unknown"))).isFalse();
    }

    @Test
    void messagesAreOneLine() {
        assertThat(SqlErrors.message(new SQLException("first\n  second", "XX000")))
                .isEqualTo("first second (SQLSTATE XX000)");
    }
}
