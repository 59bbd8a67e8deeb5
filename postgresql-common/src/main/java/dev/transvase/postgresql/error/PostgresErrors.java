package dev.transvase.postgresql.error;

import dev.transvase.spi.error.ErrorCode;

/** The codes of errors that all PostgreSQL plugins give. What each means and what to do about it: {@code docs/error-codes.md}. */
public final class PostgresErrors {

    public static final ErrorCode AUTHENTICATION_FAILED = ErrorCode.external("AUTHENTICATION_FAILED");

    public static final ErrorCode AUTHENTICATION_METHOD_REFUSED = ErrorCode.external("AUTHENTICATION_METHOD_REFUSED");

    public static final ErrorCode BAD_SCHEMA = ErrorCode.internal("BAD_SCHEMA");

    public static final ErrorCode CHANNEL_BINDING_FAILED = ErrorCode.external("CHANNEL_BINDING_FAILED");

    public static final ErrorCode CLEAR_TEXT_PASSWORD_REFUSED = ErrorCode.external("CLEAR_TEXT_PASSWORD_REFUSED");

    public static final ErrorCode COLUMN_CHANGED = ErrorCode.external("COLUMN_CHANGED");

    public static final ErrorCode COLUMN_NOT_FOUND = ErrorCode.user("COLUMN_NOT_FOUND");

    public static final ErrorCode CONNECTION_FAILED = ErrorCode.external("CONNECTION_FAILED");

    public static final ErrorCode CONNECTION_LOST = ErrorCode.external("CONNECTION_LOST");

    public static final ErrorCode CONNECTION_REFUSED = ErrorCode.external("CONNECTION_REFUSED");

    public static final ErrorCode CONNECTION_REJECTED = ErrorCode.external("CONNECTION_REJECTED");

    public static final ErrorCode CONNECTION_TIMEOUT = ErrorCode.external("CONNECTION_TIMEOUT");

    public static final ErrorCode COPY_INCOMPLETE = ErrorCode.external("COPY_INCOMPLETE");

    public static final ErrorCode COPY_MALFORMED = ErrorCode.external("COPY_MALFORMED");

    public static final ErrorCode DATABASE_NOT_FOUND = ErrorCode.external("DATABASE_NOT_FOUND");

    public static final ErrorCode DISK_FULL = ErrorCode.external("DISK_FULL");

    public static final ErrorCode EMPTY_VALUE = ErrorCode.user("EMPTY_VALUE");

    public static final ErrorCode INVALID_JDBC_URL = ErrorCode.user("INVALID_JDBC_URL");

    public static final ErrorCode INVALID_NAME = ErrorCode.user("INVALID_NAME");

    public static final ErrorCode LOCK_NOT_AVAILABLE = ErrorCode.external("LOCK_NOT_AVAILABLE");

    public static final ErrorCode NO_COLUMNS = ErrorCode.user("NO_COLUMNS");

    public static final ErrorCode NO_TABLE_MATCHES = ErrorCode.user("NO_TABLE_MATCHES");

    public static final ErrorCode OPERATOR_HIDDEN = ErrorCode.user("OPERATOR_HIDDEN");

    public static final ErrorCode PREVIEW_TOO_SLOW = ErrorCode.external("PREVIEW_TOO_SLOW");

    public static final ErrorCode QUERY_CANCELLED = ErrorCode.external("QUERY_CANCELLED");

    public static final ErrorCode READ_FAILED = ErrorCode.internal("READ_FAILED");

    public static final ErrorCode READ_ONLY = ErrorCode.user("READ_ONLY");

    public static final ErrorCode RESERVED_PROPERTY = ErrorCode.user("RESERVED_PROPERTY");

    public static final ErrorCode ROWS_GONE = ErrorCode.external("ROWS_GONE");

    public static final ErrorCode ROW_NOT_READABLE = ErrorCode.external("ROW_NOT_READABLE");

    public static final ErrorCode ROW_SECURITY = ErrorCode.external("ROW_SECURITY");

    public static final ErrorCode SERIALIZATION_FAILURE = ErrorCode.external("SERIALIZATION_FAILURE");

    public static final ErrorCode SERVER_ERROR = ErrorCode.external("SERVER_ERROR");

    public static final ErrorCode SERVER_NOT_READY = ErrorCode.external("SERVER_NOT_READY");

    public static final ErrorCode SNAPSHOT_GONE = ErrorCode.external("SNAPSHOT_GONE");

    public static final ErrorCode SQL_INVALID = ErrorCode.user("SQL_INVALID");

    public static final ErrorCode STANDBY_CONFLICT = ErrorCode.external("STANDBY_CONFLICT");

    public static final ErrorCode STATEMENT_WRITES = ErrorCode.user("STATEMENT_WRITES");

