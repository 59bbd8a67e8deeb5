package dev.transvase.stream;

import static dev.transvase.spi.error.CommonErrors.BAD_SPLIT;

import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Makes up records: as many in each channel as {@code sliceRecordCount} says. */
public final class StreamReader implements Reader {

    private static final int PAYLOAD_BYTES = Long.BYTES + Integer.BYTES;

    private final StreamReaderParameters parameters;
    private final long seed;
    private final List<GeneratedColumn> columns;

    @Inject
    public StreamReader(StreamReaderParameters parameters) {
        this.parameters = parameters;
        this.seed =
                parameters.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
        // Their errors are reported by plan; open, perhaps in another process, needs them without it.
        this.columns = GeneratedColumn.compile(parameters.column(), new Unheard());
    }

    @Override
    public ReadPlan plan(Checks checks) {
        GeneratedColumn.compile(parameters.column(), checks);
        GeneratedColumn.warn(parameters.column(), checks);
        Schema schema = Schema.of(
                        new TableName("", "stream"),
                        columns.stream().map(GeneratedColumn::column).toList())
                .withListed(true);
        return ReadPlan.of(List.of(schema));
    }

    @Override
    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
        SequenceText.checkRange(columns, parameters.sliceRecordCount(), channels, checks);
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            byte[] payload =
                    ByteBuffer.allocate(PAYLOAD_BYTES).putLong(seed).putInt(i).array();
            String description = "make " + parameters.sliceRecordCount() + " records of " + columns.size() + " columns";
            splits.add(Split.of("stream-" + i, 0, payload, description).expecting(parameters.sliceRecordCount()));
        }
        return splits;
    }

    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        if (split.payload().length != PAYLOAD_BYTES) {
            throw TransvaseException.of(
                    BAD_SPLIT, "split " + split.id() + " does not belong to the stream reader", null);
        }
        ByteBuffer payload = ByteBuffer.wrap(split.payload());
        long splitSeed = payload.getLong();
        int number = payload.getInt();
        Draw draw = new Draw(splitSeed, number);
        return new StreamSplitReader(schema, columns, draw, number, parameters.sliceRecordCount(), position);
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    /** For a second look at parameters whose errors are reported elsewhere. */
    private static final class Unheard implements Checks {

        private boolean failed;

        @Override
        public void error(String parameter, ErrorCode code, String message, String remedy) {
            failed = true;
        }

        @Override
        public void warning(String parameter, String message) {}

        @Override
        public boolean failed() {
            return failed;
        }
    }
}
