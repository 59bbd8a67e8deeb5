package dev.transvase.spi;

/**
 * Takes what the user should know of while the job runs, and what does not end it: that something is not carried over, say.
 * Each message stands on the console, in the log and in the report; one that was told before is not told again, and of very
 * many only the first are kept. Thread-safe; returns soon.
 */
@FunctionalInterface
public interface Notices {

    /** Nobody listens. */
    Notices NONE = message -> {};

    /**
     * Warns.
     *
     * @param message what is so, where, and what to do about it, without anything that changes from one time to the next
     */
    void warn(String message);
}
