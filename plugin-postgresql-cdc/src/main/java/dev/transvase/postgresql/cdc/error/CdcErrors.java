package dev.transvase.postgresql.cdc.error;

import dev.transvase.spi.error.ErrorCode;

/** The codes of errors that only the change reader gives. What each means and what to do about it: {@code docs/error-codes.md}. */
public final class CdcErrors {

    public static final ErrorCode ANOTHER_CLUSTER = ErrorCode.user("ANOTHER_CLUSTER");

    public static final ErrorCode BAD_LSN = ErrorCode.internal("BAD_LSN");

    public static final ErrorCode CHANGE_TOO_LARGE = ErrorCode.user("CHANGE_TOO_LARGE");

    public static final ErrorCode CHILDREN_NOT_FOLLOWED = ErrorCode.user("CHILDREN_NOT_FOLLOWED");

    public static final ErrorCode COLUMNS_OF_MANY_TABLES = ErrorCode.user("COLUMNS_OF_MANY_TABLES");

    public static final ErrorCode COLUMN_ADDED = ErrorCode.user("COLUMN_ADDED");

    public static final ErrorCode LOOP = ErrorCode.user("LOOP");

    public static final ErrorCode NEW_TABLES = ErrorCode.user("NEW_TABLES");

    public static final ErrorCode NOT_OWNED = ErrorCode.user("NOT_OWNED");

    public static final ErrorCode NO_LOGIN = ErrorCode.user("NO_LOGIN");

    public static final ErrorCode NO_REPLICATION = ErrorCode.user("NO_REPLICATION");

    public static final ErrorCode NO_REPLICATION_SLOT = ErrorCode.user("NO_REPLICATION_SLOT");

    public static final ErrorCode NO_WAL_SENDER = ErrorCode.user("NO_WAL_SENDER");

    public static final ErrorCode PARTITION_ATTACHED = ErrorCode.user("PARTITION_ATTACHED");

    public static final ErrorCode PARTITION_DETACHED = ErrorCode.user("PARTITION_DETACHED");

    public static final ErrorCode PARTITION_DROPPED = ErrorCode.user("PARTITION_DROPPED");

    public static final ErrorCode PARTITION_TRUNCATED = ErrorCode.user("PARTITION_TRUNCATED");

    public static final ErrorCode POSITION_UNREADABLE = ErrorCode.user("POSITION_UNREADABLE");

    public static final ErrorCode PUBLICATION_CHANGED = ErrorCode.user("PUBLICATION_CHANGED");

    public static final ErrorCode PUBLICATION_FILTERS = ErrorCode.user("PUBLICATION_FILTERS");

    public static final ErrorCode PUBLICATION_LACKS_CHANGES = ErrorCode.user("PUBLICATION_LACKS_CHANGES");

    public static final ErrorCode PUBLICATION_LACKS_COLUMNS = ErrorCode.user("PUBLICATION_LACKS_COLUMNS");

    public static final ErrorCode PUBLICATION_LACKS_ROOT = ErrorCode.user("PUBLICATION_LACKS_ROOT");

    public static final ErrorCode PUBLICATION_LACKS_TABLE = ErrorCode.user("PUBLICATION_LACKS_TABLE");

    public static final ErrorCode PUBLICATION_MISSING = ErrorCode.user("PUBLICATION_MISSING");

    public static final ErrorCode REPLICA_IDENTITY = ErrorCode.user("REPLICA_IDENTITY");

    public static final ErrorCode SLOT_ACTIVE = ErrorCode.external("SLOT_ACTIVE");

    public static final ErrorCode SLOT_EXISTS = ErrorCode.user("SLOT_EXISTS");

    public static final ErrorCode SLOT_FAILED = ErrorCode.internal("SLOT_FAILED");

    public static final ErrorCode SLOT_FOREIGN = ErrorCode.user("SLOT_FOREIGN");

    public static final ErrorCode SLOT_LOST = ErrorCode.user("SLOT_LOST");

    public static final ErrorCode SLOT_MISSING = ErrorCode.user("SLOT_MISSING");

    public static final ErrorCode SLOT_MOVED = ErrorCode.user("SLOT_MOVED");

    public static final ErrorCode SLOT_OF_ANOTHER_DATABASE = ErrorCode.user("SLOT_OF_ANOTHER_DATABASE");

    public static final ErrorCode SLOT_WAIT = ErrorCode.user("SLOT_WAIT");

    public static final ErrorCode SOURCE_SET_BACK = ErrorCode.user("SOURCE_SET_BACK");

    public static final ErrorCode SPILL_FAILED = ErrorCode.external("SPILL_FAILED");

    public static final ErrorCode STANDBY = ErrorCode.user("STANDBY");

    public static final ErrorCode STREAM_FAILED = ErrorCode.internal("STREAM_FAILED");

    public static final ErrorCode STREAM_MALFORMED = ErrorCode.external("STREAM_MALFORMED");

    public static final ErrorCode TABLE_CHANGED = ErrorCode.user("TABLE_CHANGED");

    public static final ErrorCode TABLE_DROPPED = ErrorCode.user("TABLE_DROPPED");

    public static final ErrorCode TABLE_MADE_ANEW = ErrorCode.user("TABLE_MADE_ANEW");

    public static final ErrorCode TABLE_NOT_COPIED = ErrorCode.user("TABLE_NOT_COPIED");

    public static final ErrorCode TABLE_NOT_FOLLOWED = ErrorCode.user("TABLE_NOT_FOLLOWED");

    public static final ErrorCode TABLE_RENAMED = ErrorCode.user("TABLE_RENAMED");

    public static final ErrorCode TABLE_TRUNCATED = ErrorCode.user("TABLE_TRUNCATED");

    public static final ErrorCode TEXT_UNEXPECTED = ErrorCode.internal("TEXT_UNEXPECTED");

    public static final ErrorCode TYPE_NOT_FOUND = ErrorCode.external("TYPE_NOT_FOUND");

    public static final ErrorCode VALUE_MALFORMED = ErrorCode.external("VALUE_MALFORMED");

    public static final ErrorCode WAL_LEVEL = ErrorCode.user("WAL_LEVEL");

    private CdcErrors() {}
}
