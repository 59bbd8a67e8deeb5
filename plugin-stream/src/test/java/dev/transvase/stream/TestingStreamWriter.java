package dev.transvase.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.Split;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.testing.TestingJob;
import dev.transvase.testing.contract.CollectedChecks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A stream writer of a test, and what it wrote. */
final class TestingStreamWriter {

    static final Schema SCHEMA = Schema.of(
            new TableName("public", "orders"),
            List.of(
                    Column.of("id", Type.Scalar.INT64),
                    Column.of("name", Type.Scalar.TEXT),
                    Column.of("data", Type.Scalar.BYTES),
                    Column.of("at", new Type.Native("inet"))));
    static final Split SPLIT = Split.of("s", 3, new byte[0], "");

    final RecordedJournal journal = new RecordedJournal();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Path folder;

    TestingStreamWriter(Path folder) {
        this.folder = folder;
    }

    interface Fields {
        RecordBatchBuilder append(RecordBatchBuilder builder);
    }

    static RecordBatchBuilder anyRecord(RecordBatchBuilder builder) {
        return builder.appendLong(1).appendText("a").appendBytes(new byte[0]).appendText("x");
    }

    static RecordBatch batch(Fields... records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(SCHEMA);
        for (Fields record : records) {
            record.append(builder.beginRecord()).endRecord();
        }
        return builder.build();
    }

    void write(GivenWriter given, RecordBatch batch) {
        StreamWriter writer = begun(given);
        try (writer;
                ChannelWriter channel = writer.open(journal)) {
            channel.write(batch, SPLIT, BatchEnd.commitPoint());
            channel.flush();
            writer.complete();
        }
    }

    StreamWriter begun(GivenWriter given) {
        StreamWriter writer = writer(given);
        CollectedChecks checks = new CollectedChecks();
        writer.plan(List.of(SCHEMA), checks);
        assertThat(checks.errors()).isEmpty();
        writer.begin();
        return writer;
    }

    List<String> planErrors(GivenWriter given) {
        CollectedChecks checks = new CollectedChecks();
        writer(given).plan(List.of(SCHEMA), checks);
        return checks.errors();
    }

    StreamWriter writer(GivenWriter given) {
        return new StreamWriter(
                given.parameters(), job(), () -> new PrintStream(printed, false, StandardCharsets.UTF_8));
    }

    JobContext job() {
        return TestingJob.in(folder);
    }

    String printedText() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
