package dev.transvase.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells the user what the demo does, step by step. */
final class Story {
    private final PrintStream err;
    private final long begin = System.nanoTime();
    private int step;

    Story(PrintStream err) {
        this.err = err;
    }

    void step(String title) {
        step++;
        err.println();
        err.println(step + ". " + title);
    }

    void line(String line) {
        err.println(line);
    }

    /** For example 12.3 s. */
    String sinceBegin() {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
        return String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1000.0);
    }
}
