package dev.transvase.benchmarks;

import dev.transvase.embedded.PostgresServer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** A server with the tables on it, on which benchmarks are run round by round. Closing stops it. */
final class BenchmarkRun implements AutoCloseable {

    private static final String HEAP = "-Xmx512m";

    /** As {@code bin/transvase} chooses. */
    private static final String COLLECTOR = "-XX:+UseSerialGC";

    private final BenchmarkArguments arguments;
    private final Path folder;
    private final PostgresServer server;

    private BenchmarkRun(BenchmarkArguments arguments, Path folder, PostgresServer server) {
        this.arguments = arguments;
        this.folder = folder;
        this.server = server;
    }

    /** Starts the newest major there is and fills the source table. */
    static BenchmarkRun start(BenchmarkArguments arguments) throws IOException, SQLException {
        PostgresServer server = NewestServer.start(settings(arguments.durable()));
        BenchmarkRun run = new BenchmarkRun(arguments, Files.createTempDirectory("transvase-benchmarks-"), server);
        try {
            run.prepare();
            return run;
        } catch (IOException | SQLException | RuntimeException e) {
            try (run) {
                throw e;
            }
        }
    }

    /** Room for the tables and no interruptions: neither checkpoints nor autovacuum are what is measured. */
    private static Map<String, String> settings(boolean durable) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "shared_buffers", "512MB",
                "max_wal_size", "8GB",
                "checkpoint_timeout", "1h",
                "autovacuum", "off"));
        for (String durability : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
            settings.put(durability, durable ? "on" : "off");
        }
        return settings;
    }

    private void prepare() throws IOException, SQLException {
        MeasuredServer measured = new MeasuredServer(
                folder, server.host(), server.port(), server.user(), server.password(), arguments.rows());
        measured.write();
        try (Connection connection = measured.connect()) {
            OrdersTable.create(connection, arguments.rows());
        }
        // For benchmarks that run without a fork.
        System.setProperty(MeasuredServer.FOLDER_PROPERTY, folder.toString());
    }

    /** The server's major. */
    int major() {
        return server.major();
    }

    /** As this run's benchmarks know it. */
    MeasuredServer server() throws IOException {
        return MeasuredServer.ofThisRun();
    }

    /**
     * Runs everything once that these options ask for.
     *
     * @throws RunnerException when one of the benchmarks fails
     */
    Collection<RunResult> round(CommandLineOptions jmh) throws RunnerException {
        return new Runner(options(jmh)).run();
    }

    private Options options(CommandLineOptions jmh) {
        OptionsBuilder options = new OptionsBuilder();
        options.parent(jmh);
        options.shouldFailOnError(true);
        options.forks(jmh.getForkCount().orElse(1));
        options.jvmArgsAppend(HEAP, COLLECTOR, "-D" + MeasuredServer.FOLDER_PROPERTY + "=" + folder);
        if (arguments.quick()) {
            options.warmupIterations(jmh.getWarmupIterations().orElse(1));
            options.warmupTime(jmh.getWarmupTime().orElse(TimeValue.milliseconds(500)));
            options.measurementIterations(jmh.getMeasurementIterations().orElse(2));
            options.measurementTime(jmh.getMeasurementTime().orElse(TimeValue.milliseconds(500)));
        }
        return options.build();
    }

    @Override
    public void close() throws IOException {
        System.clearProperty(MeasuredServer.FOLDER_PROPERTY);
        try (server) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
