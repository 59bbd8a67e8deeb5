package dev.transvase.benchmarks;

import java.sql.SQLException;

/**
 * A subscription of the target to the source, in binary as Transvase's stream is, and else as it is by default. Closing drops it
 * and its slot.
 */
final class Subscription implements AutoCloseable {

    private final ChangeRun run;
    private final String slot;

    private Subscription(ChangeRun run, String slot) {
        this.run = run;
        this.slot = slot;
    }

    /** @param slot that stands at the source */
    static Subscription to(ChangeRun run, String slot) throws SQLException {
        run.target().execute("""
                        CREATE SUBSCRIPTION measured CONNECTION '%s password=%s' PUBLICATION %s
                        WITH (create_slot = false, slot_name = '%s', copy_data = false, binary = true)
                        """.formatted(
                run.source().connectionString(), run.source().server().password(), LogicalServer.PUBLICATION, slot));
        return new Subscription(run, slot);
    }

    /** It would try again without end what the target refuses. */
    void requireNotFailed() throws SQLException {
        String errors =
                run.target().query("SELECT coalesce(sum(apply_error_count), 0) FROM pg_stat_subscription_stats");
        if (!errors.equals("0")) {
            throw new IllegalStateException("The subscription of slot " + slot + " fails to apply changes");
        }
    }

    @Override
    public void close() throws SQLException {
        run.target().execute("DROP SUBSCRIPTION measured");
    }
}
