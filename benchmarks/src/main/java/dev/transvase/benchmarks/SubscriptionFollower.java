package dev.transvase.benchmarks;

import java.sql.SQLException;

/** PostgreSQL's own subscription. */
final class SubscriptionFollower implements Follower {

    private final Subscription subscription;

    private SubscriptionFollower(Subscription subscription) {
        this.subscription = subscription;
    }

    /**
     * @param run whose source is followed
     * @param measure what slots are called after
     */
    record Kind(ChangeRun run, String measure) implements Follower.Kind {

        @Override
        public String name() {
            return "subscription";
        }

        @Override
        public Follower start(int round) throws SQLException {
            String slot = measure + "_followed_" + round;
            run.source().createSlot(slot);
            return new SubscriptionFollower(Subscription.to(run, slot));
        }
    }

    @Override
    public void requireNotFailed() throws SQLException {
        subscription.requireNotFailed();
    }

    @Override
    public void close() throws SQLException {
        subscription.close();
    }
}
