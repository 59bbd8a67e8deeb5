package dev.transvase.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a row takes that is inserted at the source while nothing else is going on: from before the statement is sent until it
 * is visible at the target.
 *
 * @param rows how many are measured in a round
 * @param rounds how often each of them is measured
 */
record Latency(int rows, int rounds) {

    private static final Duration BETWEEN_LOOKS = Duration.ofNanos(200_000);
    private static final Duration BETWEEN_ROWS = Duration.ofMillis(50);

    /** Rows that are not measured: the first come with the start, the next ones find code that has not been compiled. */
    private static int unmeasured(int rows) {
        return Math.max(1, rows / 2);
    }

    LatencyFigures run(ChangeRun run, List<Follower.Kind> kinds, PrintStream out)
            throws IOException, SQLException, InterruptedException {
        LatencyFigures figures =
                new LatencyFigures(kinds.stream().map(Follower.Kind::name).toList());
        run.source().execute("TRUNCATE orders");
        run.target().execute("TRUNCATE orders");
        long id = 1;
        for (int round = 1; round <= rounds; round++) {
            List<Follower.Kind> order = new ArrayList<>(kinds);
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (Follower.Kind kind : order) {
                double[] millis;
                try (Follower follower = kind.start(round)) {
                    measure(run, follower, id, unmeasured(rows));
                    millis = measure(run, follower, id + unmeasured(rows), rows);
                }
                id += unmeasured(rows) + rows;
                figures.add(kind.name(), millis);
                out.printf(
                        "# Round %d of %d: %s, median %.1f ms%n", round, rounds, kind.name(), Samples.median(millis));
            }
        }
        return figures;
    }

    private static double[] measure(ChangeRun run, Follower follower, long firstId, int count)
            throws IOException, SQLException {
        double[] millis = new double[count];
        try (Connection connection = run.source().connect();
                Statement statement = connection.createStatement();
                Arrival arrival = Arrival.at(run.target(), BETWEEN_LOOKS)) {
            for (int i = 0; i < count; i++) {
                long startNanos = System.nanoTime();
                OrdersTable.fill(statement, firstId + i, firstId + i);
                arrival.await(firstId + i, follower::requireNotFailed);
                millis[i] = (System.nanoTime() - startNanos) / 1e6;
                LockSupport.parkNanos(BETWEEN_ROWS.toNanos());
            }
        }
        return millis;
    }
}
