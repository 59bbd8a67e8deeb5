package dev.transvase.postgresql.writer.conversion;

/** A value that cannot be had in its target's type without loss. Without a stack trace, since a job may meet many. */
public final class BadValueException extends Exception {

    private static final long serialVersionUID = 1L;

    public static final String OUT_OF_RANGE = "22003";
    static final String TOO_LONG = "22001";
    static final String INVALID_DATE = "22008";
    static final String INVALID_TEXT = "22P02";

    private final String sqlState;

    public BadValueException(String sqlState, String message) {
        super(message, null, false, false);
        this.sqlState = sqlState;
    }

    public String sqlState() {
        return sqlState;
    }
}
