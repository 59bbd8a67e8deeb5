package dev.transvase.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that take no more, and writes that are told to stop. */
class StreamWriterFailuresTest {

    @TempDir
    private Path folder;

    private TestingStreamWriter stream;

    @BeforeEach
    void createWriter() {
        stream = new TestingStreamWriter(folder);
    }

    @Test
    void aFullDiskFailsTheRunAndNothingIsReportedAsWritten() {
        assumeTrue(Files.exists(Path.of("/dev/full")), "needs the device /dev/full");
        StreamWriter writer = stream.begun(GivenWriter.defaults().path("/dev/full"));
        ChannelWriter channel = writer.open(stream.journal);

        assertThatThrownBy(() -> channel.write(
                        TestingStreamWriter.batch(TestingStreamWriter::anyRecord),
                        TestingStreamWriter.SPLIT,
                        BatchEnd.commitPoint()))
                .isInstanceOfSatisfying(TransvaseException.class, e -> {
                    assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                    assertThat(e.code()).isEqualTo("OUTPUT_FAILED");
                })
                .hasMessageContaining("/dev/full")
                .hasMessageContaining("No space left");
        assertThat(stream.journal.records).isZero();
        writer.close();
    }

    @Test
    void aFileThatCannotBeCreatedFailsTheRun() {
        StreamWriter writer = stream.writer(GivenWriter.defaults().path("missing/out.txt"));

        assertThatThrownBy(writer::begin)
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL))
                .hasMessageContaining("missing/out.txt");
    }

    @Test
    void aClosedStandardOutputFailsTheRun() {
        PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        StreamWriter writer = new StreamWriter(GivenWriter.defaults().parameters(), stream.job(), () -> broken);
        writer.begin();
        ChannelWriter channel = writer.open(stream.journal);

        assertThatThrownBy(() -> channel.write(
                        TestingStreamWriter.batch(TestingStreamWriter::anyRecord),
                        TestingStreamWriter.SPLIT,
                        BatchEnd.commitPoint()))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL))
                .hasMessageContaining("standard output")
                .hasMessageContaining("has ended");
        assertThat(stream.journal.records).isZero();
        writer.close();
    }

    @Test
    void aWriteThatHangsCanBeCancelled() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        PrintStream pipe = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                hanging.countDown();
                boolean waiting = true;
                while (waiting) {
                    try {
                        never.await();
                        waiting = false;
                    } catch (InterruptedException e) {
                        // As a pipe that nobody reads, which does not listen to interrupts either.
                    }
                }
            }
        });
        StreamWriter writer = new StreamWriter(GivenWriter.defaults().parameters(), stream.job(), () -> pipe);
        writer.begin();
        ChannelWriter channel = writer.open(stream.journal);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = thread.submit(() -> channel.write(
                    TestingStreamWriter.batch(TestingStreamWriter::anyRecord),
                    TestingStreamWriter.SPLIT,
                    BatchEnd.commitPoint()));
            hanging.await();

            channel.cancel();

            assertThatThrownBy(writing::get).hasRootCauseMessage("the stream writer was cancelled");
            assertThatThrownBy(channel::flush).hasMessageContaining("was cancelled");
            writer.close();
        } finally {
            never.countDown();
            thread.shutdownNow();
        }
    }

    @Test
    void aPauseComesAfterItsRecordsAndCanBeCancelled() throws Exception {
        StreamWriter writer = stream.begun(GivenWriter.defaults().pause(2, 86_400));
        ChannelWriter channel = writer.open(stream.journal);
        RecordBatch batch = TestingStreamWriter.batch(
                TestingStreamWriter::anyRecord, TestingStreamWriter::anyRecord, TestingStreamWriter::anyRecord);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        CountDownLatch reported = new CountDownLatch(1);
        RecordedJournal own = new RecordedJournal();
        ChannelWriter paused = writer.open(new ForwardingJournal(own, reported));
        try {
            Future<?> writing =
                    threads.submit(() -> paused.write(batch, TestingStreamWriter.SPLIT, BatchEnd.commitPoint()));
            reported.await();
            assertThat(own.records).isEqualTo(2);
            assertThat(stream.printedText()).hasLineCount(2);

            paused.cancel();

            assertThatThrownBy(writing::get).hasRootCauseMessage("the stream writer was cancelled");
            assertThat(stream.printedText()).hasLineCount(2);
        } finally {
            threads.shutdownNow();
        }
        // Two records are no reason to pause yet.
        channel.write(batch.slice(0, 2), TestingStreamWriter.SPLIT, BatchEnd.commitPoint());
        assertThat(stream.journal.records).isEqualTo(2);
        writer.close();
    }

    private record ForwardingJournal(RecordedJournal to, CountDownLatch reported) implements WriteJournal {

        @Override
        public void committed(int table, long records, long bytes) {
            to.committed(table, records, bytes);
            reported.countDown();
        }

        @Override
        public void dirty(DirtyRecord dirty) {
            to.dirty(dirty);
        }

        @Override
        public long tolerance() {
            return to.tolerance();
        }
    }
}
