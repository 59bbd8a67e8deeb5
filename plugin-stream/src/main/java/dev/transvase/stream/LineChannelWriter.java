package dev.transvase.stream;

import static dev.transvase.spi.error.CommonErrors.CANCELLED;
import static dev.transvase.stream.StreamErrors.WRITE_FAILED;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** One channel's records on their way to the output. Keeps nothing from one {@link #write} to the next. */
final class LineChannelWriter implements ChannelWriter {

    private static final int CHUNK_BYTES = 1 << 17;

    private final LineOutput output;
    private final LineBuffer lines;
    private final WriteJournal journal;
    /** 0 when there are no pauses. */
    private final long recordsBeforePause;

    private final long pauseSeconds;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    /** What the channel's thread waits for, if anything. */
    private volatile CompletableFuture<Void> awaited;

    private long sincePause;

    LineChannelWriter(LineOutput output, StreamWriterParameters parameters, WriteJournal journal) {
        this.output = output;
        this.lines = new LineBuffer(parameters.fieldDelimiter(), parameters.nullFormat());
        this.journal = journal;
        this.recordsBeforePause = parameters.pauses() ? parameters.recordNumBeforeSleep() : 0;
        this.pauseSeconds = parameters.sleepTime();
    }

    @Override
    public void write(RecordBatch batch, Split split, BatchEnd end) {
        boolean[] plainText = LineBuffer.plainText(batch.schema());
        RecordCursor cursor = batch.cursor();
        int reported = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (recordsBeforePause > 0 && sincePause == recordsBeforePause) {
                drain(batch, split, reported, i);
                reported = i;
                pause();
            }
            cursor.advance();
            if (split.table() == Split.MANY_TABLES) {
                lines.appendChange(cursor, batch.data(), plainText);
            } else {
                lines.append(cursor, batch.data(), plainText);
            }
            sincePause++;
            if (lines.length() >= CHUNK_BYTES) {
                drain(batch, split, reported, i + 1);
                reported = i + 1;
            }
        }
        drain(batch, split, reported, batch.size());
    }

    /** Writes the lines out and reports the records they are. */
    private void drain(RecordBatch batch, Split split, int from, int to) {
        if (from == to) {
            return;
        }
        await(output.write(lines.bytes(), lines.length()));
        lines.clear();
        RecordBatch drained = batch.slice(from, to);
        journal.committed(split.tableOf(batch), drained.changes(), drained.bytes());
    }

    private void pause() {
        try {
            if (cancelled.await(pauseSeconds, TimeUnit.SECONDS)) {
                throw cancelled();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        sincePause = 0;
    }

    @Override
    public void flush() {
        await(output.flush());
    }

    private void await(CompletableFuture<Void> done) {
        // First tell cancel what to end, then look whether it has been here already: one of the two sees the other.
        awaited = done;
        if (cancelled.getCount() == 0) {
            done.cancel(false);
        }
        try {
            done.get();
        } catch (CancellationException e) {
            throw cancelled();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransvaseException failure) {
                throw failure;
            }
            throw TransvaseException.of(WRITE_FAILED, "writing failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            done.cancel(false);
            throw interrupted(e);
        } finally {
            awaited = null;
        }
    }

    private static TransvaseException cancelled() {
        return TransvaseException.of(CANCELLED, "the stream writer was cancelled", null);
    }

    private static TransvaseException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return TransvaseException.of(CANCELLED, "the stream writer was interrupted", cause);
    }

    @Override
    public void cancel() {
        cancelled.countDown();
        CompletableFuture<Void> running = awaited;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void close() {
        // The output belongs to all channels.
    }
}
