package dev.sluice.core.job;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A job's settings. */
public record JobSettings(ErrorLimit errorLimit, Speed speed) {

    /** What holds for a job file without settings: no dirty record, one channel, no speed limit. */
    public static final JobSettings DEFAULTS = new JobSettings(
            new ErrorLimit(0, OptionalDouble.empty()),
            new Speed(1, false, OptionalDouble.empty(), OptionalLong.empty()));

    /**
     * How many dirty records a job bears.
     *
     * @param record the job fails when there are more
     * @param percentage the dirty share tolerated, 0.0 to 1.0, judged at the end
     */
    public record ErrorLimit(long record, OptionalDouble percentage) {}

    /**
     * How fast a job may go.
     *
     * @param concurrent channels, at least 1
     * @param throttle whether {@code mbps} and {@code record} have an effect
     * @param mbps MB/s (1,048,576 bytes) for the whole job, as written
     * @param record records/s for the whole job, as written
     */
    public record Speed(int concurrent, boolean throttle, OptionalDouble mbps, OptionalLong record) {

        private static final double MEGABYTE = 1024 * 1024;

        /** The limit in bytes/s that is in force; empty when there is none. */
        public OptionalDouble bytesPerSecond() {
            return throttle && mbps.isPresent()
                    ? OptionalDouble.of(mbps.getAsDouble() * MEGABYTE)
                    : OptionalDouble.empty();
        }

        /** The limit in records/s that is in force; empty when there is none. */
        public OptionalLong recordsPerSecond() {
            return throttle ? record : OptionalLong.empty();
        }
    }
}
