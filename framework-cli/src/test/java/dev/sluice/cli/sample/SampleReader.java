package dev.sluice.cli.sample;

import dev.sluice.spi.Checks;
import dev.sluice.spi.Column;
import dev.sluice.spi.Parameter;
import dev.sluice.spi.Position;
import dev.sluice.spi.ReadPlan;
import dev.sluice.spi.Reader;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordBatchBuilder;
import dev.sluice.spi.Schema;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.Split;
import dev.sluice.spi.SplitReader;
import dev.sluice.spi.TableName;
import dev.sluice.spi.Type;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes one batch of numbers in each split. */
public final class SampleReader implements Reader {

    private final Parameters parameters;

    /** How many of what, and what goes wrong. */
    public record Parameters(
            @Parameter(description = "Records in each split.", defaultValue = "3")
            int records,

            @Parameter(description = "How many splits.", defaultValue = "1")
            int splits,

            @Parameter(description = "A warning to give.") Optional<String> warning,

            @Parameter(description = "outside or defect: how planning fails.")
            Optional<String> fail) {}

    @Inject
    public SampleReader(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public ReadPlan plan(Checks checks) {
        parameters.warning().ifPresent(text -> checks.warning("warning", text));
        String fail = parameters.fail().orElse("");
        if (fail.equals("outside")) {
            throw SluiceException.external("CONNECTION_REFUSED", "nobody listens there; start the server", null);
        } else if (fail.equals("defect")) {
            throw new IllegalStateException("this must not happen");
        }
        Schema schema = new Schema(new TableName("public", "numbers"), List.of(Column.of("n", Type.Scalar.INT64)), "");
        return new ReadPlan(List.of(schema), false);
    }

    @Override
    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
        return IntStream.rangeClosed(1, parameters.splits())
                .mapToObj(i -> new Split("sample-" + i, 0, new byte[0], "make part " + i))
                .toList();
    }

    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        return new OneBatch(schema, parameters.records());
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    private static final class OneBatch implements SplitReader {

        private final Schema schema;
        private final int records;
        private boolean finished;

        OneBatch(Schema schema, int records) {
            this.schema = schema;
            this.records = records;
        }

        @Override
        public Optional<RecordBatch> poll(Duration atMost) {
            RecordBatchBuilder batch = new RecordBatchBuilder(schema);
            for (int i = 0; i < records; i++) {
                batch.beginRecord().appendLong(i).endRecord();
            }
            finished = true;
            return Optional.of(batch.build());
        }

        @Override
        public boolean finished() {
            return finished;
        }

        @Override
        public Position position() {
            return Position.START;
        }

        @Override
        public void cancel() {
            // Never waits.
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
