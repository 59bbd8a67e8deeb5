package dev.transvase.demo;

import static dev.transvase.demo.DemoErrors.DEMO_CHANGES_LATE;

import dev.transvase.cli.demo.DemoOptions;
import dev.transvase.cli.process.Shell.Background;
import dev.transvase.spi.error.TransvaseException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** The demo's second part: changes at the source, and a job that carries them to the target while they are made. */
final class LiveChanges {
    /** As {@code changes.json} names it. */
    private static final String SLOT = "di_slot_demo";

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DemoOptions options;
    private final EndOfJvm end;
    private final Story story;
    private final Commands commands;
    private final DemoServers servers;

    LiveChanges(DemoOptions options, EndOfJvm end, Story story, Commands commands, DemoServers servers) {
        this.options = options;
        this.end = end;
        this.story = story;
        this.commands = commands;
        this.servers = servers;
    }

    /**
     * Runs the job while the changes are made, and tells it to end when all of them have arrived.
     *
     * @return its exit code
     */
    int run(Path job, Path datasources) throws SQLException, InterruptedException {
        story.step("Following changes from here on, with a job that runs until it is stopped");
        story.line("   $ " + commands.run(job, datasources) + " --progress none &");
        options.err().flush();
        Background running = options.transvase()
                .start(
                        List.of("run", job.toString(), "--datasources", datasources.toString(), "--progress", "none"),
                        end.quietAtTheEnd(options.err()));
        boolean over = false;
        try {
            OptionalInt ended = make(running);
            if (ended.isPresent()) {
                return ended.getAsInt();
            }
            story.step("Stopping the job, as Ctrl-C does: it writes what it has read");
            int code = running.terminate();
            story.line("   exit code " + code);
            over = true;
            return code;
        } finally {
            // When the JVM is ending, the servers are too: the job would only tell that they are gone.
            if (!over && !end.hasCome()) {
                running.terminate();
            }
        }
    }

    /** Gives the job's exit code when it has ended by itself. */
    private OptionalInt make(Background job) throws SQLException, InterruptedException {
        try (Connection source = servers.source().connect();
                Connection target = servers.target().connect();
                Statement atSource = source.createStatement();
                Statement atTarget = target.createStatement()) {
            // What is committed before the slot is there would not be followed.
            OptionalInt ended = await(
                    atSource,
                    "EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '" + SLOT
                            + "' AND confirmed_flush_lsn IS NOT NULL)",
                    job);
            if (ended.isPresent()) {
                return ended;
            }
            story.step("Changing rows at the source, and looking for them at the target");
            story.line(line("at the source", "transactions", "rows", "at the target after"));
            source.setAutoCommit(false);
            for (Change change : Change.all(options.rows())) {
                long rows = change.make(source);
                long committed = System.nanoTime();
                String arrived = "";
                if (change.arrived().isPresent()) {
                    ended = await(atTarget, change.arrived().get(), job);
                    if (ended.isPresent()) {
                        return ended;
                    }
                    arrived = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - committed) + " ms";
                }
                story.line(line(change.what(), count(change.transactions()), count(rows), arrived));
            }
            return OptionalInt.empty();
        }
    }

    private static OptionalInt await(Statement statement, String condition, Background job)
            throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        while (!holds(statement, condition)) {
            OptionalInt ended = job.await(BETWEEN_LOOKS);
            if (ended.isPresent()) {
                return ended;
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw TransvaseException.of(
                        DEMO_CHANGES_LATE,
                        "The job that follows the source does not catch up: after " + PATIENCE.toSeconds()
                                + " s this is still not true: " + condition,
                        null);
            }
        }
        return OptionalInt.empty();
    }

    private static boolean holds(Statement statement, String condition) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT " + condition)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static String line(String what, String transactions, String rows, String arrived) {
        return String.format(Locale.ROOT, "   %-52s %12s %8s %20s", what, transactions, rows, arrived)
                .stripTrailing();
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
