package dev.transvase.core.job;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A job's settings.
 *
 * @param errorLimit how many dirty records it bears
 * @param speed how fast it may go
 * @param dirtyValues how the values of dirty records are reported, if the job says so
 */
public record JobSettings(ErrorLimit errorLimit, Speed speed, Optional<DirtyValues> dirtyValues) {

    /** How the values of dirty records are reported. */
    public enum DirtyValues {
        /** All of them, also in the log, in messages and in the report. */
        FULL,
        /** Type and length, in the file for dirty records. */
        MASK,
        /** Nothing. */
        OMIT
    }

    /** What holds for a job file without settings: no dirty record, one channel, no speed limit. */
    public static final JobSettings DEFAULTS = new JobSettings(
            new ErrorLimit(0, OptionalDouble.empty()),
            new Speed(1, false, OptionalDouble.empty(), OptionalLong.empty()),
            Optional.empty());

    /**
     * How many dirty records a job bears.
     *
     * @param record the job fails when there are more
     * @param percentage the share of dirty records tolerated, 0.0 to 1.0, checked at the end
     */
    public record ErrorLimit(long record, OptionalDouble percentage) {

        /** Whether a job may go on after a dirty record. */
        public boolean toleratesAny() {
            return record > 0 && percentage.orElse(1) > 0;
        }
    }

    /**
     * How fast a job may go.
     *
     * @param concurrent channels, at least 1
     * @param throttle whether the limits have an effect
     * @param mbps MB/s (1,048,576 bytes) for the whole job, as written
     * @param record records/s for the whole job, as written
     * @param each what each channel may do at most; together they share it
     */
    public record Speed(int concurrent, boolean throttle, OptionalDouble mbps, OptionalLong record, ChannelSpeed each) {

        /** More channels than these cost more than they bring, and more connections than servers have. */
        public static final int MOST_CHANNELS = 1024;

        private static final double MEGABYTE = 1024 * 1024;

        /** Without a limit for each channel. */
        public Speed(int concurrent, boolean throttle, OptionalDouble mbps, OptionalLong record) {
            this(concurrent, throttle, mbps, record, ChannelSpeed.UNLIMITED);
        }

        /** The same for this many channels, when there are fewer splits than channels were asked for. */
        public Speed withChannels(int channels) {
            return new Speed(channels, throttle, mbps, record, each);
        }

        /** The limit in bytes/s that is in force for the whole job; empty when there is none. */
        public OptionalDouble bytesPerSecond() {
            double whole = mbps.orElse(Double.POSITIVE_INFINITY) * MEGABYTE;
            double together = each.bytes().isPresent()
                    ? (double) each.bytes().getAsLong() * concurrent
                    : Double.POSITIVE_INFINITY;
            double limit = Math.min(whole, together);
            return throttle && limit != Double.POSITIVE_INFINITY ? OptionalDouble.of(limit) : OptionalDouble.empty();
        }

        /** The limit in records/s that is in force for the whole job; empty when there is none. */
        public OptionalLong recordsPerSecond() {
            long most = each.records().orElse(Long.MAX_VALUE);
            long together = most > Long.MAX_VALUE / concurrent ? Long.MAX_VALUE : most * concurrent;
            long limit = Math.min(record.orElse(Long.MAX_VALUE), together);
            return throttle && limit != Long.MAX_VALUE ? OptionalLong.of(limit) : OptionalLong.empty();
        }
    }

    /**
     * How fast each channel may go.
     *
     * @param bytes bytes/s, above 0
     * @param records records/s, above 0
     */
    public record ChannelSpeed(OptionalLong bytes, OptionalLong records) {

        /** As fast as it can. */
        public static final ChannelSpeed UNLIMITED = new ChannelSpeed(OptionalLong.empty(), OptionalLong.empty());
    }
}