    public static final ErrorCode TABLE_LOCK_WAIT = ErrorCode.external("TABLE_LOCK_WAIT");

    public static final ErrorCode TABLE_NOT_FOUND = ErrorCode.user("TABLE_NOT_FOUND");

    public static final ErrorCode TABLE_REWRITTEN = ErrorCode.external("TABLE_REWRITTEN");

    public static final ErrorCode TIME_ZONE_UNKNOWN = ErrorCode.user("TIME_ZONE_UNKNOWN");

    public static final ErrorCode TLS_CERTIFICATE_UNREADABLE = ErrorCode.user("TLS_CERTIFICATE_UNREADABLE");

    public static final ErrorCode TLS_CLIENT_CERTIFICATE_EXPIRED = ErrorCode.external("TLS_CLIENT_CERTIFICATE_EXPIRED");

    public static final ErrorCode TLS_CLIENT_CERTIFICATE_REFUSED = ErrorCode.external("TLS_CLIENT_CERTIFICATE_REFUSED");

    public static final ErrorCode TLS_CLIENT_CERTIFICATE_REQUIRED =
            ErrorCode.external("TLS_CLIENT_CERTIFICATE_REQUIRED");

    public static final ErrorCode TLS_CLIENT_NAME_MISMATCH = ErrorCode.external("TLS_CLIENT_NAME_MISMATCH");

    public static final ErrorCode TLS_CRL_UNREADABLE = ErrorCode.user("TLS_CRL_UNREADABLE");

    public static final ErrorCode TLS_FAILED = ErrorCode.external("TLS_FAILED");

    public static final ErrorCode TLS_FILE_NOT_FOUND = ErrorCode.user("TLS_FILE_NOT_FOUND");

    public static final ErrorCode TLS_FILE_TOO_LARGE = ErrorCode.user("TLS_FILE_TOO_LARGE");

    public static final ErrorCode TLS_HOST_MISMATCH = ErrorCode.external("TLS_HOST_MISMATCH");

    public static final ErrorCode TLS_KEY_MISMATCH = ErrorCode.user("TLS_KEY_MISMATCH");

    public static final ErrorCode TLS_KEY_PASSWORD_MISSING = ErrorCode.user("TLS_KEY_PASSWORD_MISSING");

    public static final ErrorCode TLS_KEY_PASSWORD_WRONG = ErrorCode.user("TLS_KEY_PASSWORD_WRONG");

    public static final ErrorCode TLS_KEY_UNREADABLE = ErrorCode.user("TLS_KEY_UNREADABLE");

    public static final ErrorCode TLS_NOT_OFFERED = ErrorCode.external("TLS_NOT_OFFERED");

    public static final ErrorCode TLS_REQUIRED = ErrorCode.external("TLS_REQUIRED");

    public static final ErrorCode TLS_REVOCATION_UNKNOWN = ErrorCode.external("TLS_REVOCATION_UNKNOWN");

    public static final ErrorCode TLS_SERVER_CERTIFICATE_EXPIRED = ErrorCode.external("TLS_SERVER_CERTIFICATE_EXPIRED");

    public static final ErrorCode TLS_SERVER_CERTIFICATE_REVOKED = ErrorCode.external("TLS_SERVER_CERTIFICATE_REVOKED");

    public static final ErrorCode TLS_UNTRUSTED_SERVER = ErrorCode.external("TLS_UNTRUSTED_SERVER");

    public static final ErrorCode TOO_MANY_CONNECTIONS = ErrorCode.external("TOO_MANY_CONNECTIONS");

    public static final ErrorCode TOO_MANY_TABLES = ErrorCode.external("TOO_MANY_TABLES");

    public static final ErrorCode TRANSACTION_LEFT_OPEN = ErrorCode.user("TRANSACTION_LEFT_OPEN");

    public static final ErrorCode TRANSACTION_POOLER = ErrorCode.user("TRANSACTION_POOLER");

    public static final ErrorCode UNIX_SOCKET = ErrorCode.user("UNIX_SOCKET");

    public static final ErrorCode UNKNOWN_AUTH_METHOD = ErrorCode.user("UNKNOWN_AUTH_METHOD");

    public static final ErrorCode UNKNOWN_HOST = ErrorCode.external("UNKNOWN_HOST");

    public static final ErrorCode UNKNOWN_PROPERTY = ErrorCode.user("UNKNOWN_PROPERTY");

    public static final ErrorCode UNSUPPORTED_PROPERTY = ErrorCode.user("UNSUPPORTED_PROPERTY");

    public static final ErrorCode UNSUPPORTED_TYPE = ErrorCode.user("UNSUPPORTED_TYPE");

    private PostgresErrors() {}
}
