package dev.transvase.spi.error;

import java.time.Duration;

/**
 * Takes what the user should know of while the job runs, and what does not end it: that something is not carried over, say.
 * Each message appears on the console, in the log and in the report; a message is reported only once, and of very
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

    /**
     * Says that the step waits for somebody outside, and for how long it has by now: the log has it once, progress for as long as it
     * lasts. To be called after a moment, about two seconds, not for every short wait.
     *
     * @param what what it waits for and who keeps it from that, to be read behind "waiting 12 s for"; without secrets
     * @param already how long it has waited
     * @return to be closed once the step goes on
     */
    default Waiting waiting(String what, Duration already) {
        return Waiting.UNHEARD;
    }

    /** A wait that is going on. Thread-safe. */
    interface Waiting extends AutoCloseable {

        /** Nobody listens. */
        Waiting UNHEARD = new Waiting() {
            @Override
            public void now(String what) {
                // nobody listens
            }

            @Override
            public void close() {
                // nobody listens
            }
        };

        /** The same wait in newer words, for progress alone. */
        void now(String what);

        /** It has ended, whatever the end was. May be called again. */
        @Override
        void close();
    }
}
