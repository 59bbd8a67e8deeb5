package dev.transvase.spi.record;

/** What a record of a change stream says. Records of a plain read are all {@link #INSERT}. */
public enum RecordKind {
    INSERT,
    /** The row before an update; the record after it is its {@link #UPDATE_AFTER}. */
    UPDATE_BEFORE,
    UPDATE_AFTER,
    DELETE,
    /** All rows of the table were removed at once; all fields of the record are NULL. */
    TRUNCATE
}
