package dev.transvase.postgresql.cdc.pgoutput;

import dev.transvase.postgresql.PostgresSession;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.postgresql.copy.CopyDual;
import org.postgresql.util.PSQLState;

/**
 * The messages that a slot sends, over a connection of its own. Used by one thread.
 *
 * <p>The server receives what has been received and what is durable, and is asked for an answer now and then: so a connection that
 * is only half there is noticed, and the server does not take a slow writer for a dead one.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Streaming Replication Protocol</a>
 */
public final class ReplicationStream implements AutoCloseable {

    private static final Duration CONFIRM_INTERVAL = Duration.ofSeconds(1);

    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final int STATUS_SIZE = 1 + 4 * Long.BYTES + 1;

    private final PostgresSession session;
    private final CopyDual copy;
    private final StreamTimes times;
    private final Clock clock;
    private final long startedNanos = System.nanoTime();

    private Lsn received;
    private Lsn confirmed = Lsn.NONE;
    private Lsn sentTo = Lsn.NONE;
    private long heardNanos = System.nanoTime();

    /** Whether something has come that {@link #heardNanos} does not tell of yet. */
    private boolean heard;

    private long toldNanos = System.nanoTime();
    private boolean answerDue;

    private ReplicationStream(PostgresSession session, CopyDual copy, Lsn start, StreamTimes times, Clock clock) {
        this.session = session;
        this.copy = copy;
        this.received = start;
        this.times = times;
        this.clock = clock;
    }

    /**
     * Starts to follow. Blocks on the server.
     *
     * @param session for replication; taken over, also when this fails
     * @param command {@code START_REPLICATION ...}
     * @param start where the command says to start
     */
    public static ReplicationStream start(
            PostgresSession session, String command, Lsn start, StreamTimes times, Clock clock) throws SQLException {
        try {
            // Neither the answer to the command nor the rest of a message must be waited for without end.
            session.jdbc()
                    .setNetworkTimeout(Runnable::run, (int) times.silence().toMillis());
            CopyDual copy = session.pg().getCopyAPI().copyDual(command);
            return new ReplicationStream(session, copy, start, times, clock);
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /**
     * The next message of the output plugin, waiting for it no longer than some milliseconds.
     *
     * @return {@code null} when there is none
     */
    public ByteBuffer poll() throws SQLException {
        while (true) {
            byte[] message = copy.readFromCopy(false);
            if (message == null) {
                if (!copy.isActive()) {
                    throw new SQLException("the server ended the stream", PSQLState.CONNECTION_FAILURE.getState());
                }
                return null;
            }
            heard = true;
            ByteBuffer buffer = ByteBuffer.wrap(message);
            byte type = buffer.get();
            if (type == 'w') {
                Lsn at = new Lsn(buffer.getLong());
                received = Lsn.later(received, at);
                buffer.position(1 + 3 * Long.BYTES);
                return buffer;
            }
            if (type != 'k') {
                throw new SQLException(
                        "the server sent a message of unknown type '" + (char) type + "'",
                        PSQLState.PROTOCOL_VIOLATION.getState());
            }
            sentTo = new Lsn(buffer.getLong());
            received = Lsn.later(received, sentTo);
            buffer.getLong(); // the server's clock
            answerDue |= buffer.get() != 0;
        }
    }

    /** All transactions that were committed before have been sent; as the server said last. */
    public Lsn sentTo() {
        return sentTo;
    }

    /**
     * Tells the server how far things are, when that is due. To be called often, also while nothing is read.
     *
     * @param durable up to where the server may forget
     * @param reading whether the stream is being read, so that silence means something
     * @param now in the clock of {@link System#nanoTime}
     */
    public void keepAlive(Lsn durable, boolean reading, long now) throws SQLException {
        if (!reading || heard) {
            heardNanos = now;
            heard = false;
        } else if (now - heardNanos > times.silence().toNanos()) {
            throw new SQLException(
                    "the server has not answered for " + times.silence().toSeconds() + " s (silenceSeconds)",
                    PSQLState.CONNECTION_FAILURE.getState());
        }
        long since = now - toldNanos;
        boolean news = confirmed.isBefore(durable) && since >= CONFIRM_INTERVAL.toNanos();
        if (answerDue || news || since >= times.status().toNanos()) {
            tell(durable, !news);
        }
    }

    /** How long the server was heard of. */
    public Duration heardFor() {
        return Duration.ofNanos(heardNanos - startedNanos);
    }

    /** Tells the server at once, for example before the end. */
    public void confirm(Lsn durable) throws SQLException {
        tell(durable, false);
    }

    private void tell(Lsn durable, boolean answer) throws SQLException {
        ByteBuffer status = ByteBuffer.allocate(STATUS_SIZE)
                .put((byte) 'r')
                .putLong(Lsn.later(received, durable).value())
                .putLong(durable.value())
                .putLong(durable.value())
                .putLong(ChronoUnit.MICROS.between(EPOCH, clock.instant()))
                .put((byte) (answer ? 1 : 0));
        copy.writeToCopy(status.array(), 0, STATUS_SIZE);
        copy.flushCopy();
        confirmed = durable;
        toldNanos = System.nanoTime();
        answerDue = false;
    }

    /** Ends whatever the stream is being used for. Called from any thread. */
    public void abort() {
        session.cancel();
    }

    @Override
    public void close() {
        session.close();
    }
}
