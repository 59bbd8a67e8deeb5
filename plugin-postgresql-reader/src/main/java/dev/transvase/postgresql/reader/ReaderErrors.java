package dev.transvase.postgresql.reader;

import dev.transvase.spi.error.ErrorCode;

/** The codes of errors that only the PostgreSQL reader gives. What each means and what to do about it: {@code docs/error-codes.md}. */
final class ReaderErrors {

    static final ErrorCode CANNOT_RESUME = ErrorCode.user("CANNOT_RESUME");

    static final ErrorCode COLUMN_INVALID = ErrorCode.user("COLUMN_INVALID");

    static final ErrorCode QUERY_FAILS = ErrorCode.user("QUERY_FAILS");

    static final ErrorCode QUERY_INVALID = ErrorCode.user("QUERY_INVALID");

    static final ErrorCode READ_FAILS = ErrorCode.user("READ_FAILS");

    static final ErrorCode SNAPSHOT_NOT_POSSIBLE = ErrorCode.user("SNAPSHOT_NOT_POSSIBLE");

    static final ErrorCode TABLE_NOT_READABLE = ErrorCode.user("TABLE_NOT_READABLE");

    static final ErrorCode WHERE_FAILS = ErrorCode.user("WHERE_FAILS");

    static final ErrorCode WHERE_INVALID = ErrorCode.user("WHERE_INVALID");

    private ReaderErrors() {}
}
