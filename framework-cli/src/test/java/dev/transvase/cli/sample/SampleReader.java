package dev.transvase.cli.sample;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Makes one batch of numbers in each split. */
public final class SampleReader implements Reader {

    private final Parameters parameters;
    private final JobContext job;

    /** How many of what, and what goes wrong. */
    public record Parameters(
            @Parameter(description = "Records in each split.", defaultValue = "3")
            int records,

            @Parameter(description = "How many splits.", defaultValue = "1")
            int splits,

            @Parameter(description = "A warning to give.") Optional<String> warning,

            @Parameter(description = "A warning to give while reading.")
            Optional<String> notice,

            @Parameter(description = "outside or defect: how planning fails.")
            Optional<String> fail,

            @Parameter(description = "Read until stopped, and make this file once records have been read.")
            Optional<Path> follow) {}

    @Inject
    public SampleReader(Parameters parameters, JobContext job) {
        this.job = job;
        this.parameters = parameters;
    }

    @Override
    public ReadPlan plan(Checks checks) {
        parameters.warning().ifPresent(text -> checks.warning("warning", text));
        String fail = parameters.fail().orElse("");
        if (fail.equals("outside")) {
            throw TransvaseException.of(
                    ErrorCode.external("CONNECTION_REFUSED"), "nobody listens there; start the server", null);
        } else if (fail.equals("defect")) {
            throw new IllegalStateException("this must not happen");
        }
        Schema schema = Schema.of(new TableName("public", "numbers"), List.of(Column.of("n", Type.Scalar.INT64)));
        return ReadPlan.of(List.of(schema)).withUnbounded(parameters.follow().isPresent());
    }

    @Override
    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
        return IntStream.rangeClosed(1, parameters.splits())
                .mapToObj(i -> Split.of("sample-" + i, 0, new byte[0], "make part " + i))
                .toList();
    }

    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        parameters.notice().ifPresent(job.notices()::warn);
        return new OneBatch(schema, parameters.records(), parameters.follow());
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    private static final class OneBatch implements SplitReader {

        private final Schema schema;
        private final int records;
        private final Optional<Path> follow;
        private final CountDownLatch cancelled = new CountDownLatch(1);
        private boolean done;

        OneBatch(Schema schema, int records, Optional<Path> follow) {
            this.schema = schema;
            this.records = records;
            this.follow = follow;
        }

        @Override
        public Optional<RecordBatch> poll(Duration atMost) {
            if (done) {
                awaitMore(atMost);
                return Optional.empty();
            }
            RecordBatchBuilder batch = new RecordBatchBuilder(schema);
            for (int i = 0; i < records; i++) {
                batch.beginRecord().appendLong(i).endRecord();
            }
            done = true;
            return Optional.of(batch.build());
        }

        private void awaitMore(Duration atMost) {
            try {
                Path file = follow.orElseThrow();
                if (!Files.exists(file)) {
                    Files.createFile(file);
                }
                cancelled.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean finished() {
            return done && follow.isEmpty();
        }

        @Override
        public BatchEnd end() {
            return BatchEnd.commitPoint();
        }

        @Override
        public void cancel() {
            cancelled.countDown();
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
