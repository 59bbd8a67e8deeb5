package dev.transvase.testing;

import dev.transvase.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A primary and a standby that follows it by streaming, both of one test's own. They run from the embedded binaries wherever
 * the other servers come from: a container cannot be made the standby of another one by this fixture, so
 * {@code TRANSVASE_TEST_POSTGRES=docker} does not apply to them, and where there are no binaries for the platform starting
 * them fails.
 */
public final class StandbyPostgres implements AutoCloseable {

    /** How long the standby may take to catch up, and how often it is asked. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(10);

    private final TestingPostgres primary;
    private final TestingPostgres standby;

    private StandbyPostgres(TestingPostgres primary, TestingPostgres standby) {
        this.primary = primary;
        this.standby = standby;
    }

    /**
     * Starts both; takes about as long as an {@code initdb} and four starts.
     *
     * @param settings what the standby's settings differ in from those that {@link TestingPostgres} names, for example
     *     {@code max_standby_streaming_delay}
     */
    public static StandbyPostgres start(int major, Map<String, String> settings) {
        PostgresServer server = TestingPostgres.startEmbedded(major);
        try {
            PostgresServer follower = server.startStandby(settings);
            return new StandbyPostgres(
                    TestingPostgres.of(major, new EmbeddedServer(server)),
                    TestingPostgres.of(major, new EmbeddedServer(follower)));
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Where databases are made and changed. */
    public TestingPostgres primary() {
        return primary;
    }

    /** A database of the primary as the standby shows it, with the same users; it is the primary's that is closed. */
    public TestingDatabase onStandby(TestingDatabase database) {
        return new TestingDatabase(standby, database.name());
    }

    /** Blocks until the standby shows all that the primary has written by now. */
    public void awaitReplay() throws SQLException {
        String written;
        try (Connection connection = primary.connect("postgres", primary.user(), primary.password())) {
            written = Sql.query(connection, "SELECT pg_current_wal_insert_lsn()")
                    .get(0)
                    .get(0);
        }
        String replayed = "SELECT pg_last_wal_replay_lsn() >= '" + written + "'";
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Connection connection = standby.connect("postgres", standby.user(), standby.password())) {
            while (!"t".equals(Sql.query(connection, replayed).get(0).get(0))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The standby does not catch up with " + written);
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    /** Ends both and deletes their data. */
    @Override
    public void close() {
        standby.close();
        primary.close();
    }
}
