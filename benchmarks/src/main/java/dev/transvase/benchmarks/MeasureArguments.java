package dev.transvase.benchmarks;

import org.openjdk.jmh.runner.options.CommandLineOptionException;

/**
 * The command line of a measure of changes in real time.
 *
 * @param measure which one
 * @param changes how many; for the latency, rows in a round
 * @param rounds how often everything is done
 */
record MeasureArguments(Measure measure, long changes, int rounds) {

    private static final int QUICK_SHARE = 100;
    private static final long LEAST_CHANGES = 10;

    /**
     * Reads what stands behind the measure's name.
     *
     * @throws CommandLineOptionException with a message for people
     */
    static MeasureArguments parse(Measure measure, String... arguments) throws CommandLineOptionException {
        boolean quick = false;
        long changes = 0;
        long rounds = 0;
        for (int i = 1; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--changes" -> changes = BenchmarkArguments.number(arguments, ++i, 100_000_000);
                case "--rounds" -> rounds = BenchmarkArguments.number(arguments, ++i, 20);
                default -> throw new CommandLineOptionException(arguments[i] + ": no option of " + arguments[0]);
            }
        }
        long usual = quick ? measure.usualChanges() / QUICK_SHARE : measure.usualChanges();
        return new MeasureArguments(
                measure,
                Math.max(LEAST_CHANGES, changes > 0 ? changes : usual),
                rounds > 0 ? (int) rounds : quick ? 1 : measure.usualRounds());
    }
}
