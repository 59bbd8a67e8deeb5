package dev.transvase.core.error;

import dev.transvase.spi.error.ErrorCode;

/** The codes of errors that the framework gives. What each means and what to do about it: {@code docs/error-codes.md}. */
public final class CoreErrors {

    public static final ErrorCode ASSUMED_PARAMETER = ErrorCode.user("ASSUMED_PARAMETER");

    public static final ErrorCode DATA_SOURCE_TYPE_MISMATCH = ErrorCode.user("DATA_SOURCE_TYPE_MISMATCH");

    public static final ErrorCode DATA_SOURCE_TYPE_UNKNOWN = ErrorCode.user("DATA_SOURCE_TYPE_UNKNOWN");

    public static final ErrorCode DEFECT = ErrorCode.internal("DEFECT");

    public static final ErrorCode DIRTY_FILE_FAILED = ErrorCode.external("DIRTY_FILE_FAILED");

    public static final ErrorCode DIRTY_FILE_UNWRITABLE = ErrorCode.user("DIRTY_FILE_UNWRITABLE");

    public static final ErrorCode DUPLICATE_KEY = ErrorCode.user("DUPLICATE_KEY");

    public static final ErrorCode DUPLICATE_STEP_NAME = ErrorCode.user("DUPLICATE_STEP_NAME");

    public static final ErrorCode EMPTY_SETTING = ErrorCode.user("EMPTY_SETTING");

    public static final ErrorCode ENVIRONMENT_VARIABLE_NOT_SET = ErrorCode.user("ENVIRONMENT_VARIABLE_NOT_SET");

    public static final ErrorCode ERROR_LIMIT_EXCEEDED = ErrorCode.user("ERROR_LIMIT_EXCEEDED");

    public static final ErrorCode FILE_NOT_FOUND = ErrorCode.user("FILE_NOT_FOUND");

    public static final ErrorCode FILE_UNREADABLE = ErrorCode.user("FILE_UNREADABLE");

    public static final ErrorCode IGNORED_PARAMETER = ErrorCode.user("IGNORED_PARAMETER");

    public static final ErrorCode INVALID_HOP = ErrorCode.user("INVALID_HOP");

    public static final ErrorCode INVALID_PARAMETER = ErrorCode.user("INVALID_PARAMETER");

    public static final ErrorCode INVALID_VARIABLE = ErrorCode.user("INVALID_VARIABLE");

    public static final ErrorCode JSON_SYNTAX = ErrorCode.user("JSON_SYNTAX");

    public static final ErrorCode PARAMETER_RECORD_INVALID = ErrorCode.internal("PARAMETER_RECORD_INVALID");

    public static final ErrorCode PLUGIN_FAILED = ErrorCode.internal("PLUGIN_FAILED");

    public static final ErrorCode PLUGIN_FOLDER_UNREADABLE = ErrorCode.user("PLUGIN_FOLDER_UNREADABLE");

    public static final ErrorCode PLUGIN_NOT_CLOSED = ErrorCode.internal("PLUGIN_NOT_CLOSED");

    public static final ErrorCode PLUGIN_UNUSABLE = ErrorCode.user("PLUGIN_UNUSABLE");

    public static final ErrorCode RECORDS_UNACCOUNTED = ErrorCode.internal("RECORDS_UNACCOUNTED");

    public static final ErrorCode REFERENCE_WITH_VARIABLE = ErrorCode.user("REFERENCE_WITH_VARIABLE");

    public static final ErrorCode REPORT_FAILED = ErrorCode.external("REPORT_FAILED");

    public static final ErrorCode REPORT_UNWRITABLE = ErrorCode.user("REPORT_UNWRITABLE");

    public static final ErrorCode RESTRICTED = ErrorCode.user("RESTRICTED");

    public static final ErrorCode SECRET_FILE_UNREADABLE = ErrorCode.user("SECRET_FILE_UNREADABLE");

    public static final ErrorCode STEP_NOT_CONSTRUCTED = ErrorCode.internal("STEP_NOT_CONSTRUCTED");

    public static final ErrorCode STEP_TYPE_AMBIGUOUS = ErrorCode.user("STEP_TYPE_AMBIGUOUS");

    public static final ErrorCode STEP_TYPE_UNKNOWN = ErrorCode.user("STEP_TYPE_UNKNOWN");

    public static final ErrorCode UNKNOWN_DATASOURCE = ErrorCode.user("UNKNOWN_DATASOURCE");

    public static final ErrorCode UNKNOWN_JOB_SHAPE = ErrorCode.user("UNKNOWN_JOB_SHAPE");

    public static final ErrorCode UNKNOWN_PARAMETER = ErrorCode.user("UNKNOWN_PARAMETER");

    public static final ErrorCode UNKNOWN_REFERENCE = ErrorCode.user("UNKNOWN_REFERENCE");

    public static final ErrorCode UNKNOWN_STEP = ErrorCode.user("UNKNOWN_STEP");

    public static final ErrorCode UNKNOWN_VARIABLE = ErrorCode.user("UNKNOWN_VARIABLE");

    public static final ErrorCode UNRESOLVED_VARIABLE = ErrorCode.user("UNRESOLVED_VARIABLE");

    public static final ErrorCode UNSUPPORTED_JOB = ErrorCode.user("UNSUPPORTED_JOB");

    public static final ErrorCode UNUSED_VARIABLE = ErrorCode.user("UNUSED_VARIABLE");

    public static final ErrorCode WARNING = ErrorCode.user("WARNING");

    private CoreErrors() {}
}
