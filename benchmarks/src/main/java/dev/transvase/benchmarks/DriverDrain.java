package dev.transvase.benchmarks;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** The JDBC driver's replication stream, in this JVM, with each message counted and thrown away. */
final class DriverDrain implements Contender {

    private final ChangeRun run;
    private final long changes;

    DriverDrain(ChangeRun run, long changes) {
        this.run = run;
        this.changes = changes;
    }

    @Override
    public String name() {
        return "JDBC driver";
    }

    private static String slot(int round) {
        return "driven_" + round;
    }

    @Override
    public void prepare(int round) throws SQLException {
        run.source().createSlot(slot(round));
    }

    @Override
    public Outcome run(int round) throws SQLException {
        String end = run.source().end();
        long startNanos = System.nanoTime();
        try (Connection connection = run.source().connectForReplication();
                PGReplicationStream stream = connection
                        .unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName(slot(round))
                        .withSlotOption("proto_version", 2)
                        .withSlotOption("publication_names", LogicalServer.PUBLICATION)
                        .withSlotOption("binary", true)
                        .withSlotOption("streaming", true)
                        .start()) {
            readAll(stream);
            stream.setFlushedLSN(LogSequenceNumber.valueOf(end));
            stream.forceUpdateStatus();
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        return new Outcome(seconds, seconds);
    }

    private void readAll(PGReplicationStream stream) throws SQLException {
        long seen = 0;
        boolean ended = false;
        while (seen < changes || !ended) {
            ByteBuffer message = stream.read();
            byte type = message.get(message.position());
            ended = type == 'C' || type == 'c';
            if (type == 'I' || type == 'U' || type == 'D') {
                seen++;
            }
        }
        if (seen != changes) {
            throw new IllegalStateException("Expected " + changes + " changes, read " + seen);
        }
    }
}
