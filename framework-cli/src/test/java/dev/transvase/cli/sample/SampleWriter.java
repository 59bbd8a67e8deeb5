package dev.transvase.cli.sample;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts records as written, until it fails as it is told. */
public final class SampleWriter implements Writer {

    private final Parameters parameters;

    /** What goes wrong. */
    public record Parameters(
            @Parameter(description = "Of each batch so many are dirty.", defaultValue = "0")
            int dirty,

            @Parameter(description = "user, outside or defect: how flushing fails.")
            Optional<String> fail,

            @Parameter(description = "Whether records are durable before that.", defaultValue = "true")
            boolean durable) {}

    @Inject
    public SampleWriter(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public List<WriteTarget> plan(List<Schema> offered, Checks checks) {
        return offered.stream()
                .map(schema -> WriteTarget.of("the void", schema.standard(), "count them"))
                .toList();
    }

    @Override
    public boolean mayHaveChanged() {
        return parameters.durable();
    }

    @Override
    public ChannelWriter open(WriteJournal journal) {
        return new Counter(parameters, journal);
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    private record Counter(Parameters parameters, WriteJournal journal) implements ChannelWriter {

        @Override
        public void write(RecordBatch batch, Split split, BatchEnd end) {
            for (int i = 0; i < parameters.dirty(); i++) {
                journal.dirty(DirtyRecord.of(0, Map.of("n", "1"), "23505", "numbers_pkey", "there is one already"));
            }
            if (parameters.durable()) {
                journal.committed(0, batch.size() - parameters.dirty(), batch.bytes());
            }
        }

        @Override
        public void flush() {
            switch (parameters.fail().orElse("")) {
                case "user" -> throw TransvaseException.of(ErrorCode.user("TABLE_NOT_FOUND"), "the table has gone");
                case "outside" ->
                    throw TransvaseException.of(ErrorCode.external("CONNECTION_LOST"), "the server has gone");
                case "defect" -> throw new IllegalStateException("this must not happen");
                default -> {}
            }
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
