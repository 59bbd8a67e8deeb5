package dev.transvase.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is measured of changes in real time, by the name that the command line has for it. */
enum Measure {
    /** From a slot to nowhere. */
    DRAIN(700_000, 3),
    /** From a slot to another server. */
    APPLY(700_000, 3),
    /** One row on an idle system. */
    LATENCY(200, 3),
    /** Small commits on a busy one. */
    COMMITS(20_000, 3),
    /** One transaction that does not fit into the heap. */
    MEMORY(5_000_000, 1);

    private final long usualChanges;
    private final int usualRounds;

    Measure(long usualChanges, int usualRounds) {
        this.usualChanges = usualChanges;
        this.usualRounds = usualRounds;
    }

    static Optional<Measure> named(String name) {
        return Arrays.stream(values())
                .filter(measure -> measure.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }

    long usualChanges() {
        return usualChanges;
    }

    int usualRounds() {
        return usualRounds;
    }
}
