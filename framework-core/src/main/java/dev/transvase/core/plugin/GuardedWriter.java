package dev.transvase.core.plugin;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plugin's writer; each call goes through {@link InstalledPlugin#call}. */
public record GuardedWriter(InstalledPlugin plugin, Writer writer) implements Writer {

    @Override
    public List<WriteTarget> plan(List<Schema> offered, Checks checks) {
        return plugin.call("planning the write", () -> writer.plan(offered, checks));
    }

    @Override
    public List<WriteTarget> plan(ReadPlan offered, Checks checks) {
        return plugin.call("planning the write", () -> writer.plan(offered, checks));
    }

    @Override
    public void begin() {
        plugin.run("preparing the target", writer::begin);
    }

    @Override
    public boolean mayHaveChanged() {
        return plugin.call("asking whether the target was changed", writer::mayHaveChanged);
    }

    @Override
    public Optional<Positions> positions() {
        return plugin.call("asking for its positions", writer::positions)
                .map(positions -> new GuardedPositions(plugin, positions));
    }

    @Override
    public Optional<String> place() {
        return plugin.call("looking up where it writes to", writer::place);
    }

    @Override
    public ChannelWriter open(WriteJournal journal) {
        return plugin.call("opening a channel", () -> new GuardedChannelWriter(plugin, writer.open(journal)));
    }

    @Override
    public void complete() {
        plugin.run("completing the target", writer::complete);
    }

    @Override
    public void cancel() {
        plugin.run("cancelling the writer", writer::cancel);
    }

    @Override
    public void close() {
        plugin.run("closing the writer", writer::close);
    }

    private record GuardedPositions(InstalledPlugin plugin, Positions positions) implements Positions {

        @Override
        public Position of(String split) {
            return plugin.call("looking up a position", () -> positions.of(split));
        }

        @Override
        public Map<String, String> status(String split) {
            return plugin.call("looking up a position", () -> positions.status(split));
        }

        @Override
        public void forget(String split) {
            plugin.run("forgetting a position", () -> positions.forget(split));
        }
    }

    private record GuardedChannelWriter(InstalledPlugin plugin, ChannelWriter writer) implements ChannelWriter {

        @Override
        public void write(RecordBatch batch, Split split, BatchEnd end) {
            plugin.run("writing", () -> writer.write(batch, split, end));
        }

        @Override
        public void flush() {
            plugin.run("flushing", writer::flush);
        }

        @Override
        public void cancel() {
            plugin.run("cancelling the write", writer::cancel);
        }

        @Override
        public void close() {
            plugin.run("closing a channel", writer::close);
        }
    }
}
