package dev.transvase.stream;

import dev.transvase.spi.error.ErrorCode;

/** The codes of errors that the stream reader and writer give. What each means and what to do about it: {@code docs/error-codes.md}. */
final class StreamErrors {

    static final ErrorCode AMBIGUOUS_COLUMN = ErrorCode.user("AMBIGUOUS_COLUMN");

    static final ErrorCode BAD_DATE_FORMAT = ErrorCode.user("BAD_DATE_FORMAT");

    static final ErrorCode BAD_PATH = ErrorCode.user("BAD_PATH");

    static final ErrorCode BAD_POSITION = ErrorCode.user("BAD_POSITION");

    static final ErrorCode BAD_VALUE = ErrorCode.user("BAD_VALUE");

    static final ErrorCode FOLDER_NOT_FOUND = ErrorCode.user("FOLDER_NOT_FOUND");

    static final ErrorCode MISSING_PATH = ErrorCode.user("MISSING_PATH");

    static final ErrorCode MISSING_VALUE = ErrorCode.user("MISSING_VALUE");

    static final ErrorCode NOT_A_FOLDER = ErrorCode.user("NOT_A_FOLDER");

    static final ErrorCode OUTPUT_FAILED = ErrorCode.external("OUTPUT_FAILED");

    static final ErrorCode PATH_IS_FOLDER = ErrorCode.user("PATH_IS_FOLDER");

    static final ErrorCode SEQUENCE_TOO_LONG = ErrorCode.user("SEQUENCE_TOO_LONG");

    static final ErrorCode UNKNOWN_TYPE = ErrorCode.user("UNKNOWN_TYPE");

    static final ErrorCode UNSUPPORTED_ENCODING = ErrorCode.user("UNSUPPORTED_ENCODING");

    static final ErrorCode WRITE_FAILED = ErrorCode.internal("WRITE_FAILED");

    private StreamErrors() {}
}
