package dev.transvase.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Looks at the target, over a connection of its own, until a row is there. For one thread. */
final class Arrival implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Connection connection;
    private final PreparedStatement statement;
    private final long pauseNanos;

    private Arrival(Connection connection, PreparedStatement statement, Duration pause) {
        this.connection = connection;
        this.statement = statement;
        this.pauseNanos = pause.toNanos();
    }

    /** @param pause between two looks */
    static Arrival at(LogicalServer target, Duration pause) throws SQLException {
        Connection connection = target.connect();
        try {
            return new Arrival(connection, connection.prepareStatement("SELECT FROM orders WHERE id = ?"), pause);
        } catch (SQLException e) {
            try (connection) {
                throw e;
            }
        }
    }

    /** What is looked at twice a second while the row is not there: whether it can still come. */
    interface Meanwhile {
        void look() throws IOException, SQLException;
    }

    /** Waits until the row with this id is visible. */
    void await(long id, Meanwhile meanwhile) throws IOException, SQLException {
        long startNanos = System.nanoTime();
        long lookedNanos = startNanos;
        statement.setLong(1, id);
        while (!visible()) {
            long now = System.nanoTime();
            if (now - startNanos > PATIENCE.toNanos()) {
                throw new IllegalStateException("The row " + id + " does not arrive at the target");
            }
            if (now - lookedNanos > BETWEEN_LOOKS.toNanos()) {
                lookedNanos = now;
                meanwhile.look();
            }
            LockSupport.parkNanos(pauseNanos);
        }
    }

    private boolean visible() throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next();
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            statement.close();
        }
    }
}
