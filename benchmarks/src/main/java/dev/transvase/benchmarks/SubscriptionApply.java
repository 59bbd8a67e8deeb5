package dev.transvase.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** PostgreSQL's own subscription, until all is visible at the target. */
final class SubscriptionApply implements Contender {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final ChangeRun run;
    private final ChangeWorkload workload;
    private final String contest;

    /** @param contest what keeps its slots from those of others */
    SubscriptionApply(ChangeRun run, ChangeWorkload workload, String contest) {
        this.run = run;
        this.workload = workload;
        this.contest = contest;
    }

    @Override
    public String name() {
        return "subscription";
    }

    private String slot(int round) {
        return contest + "_subscribed_" + round;
    }

    @Override
    public void prepare(int round) throws SQLException {
        run.source().createSlot(slot(round));
    }

    @Override
    public Outcome run(int round) throws IOException, SQLException {
        try (Arrival arrival = Arrival.at(run.target(), PAUSE)) {
            long startNanos = System.nanoTime();
            try (Subscription subscription = Subscription.to(run, slot(round))) {
                arrival.await(workload.inserts(), subscription::requireNotFailed);
                double seconds = (System.nanoTime() - startNanos) / 1e9;
                return new Outcome(seconds, seconds);
            }
        }
    }
}
