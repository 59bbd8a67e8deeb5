package dev.transvase.core.report;

import static dev.transvase.core.error.CoreErrors.DEFECT;
import static dev.transvase.spi.error.CommonErrors.OUT_OF_MEMORY;

import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.error.TransvaseException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What a run did: the report of the public interface.
 *
 * @param job its name
 * @param status how it ended
 * @param startedAt when it was started
 * @param elapsedMillis how long it took
 * @param channels how many ran at the same time
 * @param splits how many there were
 * @param tables one for each of the reader's tables
 * @param position up to where a change stream is durable at the target
 * @param error why it failed, if it did
 * @param leftOut what was not read although the user may expect it
 * @param warnings what the user should know of beside, found before the run or while it went on
 * @param warningCounts the same, summed up by what they say; also those that {@code warnings} has no room for
 */
public record JobReport(
        String job,
        Status status,
        Instant startedAt,
        long elapsedMillis,
        int channels,
        int splits,
        List<Table> tables,
        Optional<StreamPosition> position,
        Optional<Failure> error,
        List<LeftOut> leftOut,
        List<String> warnings,
        List<WarningCount> warningCounts) {

    public JobReport {
        tables = List.copyOf(tables);
        leftOut = List.copyOf(leftOut);
        warnings = List.copyOf(warnings);
        warningCounts = List.copyOf(warningCounts);
    }

    /**
     * A place in a change stream.
     *
     * @param key what the reader calls such a place
     * @param text the place itself, for example {@code 0/16B3748}
     */
    public record StreamPosition(String key, String text) {

        @Override
        public String toString() {
            return text;
        }
    }

    /** How a run ended. */
    public enum Status {
        SUCCEEDED,
        FAILED,
        STOPPED
    }

    /**
     * Records and their size.
     *
     * @param records how many
     * @param bytes as the speed limit counts
     */
    public record Amount(long records, long bytes) {

        Amount plus(Amount other) {
            return new Amount(records + other.records, bytes + other.bytes);
        }
    }

    /**
     * One table's part.
     *
     * @param source where its records came from
     * @param target where they went
     * @param read what was read
     * @param written what is durable at the target
     * @param dirty how many records the target would not take
     * @param skipped how many the target left out without an error
     * @param repeats whether a run that begins once more would write again what this one has written
     */
    public record Table(
            String source, String target, Amount read, Amount written, long dirty, long skipped, boolean repeats) {}

    /**
     * Why a run failed.
     *
     * @param code as a constant
     * @param type who can do something about it
     * @param message for people
     * @param targetChanged whether the target may have been changed by then
     */
    public record Failure(String code, ErrorType type, String message, boolean targetChanged) {

        private static final Pattern OTHER_MEMORY =
                Pattern.compile("Metaspace|Compressed class space|native thread|Direct buffer|direct buffer");

        private static boolean isOf(Pattern memory, Throwable cause) {
            boolean outOfMemory = cause instanceof OutOfMemoryError
                    || String.valueOf(cause.getMessage()).contains(OutOfMemoryError.class.getName());
            return outOfMemory
                    && memory.matcher(String.valueOf(cause.getMessage())).find();
        }

        /** A failure that changed nothing. */
        public Failure(String code, ErrorType type, String message) {
            this(code, type, message, false);
        }

        public boolean is(ErrorCode other) {
            return code.equals(other.name());
        }

        /** The same failure of a run that may have changed the target. */
        public Failure afterChange() {
            return new Failure(code, type, message, true);
        }

        /** The same failure with what to do, at the end of its message. */
        public Failure withAdvice(String advice) {
            return new Failure(code, type, message + advice, targetChanged);
        }

        /** The same failure of a run that had failed before. */
        public Failure after(Failure first) {
            return new Failure(
                    code,
                    type,
                    message + "; the job had failed before: " + first.message() + " [" + first.code() + ']',
                    targetChanged || first.targetChanged());
        }

        /** Tells of this exception; one that is not ours is a defect. */
        public static Failure of(Throwable cause) {
            if (cause instanceof TransvaseException e) {
                return new Failure(e.code(), e.type(), e.getMessage());
            }
            if (isOf(OTHER_MEMORY, cause)) {
                return new Failure(
                        OUT_OF_MEMORY.name(),
                        ErrorType.EXTERNAL,
                        "the JVM ran out of memory outside its heap: " + cause.getMessage()
                                + "; raise that limit in TRANSVASE_JAVA_OPTS or in the system, or lower"
                                + " speed.concurrent");
            }
            if (cause instanceof OutOfMemoryError) {
                return new Failure(
                        OUT_OF_MEMORY.name(),
                        ErrorType.EXTERNAL,
                        "the heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                                + " MiB is too small for this job; raise it with TRANSVASE_JAVA_OPTS=-Xmx..., or lower"
                                + " speed.concurrent, fetchSize or batchSize");
            }
            return new Failure(DEFECT.name(), ErrorType.INTERNAL, String.valueOf(cause));
        }
    }

    /** A job that did not get as far as reading. */
    public static JobReport notRun(String job, Instant startedAt, long elapsedMillis, Failure failure) {
        return new JobReport(
                job,
                Status.FAILED,
                startedAt,
                elapsedMillis,
                0,
                0,
                List.of(),
                Optional.empty(),
                Optional.of(failure),
                List.of(),
                List.of(),
                List.of());
    }

    /** The same with its messages as {@code shown} has them. */
    public JobReport reported(UnaryOperator<String> shown) {
        return new JobReport(
                job,
                status,
                startedAt,
                elapsedMillis,
                channels,
                splits,
                tables,
                position,
                error.map(e -> new Failure(e.code(), e.type(), shown.apply(e.message()), e.targetChanged())),
                leftOut.stream()
                        .map(left -> new LeftOut(left.table(), shown.apply(left.why())))
                        .toList(),
                warnings.stream().map(shown).toList(),
                warningCounts.stream()
                        .map(count -> new WarningCount(
                                count.count(),
                                shown.apply(count.first()),
                                count.others().stream().map(shown).toList()))
                        .toList());
    }

    /** The same run as one that has failed. */
    public JobReport failed(Failure failure) {
        return new JobReport(
                job,
                Status.FAILED,
                startedAt,
                elapsedMillis,
                channels,
                splits,
                tables,
                position,
                Optional.of(failure),
                leftOut,
                warnings,
                warningCounts);
    }

    /** What all tables' readers read. */
    public Amount read() {
        return tables.stream().map(Table::read).reduce(new Amount(0, 0), Amount::plus);
    }

    /** What is durable at the targets. */
    public Amount written() {
        return tables.stream().map(Table::written).reduce(new Amount(0, 0), Amount::plus);
    }

    /** How many records the targets left out without an error. */
    public long skipped() {
        return tables.stream().mapToLong(Table::skipped).sum();
    }

    /** How many records the targets would not take. */
    public long dirty() {
        return tables.stream().mapToLong(Table::dirty).sum();
    }
}
