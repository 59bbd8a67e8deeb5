package dev.transvase.demo;

import dev.transvase.spi.error.ErrorCode;

/** The codes of errors that the demo gives. What each means and what to do about it: {@code docs/error-codes.md}. */
final class DemoErrors {

    static final ErrorCode DEMO_CHANGES_LATE = ErrorCode.external("DEMO_CHANGES_LATE");

    static final ErrorCode DEMO_FILES_FAILED = ErrorCode.external("DEMO_FILES_FAILED");

    static final ErrorCode DEMO_FOLDER_IN_USE = ErrorCode.user("DEMO_FOLDER_IN_USE");

    static final ErrorCode DEMO_NOT_EQUAL = ErrorCode.internal("DEMO_NOT_EQUAL");

    static final ErrorCode DEMO_SERVER_FAILED = ErrorCode.external("DEMO_SERVER_FAILED");

    static final ErrorCode NO_DEMO_SERVERS = ErrorCode.user("NO_DEMO_SERVERS");

    private DemoErrors() {}
}
