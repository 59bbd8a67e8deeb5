package dev.transvase.embedded;

import java.util.Locale;

/** How a server ends. */
public enum StopMode {
    /** Sessions are ended, a checkpoint is written: nothing is lost. */
    FAST,
    /** Every process quits at once, as in a crash: the next start recovers from the write-ahead log. */
    IMMEDIATE;

    String pgCtlName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
