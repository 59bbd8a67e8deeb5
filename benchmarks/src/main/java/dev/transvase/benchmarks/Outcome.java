package dev.transvase.benchmarks;

import java.util.OptionalLong;

/**
 * What a tool took for its work.
 *
 * @param seconds from the start of its process
 * @param ownSeconds from when it began with the work, as far as it tells that
 * @param peakBytes the most memory it had, where that was looked at
 */
record Outcome(double seconds, double ownSeconds, OptionalLong peakBytes) {

    Outcome(double seconds, double ownSeconds) {
        this(seconds, ownSeconds, OptionalLong.empty());
    }
}
