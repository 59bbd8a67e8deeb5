package dev.transvase.postgresql.cdc.snapshot;

import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_FAILED;
import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Lag;
import dev.transvase.spi.Position;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A stream that waits until its slot has been created. A thread of its own creates the slot, so that the reading thread can cancel it. */
public final class BeginningReader implements SplitReader {

    private final CompletableFuture<SplitReader> opened = new CompletableFuture<>();
    private final Thread opening;

    private BeginningReader(Supplier<SplitReader> open) {
        opening = new Thread(
                () -> {
                    try {
                        opened.complete(open.get());
                    } catch (RuntimeException | Error e) {
                        opened.completeExceptionally(e);
                    }
                },
                Thread.currentThread().getName() + " beginning");
        opening.setDaemon(true);
    }

    /**
     * Starts to open the stream, on a thread of its own that {@link #close} ends.
     *
     * @param open blocks; an interrupt ends it
     */
    public static BeginningReader start(Supplier<SplitReader> open) {
        BeginningReader reader = new BeginningReader(open);
        reader.opening.start();
        return reader;
    }

    private Optional<SplitReader> reader() {
        return opened.isDone() && !opened.isCompletedExceptionally() ? Optional.of(opened.join()) : Optional.empty();
    }

    @Override
    public Optional<RecordBatch> poll(Duration atMost) {
        try {
            SplitReader reader = opened.get(opened.isDone() ? 0 : atMost.toNanos(), TimeUnit.NANOSECONDS);
            return reader.poll(atMost);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TransvaseException.of(CANCELLED, "waiting for the slot was cancelled", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw TransvaseException.of(SLOT_FAILED, "creating the slot failed: " + e.getCause(), e);
        }
    }

    @Override
    public boolean finished() {
        return reader().map(SplitReader::finished).orElse(false);
    }

    @Override
    public BatchEnd end() {
        return reader().orElseThrow().end();
    }

    @Override
    public void acknowledge(Position durable) {
        reader().ifPresent(reader -> reader.acknowledge(durable));
    }

    @Override
    public Optional<Lag> lag() {
        return reader().flatMap(SplitReader::lag);
    }

    @Override
    public long reconnects() {
        return reader().map(SplitReader::reconnects).orElse(0L);
    }

    @Override
    public void cancel() {
        opening.interrupt();
        reader().ifPresent(SplitReader::cancel);
    }

    /** Blocks until an unfinished slot has been removed. */
    @Override
    public void close() {
        opening.interrupt();
        boolean interrupted = false;
        while (opening.isAlive()) {
            try {
                opening.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        reader().ifPresent(SplitReader::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
