package dev.transvase.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;

/** Runs the benchmarks on a server of their own and tells their figures. */
public final class Benchmarks {

    private Benchmarks() {}

    /** What {@code benchmarks/run} starts. */
    public static void main(String... args) throws IOException, SQLException, RunnerException, InterruptedException {
        if (Arrays.asList(args).contains("--help")) {
            System.out.print(BenchmarkArguments.HELP);
            return;
        }
        Optional<Measure> measure = args.length == 0 ? Optional.empty() : Measure.named(args[0]);
        BenchmarkArguments arguments;
        try {
            if (measure.isPresent()) {
                measure(MeasureArguments.parse(measure.get(), args));
                return;
            }
            arguments = BenchmarkArguments.parse(args);
        } catch (CommandLineOptionException e) {
            System.err.println("error: " + e.getMessage());
            System.err.print(BenchmarkArguments.HELP);
            System.exit(2);
            return;
        }
        if (arguments.jmh().shouldHelp()) {
            System.out.println(BenchmarkArguments.HELP);
            arguments.jmh().showHelp();
        } else if (arguments.jmh().shouldList()) {
            new Runner(arguments.jmh()).list();
        } else {
            measure(arguments);
        }
    }

    private static void measure(MeasureArguments arguments) throws IOException, SQLException, InterruptedException {
        String table;
        int major;
        try (ChangeRun run = ChangeRun.start()) {
            major = run.source().server().major();
            table = new MeasureRun(arguments.measure(), arguments.changes(), arguments.rounds(), System.out).on(run);
        }
        System.out.println("\nPostgreSQL " + major + ", " + arguments.changes() + " changes, Java " + Runtime.version()
                + ", " + Runtime.getRuntime().availableProcessors() + " cores\n");
        System.out.println(table);
    }

    private static void measure(BenchmarkArguments arguments) throws IOException, SQLException, RunnerException {
        Path file = BuildFolder.locate().resolve("results.json");
        try (BenchmarkRun run = BenchmarkRun.start(arguments)) {
            Figures figures = new Figures();
            for (int round = 1; round <= arguments.rounds(); round++) {
                System.out.println("\n# Round " + round + " of " + arguments.rounds());
                figures.add(run.round(arguments.jmh()));
                // After each round: who ends it early has something.
                write(figures.results(), file);
            }
            System.out.println("\nPostgreSQL " + run.major() + ", "
                    + (arguments.durable() ? "durable" : "fsync, synchronous_commit and full_page_writes off") + ", "
                    + arguments.rows() + " rows, Java " + Runtime.version() + ", "
                    + Runtime.getRuntime().availableProcessors() + " cores\n");
            System.out.println(figures.table());
            System.out.println("All results: " + file);
        }
    }

    private static void write(Collection<RunResult> results, Path file) throws IOException {
        try (PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
        }
    }
}
