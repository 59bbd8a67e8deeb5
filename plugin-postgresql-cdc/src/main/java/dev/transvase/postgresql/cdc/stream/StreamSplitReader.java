package dev.transvase.postgresql.cdc.stream;

import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Lag;
import dev.transvase.spi.Position;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Hands on what a {@link StreamPump} reads. */
public final class StreamSplitReader implements SplitReader {

    private final StreamPump pump;
    private final BatchBuffer buffer;
    private final Supplier<Optional<Lag>> lag;
    private final Thread reading;
    private BatchEnd end;
    private boolean started;
    private volatile boolean cancelled;

    /** @param lag how far the stream is behind; asked from any thread */
    public StreamSplitReader(StreamPump pump, BatchBuffer buffer, Supplier<Optional<Lag>> lag) {
        this.pump = pump;
        this.buffer = buffer;
        this.lag = lag;
        this.reading = new Thread(pump, Thread.currentThread().getName() + " stream");
        reading.setDaemon(true);
    }

    @Override
    public Optional<RecordBatch> poll(Duration atMost) {
        if (!started) {
            started = true;
            reading.start();
        }
        BatchBuffer.Entry entry;
        try {
            entry = buffer.take(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
        if (cancelled) {
            throw cancelled();
        }
        if (entry == null) {
            return Optional.empty();
        }
        end = entry.end();
        return Optional.of(entry.batch());
    }

    private static TransvaseException cancelled() {
        return TransvaseException.of(CANCELLED, "following the changes was cancelled", null);
    }

    @Override
    public boolean finished() {
        return buffer.drained();
    }

    @Override
    public BatchEnd end() {
        return end;
    }

    @Override
    public void acknowledge(Position durable) {
        pump.acknowledge(StreamPosition.of(durable).lsn());
    }

    @Override
    public Optional<Lag> lag() {
        return lag.get();
    }

    @Override
    public long reconnects() {
        return pump.reconnects();
    }

    @Override
    public void cancel() {
        cancelled = true;
        pump.cancel();
    }

    /** Lets the pump confirm what is durable, and waits for its end. */
    @Override
    public void close() {
        if (!started) {
            return;
        }
        if (cancelled) {
            pump.cancel();
        } else {
            pump.finish();
        }
        boolean interrupted = false;
        while (reading.isAlive()) {
            try {
                reading.join();
            } catch (InterruptedException e) {
                interrupted = true;
                pump.cancel();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
