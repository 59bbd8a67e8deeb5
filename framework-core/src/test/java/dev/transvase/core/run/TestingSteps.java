package dev.transvase.core.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.transvase.core.job.JobFile;
import dev.transvase.core.job.JobSettings;
import dev.transvase.core.job.JobShape;
import dev.transvase.core.job.StepSpec;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A reader of numbers and a writer that keeps them, with places to make them fail or wait. */
final class TestingSteps {

    static final Schema SCHEMA =
            Schema.of(new TableName("public", "numbers"), List.of(Column.of("n", Type.Scalar.INT64)));
    private static final int BATCH = 100;

    private TestingSteps() {}

    static JobPlan plan(JobSettings settings, Reader reader, Writer writer, int splits) {
        StepSpec step = new StepSpec(
                "t",
                "T",
                JsonNodeFactory.instance.objectNode(),
                "steps[0]",
                Optional.empty(),
                "",
                List.of(),
                JobShape.DATAWORKS);
        List<Split> cut = new ArrayList<>();
        for (int i = 0; i < splits; i++) {
            cut.add(Split.of("split-" + i, 0, new byte[0], "numbers " + i));
        }
        return new JobPlan(
                new JobFile("numbers", Path.of(""), Optional.empty(), step, step, settings),
                reader,
                writer,
                List.of(WriteTarget.of("kept", SCHEMA, "")),
                cut,
                false,
                Optional.empty(),
                settings.speed().concurrent(),
                List.of(),
                List.of(),
                new JobNotices());
    }

    /** One split for each of so many tables. */
    static JobPlan planOfTables(JobSettings settings, Reader reader, Writer writer, int tables) {
        JobPlan one = plan(settings, reader, writer, 1);
        List<WriteTarget> targets = new ArrayList<>();
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < tables; i++) {
            Schema schema = Schema.of(new TableName("public", "numbers" + i), SCHEMA.columns());
            targets.add(WriteTarget.of("kept." + i, schema, ""));
            splits.add(Split.of("split-" + i, i, new byte[0], "numbers " + i));
        }
        return new JobPlan(
                one.job(),
                reader,
                writer,
                targets,
                splits,
                false,
                Optional.empty(),
                one.channels(),
                List.of(),
                List.of(),
                new JobNotices());
    }

    /** Each split holds the numbers from 1 to this. */
    static class Numbers implements Reader {

        private final long perSplit;
        final AtomicInteger openSplits = new AtomicInteger();

        Numbers(long perSplit) {
            this.perSplit = perSplit;
        }

        @Override
        public ReadPlan plan(Checks checks) {
            return ReadPlan.of(List.of(SCHEMA));
        }

        @Override
        public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
            throw new AssertionError("plans of this test come with splits");
        }

        @Override
        public SplitReader open(Split split, Schema schema, Position position) {
            openSplits.incrementAndGet();
            return new SplitReader() {
                private long next = 1;

                @Override
                public Optional<RecordBatch> poll(Duration atMost) {
                    RecordBatchBuilder builder = new RecordBatchBuilder(schema);
                    while (builder.size() < BATCH && next <= perSplit) {
                        beforeRecord(next);
                        builder.beginRecord().appendLong(next++).endRecord();
                    }
                    return builder.size() == 0 ? Optional.empty() : Optional.of(builder.build());
                }

                @Override
                public boolean finished() {
                    return next > perSplit;
                }

                @Override
                public List<DirtyRecord> unreadable() {
                    return Numbers.this.unreadable(next);
                }

                @Override
                public BatchEnd end() {
                    return BatchEnd.commitPoint();
                }

                @Override
                public void cancel() {}

                @Override
                public void close() {
                    openSplits.decrementAndGet();
                }
            };
        }

        void beforeRecord(long number) {}

        /** @param next the number that is read next */
        List<DirtyRecord> unreadable(long next) {
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** Keeps every number but those it is told are dirty. */
    static class Keeping implements Writer {

        final List<Long> kept = Collections.synchronizedList(new ArrayList<>());
        final List<String> calls = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger openChannels = new AtomicInteger();
        final CountDownLatch cancelled = new CountDownLatch(1);

        boolean isDirty(long number) {
            return false;
        }

        void beforeWrite() {}

        void beforeCancel() {}

        @Override
        public List<WriteTarget> plan(List<Schema> offered, Checks checks) {
            throw new AssertionError("plans of this test come with targets");
        }

        @Override
        public void begin() {
            calls.add("begin");
        }

        @Override
        public void complete() {
            calls.add("complete");
        }

        @Override
        public ChannelWriter open(WriteJournal journal) {
            openChannels.incrementAndGet();
            return new ChannelWriter() {
                @Override
                public void write(RecordBatch batch, Split split, BatchEnd end) {
                    beforeWrite();
                    for (RecordCursor cursor = batch.cursor(); cursor.advance(); ) {
                        long number = cursor.getLong(0);
                        if (isDirty(number)) {
                            journal.dirty(DirtyRecord.of(
                                    split.tableOf(batch),
                                    Map.of("n", Long.toString(number)),
                                    "23505",
                                    "kept_pkey",
                                    "twice"));
                        } else {
                            kept.add(number);
                            journal.committed(split.tableOf(batch), 1, batch.bytes() / batch.size());
                        }
                    }
                }

                @Override
                public void flush() {
                    calls.add("flush");
                }

                @Override
                public void cancel() {
                    cancelled.countDown();
                    beforeCancel();
                }

                @Override
                public void close() {
                    openChannels.decrementAndGet();
                }
            };
        }

        @Override
        public void close() {}
    }
}
