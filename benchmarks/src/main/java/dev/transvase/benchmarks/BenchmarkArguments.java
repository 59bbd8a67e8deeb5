package dev.transvase.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * The command line: some options of our own, all others are JMH's.
 *
 * @param quick whether to take few and short iterations
 * @param durable whether the server syncs to disk
 * @param rows in the source table
 * @param rounds how often all is run, one after the other
 * @param jmh what is JMH's
 */
record BenchmarkArguments(boolean quick, boolean durable, long rows, int rounds, CommandLineOptions jmh) {

    static final String HELP = """
            benchmarks/run [--quick] [--durable] [--rows N] [--rounds N] [options of JMH] [benchmark ...]

              --quick      one round of few rows and short iterations: to see that it works, not how fast
              --durable    a server with fsync, synchronous_commit and full_page_writes on; off otherwise
              --rows N     rows of the source table (500000; with --quick 50000)
              --rounds N   how often everything is run, one after the other (3; with --quick 1)

            A benchmark is a part of its name: FetchSize, BatchSize, Transfer. Of JMH's options the most useful are
            -p fetchSize=512,1024 (a parameter's values), -prof jfr (a profile), -l (list), -h (all of them).

            benchmarks/run drain|apply|latency|commits|memory [--quick] [--changes N] [--rounds N]

              drain        a backlog of changes from a slot to nowhere, beside other tools that do the same
              apply        the same backlog from a slot to another server, beside PostgreSQL's own subscription
              latency      one row on an idle system, from its insert until it is visible at the target
              commits      small commits on a busy system, each until it is visible at the target
              memory       one large transaction through a heap of 256 MB
              --quick      one round of a hundredth of the changes: to see that it works, not how fast
              --changes N  how many (700000; latency 200 rows; commits 20000; memory 5000000 rows)
              --rounds N   how often everything is done, one after the other (3; memory 1)
            """;

    private static final long ROWS = 500_000;
    private static final long QUICK_ROWS = 50_000;
    private static final int ROUNDS = 3;

    /** @throws CommandLineOptionException with a message for people */
    static BenchmarkArguments parse(String... arguments) throws CommandLineOptionException {
        boolean quick = false;
        boolean durable = false;
        long rows = 0;
        long rounds = 0;
        List<String> others = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--durable" -> durable = true;
                case "--rows" -> rows = number(arguments, ++i, 10_000_000);
                case "--rounds" -> rounds = number(arguments, ++i, 1_000);
                default -> others.add(arguments[i]);
            }
        }
        return new BenchmarkArguments(
                quick,
                durable,
                rows > 0 ? rows : quick ? QUICK_ROWS : ROWS,
                rounds > 0 ? (int) rounds : quick ? 1 : ROUNDS,
                new CommandLineOptions(others.toArray(String[]::new)));
    }

    /** The number behind an option. */
    static long number(String[] arguments, int index, long max) throws CommandLineOptionException {
        String option = arguments[index - 1];
        String found = index < arguments.length ? arguments[index] : "nothing";
        if (!found.matches("\\d{1,18}") || Long.parseLong(found) < 1 || Long.parseLong(found) > max) {
            throw new CommandLineOptionException(option + ": expected a number from 1 to " + max + ", found " + found);
        }
        return Long.parseLong(found);
    }
}
