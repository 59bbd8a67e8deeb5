package dev.transvase.core.run;

import static dev.transvase.core.error.CoreErrors.ERROR_LIMIT_EXCEEDED;

import dev.transvase.spi.error.TransvaseException;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/** The one error limit of a job, shared by all its channels. Thread-safe. */
final class ErrorLimit {

    private final long most;
    private final OptionalDouble mostShare;
    private final AtomicLong dirty = new AtomicLong();

    private volatile Counted last = new Counted("", "");

    /** What a message says of a record, and of what to do about it. */
    private record Counted(String reported, String remedy) {

        String remedyOr(String other) {
            return remedy.isEmpty() ? other : remedy;
        }
    }

    /**
     * @param most how many dirty records the job may have
     * @param mostShare how large a part of all records they may be at the end, 0 to 1
     */
    ErrorLimit(long most, OptionalDouble mostShare) {
        this.most = most;
        this.mostShare = mostShare;
    }

    /**
     * Counts a dirty record.
     *
     * @param remedy what to do about it; when it is empty, the data is to be fixed
     * @throws TransvaseException when it is one too many
     */
    void count(String table, String reason, String remedy) {
        long count = dirty.incrementAndGet();
        Counted one = new Counted("One of them, for " + table + ": " + reason + ". ", remedy);
        last = one;
        if (count > most) {
            throw TransvaseException.of(
                    ERROR_LIMIT_EXCEEDED,
                    // The final number is in the report: other channels may be counting at this
                    // moment.
                    "more dirty records than the " + most + " that errorLimit.record tolerates. " + one.reported()
                            + one.remedyOr("Fix the data, or raise errorLimit.record")
                            + "; --dirty FILE shows every dirty record");
        }
    }

    /** How many more there may be. */
    long tolerance() {
        return Math.max(0, most - dirty.get());
    }

    /**
     * Judges the share of dirty records, at the end.
     *
     * @throws TransvaseException when it is too large
     */
    void judge(long records) {
        if (mostShare.isPresent() && dirty.get() > mostShare.getAsDouble() * records) {
            throw TransvaseException.of(
                    ERROR_LIMIT_EXCEEDED,
                    "dirty records: " + dirty.get() + " of " + records + ", tolerated by errorLimit.percentage: "
                            + mostShare.getAsDouble() + " of them. " + last.reported()
                            + last.remedyOr("Fix the data, or raise errorLimit.percentage")
                            + "; --dirty FILE shows every dirty record");
        }
    }
}
