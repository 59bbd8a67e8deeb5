package dev.transvase.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * How long commits take to the target while the source is busy: one session commits a row after the other, and another fills a
 * table that nobody follows, so that the log holds much else between a followed row and its commit.
 *
 * @param commits how many are measured in a round
 * @param rounds how often each of them is measured
 */
record Commits(int commits, int rounds) {

    private static final long BETWEEN_LOOKS_NANOS = 200_000;
    private static final long BETWEEN_COMMITS_NANOS = 500_000;

    LatencyFigures run(ChangeRun run, List<Follower.Kind> kinds, PrintStream out)
            throws IOException, SQLException, InterruptedException {
        LatencyFigures figures =
                new LatencyFigures(kinds.stream().map(Follower.Kind::name).toList());
        run.source().execute("TRUNCATE orders", "CREATE TABLE IF NOT EXISTS noise (n int)");
        run.target().execute("TRUNCATE orders");
        long id = 1;
        int first = Math.max(1, commits / 20); // that come with the start, or find code that has not been compiled
        for (int round = 1; round <= rounds; round++) {
            List<Follower.Kind> order = new ArrayList<>(kinds);
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (Follower.Kind kind : order) {
                CommitTimes times;
                List<String> slowest;
                try (Follower follower = kind.start(round);
                        Stalls stalls = Stalls.watch()) {
                    measure(run, follower, id, first);
                    times = measure(run, follower, id + first, commits);
                    slowest = times.slowest(stalls);
                }
                id += first + commits;
                double[] millis = times.millis();
                figures.add(kind.name(), millis);
                out.printf(
                        "# Round %d of %d: %s, median %.1f ms, maximum %.1f ms%n",
                        round, rounds, kind.name(), Samples.median(millis), Samples.percentile(1, millis));
                slowest.forEach(reported -> out.println("#   " + reported));
            }
            run.source().execute("TRUNCATE noise");
        }
        return figures;
    }

    private static CommitTimes measure(ChangeRun run, Follower follower, long firstId, int count)
            throws IOException, SQLException, InterruptedException {
        CommitTimes times = new CommitTimes(count);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> committing = threads.submit(() -> {
                commit(run, firstId, times);
                return null;
            });
            Future<?> noise = threads.submit(() -> {
                fill(run, committing);
                return null;
            });
            look(run, follower, firstId, times.seenNanos);
            committing.get();
            noise.get();
            return times;
        } catch (ExecutionException e) {
            throw new IOException("the source could not be written to", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void commit(ChangeRun run, long firstId, CommitTimes times) throws SQLException {
        try (Connection connection = run.source().connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < times.sentNanos.length; i++) {
                times.sentNanos[i] = System.nanoTime();
                OrdersTable.fill(statement, firstId + i, firstId + i);
                times.doneNanos[i] = System.nanoTime();
                LockSupport.parkNanos(BETWEEN_COMMITS_NANOS);
            }
        }
    }

    private static void fill(ChangeRun run, Future<?> committing) throws SQLException {
        try (Connection connection = run.source().connect();
                Statement statement = connection.createStatement()) {
            while (!committing.isDone()) {
                statement.execute("INSERT INTO noise SELECT generate_series(1, 500)");
                LockSupport.parkNanos(BETWEEN_COMMITS_NANOS);
            }
        }
    }

    /** When each of them was seen first. They come in their order. */
    private static void look(ChangeRun run, Follower follower, long firstId, long[] seenNanos)
            throws IOException, SQLException {
        try (Connection connection = run.target().connect();
                PreparedStatement newest =
                        connection.prepareStatement("SELECT coalesce(max(id), 0) FROM orders WHERE id >= ?")) {
            newest.setLong(1, firstId);
            int seen = 0;
            for (long looks = 1; seen < seenNanos.length; looks++) {
                int there;
                try (ResultSet row = newest.executeQuery()) {
                    row.next();
                    there = (int) Math.max(0, row.getLong(1) - firstId + 1);
                }
                long now = System.nanoTime();
                while (seen < there) {
                    seenNanos[seen++] = now;
                }
                if (looks % 1_000 == 0) {
                    follower.requireNotFailed();
                }
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            }
        }
    }
}
