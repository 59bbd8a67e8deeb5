package dev.transvase.spi.error;

/**
 * Collects what is wrong before anything is moved, so that all of it is reported at once. Not thread-safe; used on the
 * thread that called the plugin.
 */
public interface Checks {

    /**
     * Something that keeps the job from running.
     *
     * @param parameter the parameter it is about, relative to the step's {@code parameter} object, for example {@code
     *     column[2]}; empty when it is about the step as a whole
     * @param code what went wrong as a constant, for example {@code TABLE_NOT_FOUND}
     * @param message what was expected, what was found and where
     * @param remedy what to do about it, for example a statement to run; may be empty
     */
    void error(String parameter, ErrorCode code, String message, String remedy);

    /**
     * As {@link #error(String, ErrorCode, String, String)}, with what sums up several findings and what fixes them.
     *
     * @param parameter the parameter it is about, as there
     */
    default void error(String parameter, Finding finding) {
        error(parameter, finding.code(), finding.message(), finding.remedy());
    }

    /** Something the user should know of that does not keep the job from running. */
    void warning(String parameter, String message);

    /** As {@link #warning(String, String)}, with what fixes it. Its code is not shown. */
    default void warning(String parameter, Finding finding) {
        warning(parameter, finding.message() + (finding.remedy().isEmpty() ? "" : ". " + finding.remedy()));
    }

    /** Something worth seeing beside the plan that is neither wrong nor likely to surprise. */
    default void note(String message) {}

    /** Whether an error has been reported so far. */
    boolean failed();
}
