package dev.transvase.ui.error;

import dev.transvase.spi.error.ErrorCode;

/**
 * The codes of errors that end {@code transvase ui}. What each means and what to do about it: {@code docs/error-codes.md}. What its API
 * answers has codes of its own.
 */
public final class UiErrors {

    public static final ErrorCode ADDRESS_TAKEN = ErrorCode.external("ADDRESS_TAKEN");

    public static final ErrorCode FOLDER_UNUSABLE = ErrorCode.user("FOLDER_UNUSABLE");

    public static final ErrorCode PASSWORD_NEEDED = ErrorCode.user("PASSWORD_NEEDED");

    public static final ErrorCode PASSWORD_TOO_SHORT = ErrorCode.user("PASSWORD_TOO_SHORT");

    public static final ErrorCode TLS_FILES = ErrorCode.user("TLS_FILES");

    private UiErrors() {}
}
