package dev.transvase.postgresql.writer.error;

import dev.transvase.spi.error.ErrorCode;

/** The codes of errors that only the PostgreSQL writer gives. What each means and what to do about it: {@code docs/error-codes.md}. */
public final class WriterErrors {

    public static final ErrorCode COLUMNS_DIFFER = ErrorCode.user("COLUMNS_DIFFER");

    public static final ErrorCode COLUMN_COUNT = ErrorCode.user("COLUMN_COUNT");

    public static final ErrorCode CONFLICT_KEY_NOT_WRITTEN = ErrorCode.user("CONFLICT_KEY_NOT_WRITTEN");

    public static final ErrorCode CONFLICT_KEY_REQUIRED = ErrorCode.user("CONFLICT_KEY_REQUIRED");

    public static final ErrorCode CONFLICT_KEY_UNUSED = ErrorCode.user("CONFLICT_KEY_UNUSED");

    public static final ErrorCode EMPTY_WITH_CHANGES = ErrorCode.user("EMPTY_WITH_CHANGES");

    public static final ErrorCode ERROR_LIMIT_NOT_ENFORCED = ErrorCode.internal("ERROR_LIMIT_NOT_ENFORCED");

    public static final ErrorCode GENERATED_COLUMN = ErrorCode.user("GENERATED_COLUMN");

    public static final ErrorCode INVALID_MAPPING = ErrorCode.user("INVALID_MAPPING");

    public static final ErrorCode KEY_NOT_WRITTEN = ErrorCode.user("KEY_NOT_WRITTEN");

    public static final ErrorCode KEY_REQUIRED = ErrorCode.user("KEY_REQUIRED");

    public static final ErrorCode KEY_WITHOUT_CHANGES = ErrorCode.user("KEY_WITHOUT_CHANGES");

    public static final ErrorCode MALFORMED_CHANGE = ErrorCode.internal("MALFORMED_CHANGE");

    public static final ErrorCode MISSING_PRIVILEGE = ErrorCode.user("MISSING_PRIVILEGE");

    public static final ErrorCode NAMES_DEPEND_ON_SEARCH_PATH = ErrorCode.user("NAMES_DEPEND_ON_SEARCH_PATH");

    public static final ErrorCode NOT_A_POSITION_TABLE = ErrorCode.user("NOT_A_POSITION_TABLE");

    public static final ErrorCode NOT_A_TABLE = ErrorCode.user("NOT_A_TABLE");

    public static final ErrorCode NO_SHA_256 = ErrorCode.internal("NO_SHA_256");

    public static final ErrorCode NO_UNIQUE_KEY = ErrorCode.user("NO_UNIQUE_KEY");

    public static final ErrorCode PG_TYPE_MISMATCH = ErrorCode.user("PG_TYPE_MISMATCH");

    public static final ErrorCode READ_ONLY_TARGET = ErrorCode.user("READ_ONLY_TARGET");

    public static final ErrorCode RECORD_TOO_LARGE = ErrorCode.user("RECORD_TOO_LARGE");

    public static final ErrorCode SCHEMA_NOT_FOUND = ErrorCode.user("SCHEMA_NOT_FOUND");

    public static final ErrorCode SEQUENCES_WITH_CHANGES = ErrorCode.user("SEQUENCES_WITH_CHANGES");

    public static final ErrorCode SERVER_CHANGED = ErrorCode.external("SERVER_CHANGED");

    public static final ErrorCode SERVER_LIMIT = ErrorCode.user("SERVER_LIMIT");

    public static final ErrorCode SOURCE_IS_TARGET = ErrorCode.user("SOURCE_IS_TARGET");

    public static final ErrorCode STATEMENT_INVALID = ErrorCode.user("STATEMENT_INVALID");

    public static final ErrorCode STREAM_IN_USE = ErrorCode.external("STREAM_IN_USE");

    public static final ErrorCode TABLE_COUNT = ErrorCode.user("TABLE_COUNT");

    public static final ErrorCode TABLE_REQUIRED = ErrorCode.user("TABLE_REQUIRED");

    public static final ErrorCode TARGET_CHANGED = ErrorCode.user("TARGET_CHANGED");

    public static final ErrorCode TARGET_NOT_EMPTY = ErrorCode.user("TARGET_NOT_EMPTY");

    public static final ErrorCode TARGET_TWICE = ErrorCode.user("TARGET_TWICE");

    public static final ErrorCode TRUNCATE_REFERENCED = ErrorCode.user("TRUNCATE_REFERENCED");

    public static final ErrorCode UNCHANGED_VALUE = ErrorCode.internal("UNCHANGED_VALUE");

    public static final ErrorCode UNKNOWN_PG_TYPE = ErrorCode.user("UNKNOWN_PG_TYPE");

    public static final ErrorCode UNKNOWN_STREAM = ErrorCode.internal("UNKNOWN_STREAM");

    public static final ErrorCode UNSUPPORTED_CHANGE = ErrorCode.user("UNSUPPORTED_CHANGE");

    public static final ErrorCode UNSUPPORTED_CONVERSION = ErrorCode.user("UNSUPPORTED_CONVERSION");

    public static final ErrorCode UPSERT_NOT_POSSIBLE = ErrorCode.user("UPSERT_NOT_POSSIBLE");

    public static final ErrorCode UPSERT_OF_CHANGES = ErrorCode.user("UPSERT_OF_CHANGES");

    private WriterErrors() {}
}
