package dev.transvase.cli.process;

import dev.transvase.spi.error.ErrorCode;

/** The codes of errors that the command line gives. What each means and what to do about it: {@code docs/error-codes.md}. */
public final class CliErrors {

    public static final ErrorCode INVALID_ADDRESS = ErrorCode.user("INVALID_ADDRESS");

    public static final ErrorCode INVALID_JOB = ErrorCode.user("INVALID_JOB");

    public static final ErrorCode NO_CHANGE_STREAM = ErrorCode.user("NO_CHANGE_STREAM");

    public static final ErrorCode NO_DEMO = ErrorCode.user("NO_DEMO");

    public static final ErrorCode NO_UI = ErrorCode.user("NO_UI");

    /** Something else than its own end or a signal has ended a run. */
    public static final ErrorCode PROCESS_ENDED = ErrorCode.internal("PROCESS_ENDED");

    public static final ErrorCode SAME_FILE = ErrorCode.user("SAME_FILE");

    public static final ErrorCode STATEMENTS_FAILED = ErrorCode.external("STATEMENTS_FAILED");

    public static final ErrorCode STATEMENTS_UNWRITABLE = ErrorCode.user("STATEMENTS_UNWRITABLE");

    private CliErrors() {}
}
