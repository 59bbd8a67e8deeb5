package dev.transvase.core.plugin;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.Lag;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.look.Preview;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plugin's reader; each call goes through {@link InstalledPlugin#call}. */
public record GuardedReader(InstalledPlugin plugin, Reader reader) implements Reader {

    @Override
    public ReadPlan plan(Checks checks) {
        return plugin.call("planning the read", () -> reader.plan(checks));
    }

    @Override
    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
        return plugin.call("splitting the read", () -> reader.split(accepted, channels, checks));
    }

    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        return plugin.call(
                "opening split " + split.id(),
                () -> new GuardedSplitReader(plugin, reader.open(split, schema, position)));
    }

    @Override
    public Optional<ChangeCapture> changeCapture() {
        return plugin.call("looking for what it keeps at the source", reader::changeCapture)
                .map(capture -> new GuardedChangeCapture(plugin, capture));
    }

    @Override
    public Optional<Preview> preview(Preview.Request request) {
        return plugin.call("reading the first records", () -> reader.preview(request));
    }

    @Override
    public void close() {
        plugin.run("closing the reader", reader::close);
    }

    private record GuardedChangeCapture(InstalledPlugin plugin, ChangeCapture capture) implements ChangeCapture {

        @Override
        public String streamSplit() {
            return plugin.call("naming the stream", capture::streamSplit);
        }

        @Override
        public Map<String, String> status() {
            return plugin.call("asking for the state at the source", capture::status);
        }

        @Override
        public Map<String, Long> figures() {
            return plugin.call("asking for figures of the source", capture::figures);
        }

        @Override
        public List<String> drop() {
            return plugin.call("removing what is kept at the source", capture::drop);
        }
    }

    private record GuardedSplitReader(InstalledPlugin plugin, SplitReader reader) implements SplitReader {

        @Override
        public Optional<RecordBatch> poll(Duration atMost) {
            return plugin.call("reading", () -> reader.poll(atMost));
        }

        @Override
        public boolean finished() {
            return plugin.call("reading", reader::finished);
        }

        @Override
        public List<DirtyRecord> unreadable() {
            return plugin.call("reading", reader::unreadable);
        }

        @Override
        public BatchEnd end() {
            return plugin.call("reading", reader::end);
        }

        @Override
        public void acknowledge(Position durable) {
            plugin.run("acknowledging", () -> reader.acknowledge(durable));
        }

        @Override
        public Optional<Lag> lag() {
            return plugin.call("measuring the lag", reader::lag);
        }

        @Override
        public long reconnects() {
            return plugin.call("asking for lost connections", reader::reconnects);
        }

        @Override
        public void cancel() {
            plugin.run("cancelling the read", reader::cancel);
        }

        @Override
        public void close() {
            plugin.run("closing a split", reader::close);
        }
    }
}
