package dev.transvase.ui.run;

/** How a run is, or how it ended. */
public enum RunState {
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** It was asked to end. */
    STOPPED,
    /** It ended without a word of its own: somebody killed it, or the machine went down. */
    KILLED;

    /** Whether it has ended. */
    public boolean ended() {
        return this != RUNNING;
    }
}
