package dev.transvase.spi.error;

/**
 * The codes of errors that more than one part of Transvase gives. A plugin may give them too. What each means and what to do
 * about it: {@code docs/error-codes.md}.
 */
public final class CommonErrors {

    public static final ErrorCode BAD_SPLIT = ErrorCode.internal("BAD_SPLIT");

    public static final ErrorCode BATCH_TOO_LARGE = ErrorCode.user("BATCH_TOO_LARGE");

    public static final ErrorCode CANCELLED = ErrorCode.external("CANCELLED");

    public static final ErrorCode CHANGES_NOT_TAKEN = ErrorCode.user("CHANGES_NOT_TAKEN");

    /** A writer does not know whether its last commit was done. It is reported even when the run was stopped already. */
    public static final ErrorCode COMMIT_IN_DOUBT = ErrorCode.external("COMMIT_IN_DOUBT");

    public static final ErrorCode CONFLICTING_PARAMETERS = ErrorCode.user("CONFLICTING_PARAMETERS");

    public static final ErrorCode DUPLICATE_COLUMN = ErrorCode.user("DUPLICATE_COLUMN");

    public static final ErrorCode DUPLICATE_TABLE = ErrorCode.user("DUPLICATE_TABLE");

    public static final ErrorCode INVALID_OPTION = ErrorCode.user("INVALID_OPTION");

    public static final ErrorCode MALFORMED_RECORD = ErrorCode.internal("MALFORMED_RECORD");

    public static final ErrorCode MALFORMED_VALUE = ErrorCode.external("MALFORMED_VALUE");

    public static final ErrorCode MISSING_PARAMETER = ErrorCode.user("MISSING_PARAMETER");

    public static final ErrorCode OUT_OF_MEMORY = ErrorCode.external("OUT_OF_MEMORY");

    public static final ErrorCode PERMISSION_DENIED = ErrorCode.external("PERMISSION_DENIED");

    /**
     * The target left records out without an error. The job has failed on its data, as when there are too many dirty records.
     */
    public static final ErrorCode SKIPPED_BY_TARGET = ErrorCode.user("SKIPPED_BY_TARGET");

    public static final ErrorCode SKIPPED_NOT_BOOKED = ErrorCode.internal("SKIPPED_NOT_BOOKED");

    public static final ErrorCode TOO_MANY_COLUMNS = ErrorCode.user("TOO_MANY_COLUMNS");

    private CommonErrors() {}
}
