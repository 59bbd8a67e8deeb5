package dev.transvase.benchmarks;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium's embedded engine as it is quickest: it hands on the records as they are, and they are counted and discarded.
 * Prints the seconds from the engine's start to the last change.
 */
final class DebeziumPeer {

    private final long changes;
    private final CountDownLatch done = new CountDownLatch(1);
    private String failure = "the engine ended by itself";
    private long seen;

    private DebeziumPeer(long changes) {
        this.changes = changes;
    }

    /**
     * Called by {@link DebeziumDrain}.
     *
     * @param args the file of the engine's properties, and how many changes there are
     */
    public static void main(String... args) throws IOException, InterruptedException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
            properties.load(reader);
        }
        new DebeziumPeer(Long.parseLong(args[1])).run(properties);
    }

    private void run(Properties properties) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(
                        ChangeEventFormat.of(Connect.class))
                .using(properties)
                .using((success, message, error) -> ended(message))
                .notifying(this::handle)
                .build()) {
            thread.execute(engine);
            done.await();
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            if (seen != changes) {
                throw new IllegalStateException("Expected " + changes + " changes, found " + seen + ": " + failure);
            }
            System.out.println(seconds);
        } finally {
            thread.shutdown();
        }
    }

    private void ended(String message) {
        if (message != null) {
            failure = message;
        }
        done.countDown();
    }

    private void handle(
            List<RecordChangeEvent<SourceRecord>> records, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        for (RecordChangeEvent<SourceRecord> record : records) {
            seen++;
            committer.markProcessed(record);
        }
        committer.markBatchFinished();
        if (seen >= changes) {
            done.countDown();
        }
    }
}
