package dev.transvase.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordKind;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.testing.contract.CollectedChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written. */
class StreamWriterTest {

    @TempDir
    private Path folder;

    private TestingStreamWriter stream;

    @BeforeEach
    void createWriter() {
        stream = new TestingStreamWriter(folder);
    }

    @Test
    void recordsArePrintedAsLinesWithTabs() {
        RecordBatch batch = TestingStreamWriter.batch(
                builder -> builder.appendLong(1)
                        .appendText("a")
                        .appendBytes(new byte[] {1, -1})
                        .appendText("::1/128"),
                builder -> builder.appendLong(-2)
                        .appendText("ünï €😀")
                        .appendNull()
                        .appendText(""));

        stream.write(GivenWriter.defaults(), batch);

        assertThat(stream.printedText()).isEqualTo("1\ta\t\\x01ff\t::1/128\n-2\tünï €😀\tnull\t\n");
        assertThat(stream.journal.records).isEqualTo(2);
        assertThat(stream.journal.bytes).isEqualTo(batch.bytes());
        assertThat(stream.journal.lastTable).isEqualTo(3);
    }

    @Test
    void delimiterAndNullTextCanBeChosenAndNothingIsEscaped() {
        RecordBatch batch = TestingStreamWriter.batch(builder ->
                builder.appendLong(1).appendText("a\tb\\\"c\nd").appendNull().appendText("x"));

        stream.write(GivenWriter.defaults().delimiter("||").nullFormat("\\N"), batch);

        assertThat(stream.printedText()).isEqualTo("1||a\tb\\\"c\nd||\\N||x\n");
    }

    @Test
    void textBeyondAsciiSurvivesInTypesThatAreFormatted() {
        Schema schema = Schema.of(new TableName("", "t"), List.of(Column.of("tags", new Type.Array(Type.Scalar.TEXT))));
        RecordBatch batch = new RecordBatchBuilder(schema)
                .beginRecord()
                .appendArray(List.of("plain", "ünï 😀"))
                .endRecord()
                .build();

        stream.write(GivenWriter.defaults(), batch);

        assertThat(stream.printedText()).isEqualTo("{plain,\"ünï 😀\"}\n");
    }

    @Test
    void recordsOfAChangeStreamStartWithTheirKind() {
        Schema schema = Schema.of(
                new TableName("", "t"),
                List.of(Column.of("id", Type.Scalar.INT32), Column.of("big", Type.Scalar.TEXT)));
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        builder.beginRecord().appendLong(1).appendText("x").endRecord();
        builder.beginRecord(RecordKind.UPDATE_AFTER)
                .appendLong(1)
                .appendUnchanged()
                .endRecord();
        builder.beginRecord(RecordKind.DELETE).appendLong(1).appendNull().endRecord();

        stream.write(GivenWriter.defaults(), builder.build());

        assertThat(stream.printedText()).isEqualTo("1\tx\nUPDATE_AFTER\t1\tunchanged\nDELETE\t1\tnull\n");
    }

    @Test
    void withoutPrintingRecordsAreCountedButNotLookedAt() {
        byte[] garbage = {0, 4, 0x7f, 0x7f, 0x7f, 0x7f};
        RecordBatch batch = new RecordBatchBuilder(TestingStreamWriter.SCHEMA)
                .appendRecord(garbage, 0, garbage.length)
                .build();

        stream.write(GivenWriter.defaults().print(false), batch);

        assertThat(stream.journal.records).isEqualTo(1);
        assertThat(stream.journal.bytes).isEqualTo(garbage.length);
        assertThat(stream.printedText()).isEmpty();
    }

    @Test
    void nativeTypesAreAskedForAsText() {
        Schema offered = Schema.of(
                        new TableName("", "t"),
                        List.of(Column.of("a", new Type.Native("inet")).withEncoding(Column.Encoding.WIRE)))
                .withWireFormat("postgresql");

        List<WriteTarget> targets = stream.writer(GivenWriter.defaults()).plan(List.of(offered), new CollectedChecks());

        assertThat(targets).singleElement().satisfies(t -> {
            assertThat(t.accepted().column(0).encoding()).isEqualTo(Column.Encoding.STANDARD);
            assertThat(t.target()).isEqualTo("standard output");
        });
    }

    @Test
    void largeValuesAreWrittenWhole() throws IOException {
        String large = "x".repeat(2 << 20);
        byte[] bytes = new byte[2 << 20];
        RecordBatch batch = TestingStreamWriter.batch(
                builder -> builder.appendLong(1)
                        .appendText(large)
                        .appendBytes(bytes)
                        .appendText("end"),
                builder -> builder.appendLong(2).appendText("y").appendNull().appendText("end"));

        stream.write(GivenWriter.defaults().path("out.txt"), batch);

        List<String> lines = Files.readAllLines(folder.resolve("out.txt"));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).equals("1\t" + large + "\t\\x" + "00".repeat(bytes.length) + "\tend"))
                .isTrue();
        assertThat(lines.get(1)).isEqualTo("2\ty\tnull\tend");
    }

    @Test
    void aBufferThatGrewForALargeValueIsLetGo() {
        LineBuffer lines = new LineBuffer("\t", "null");
        RecordBatch batch = TestingStreamWriter.batch(builder -> builder.appendLong(1)
                .appendText("x".repeat(3 << 20))
                .appendNull()
                .appendNull());
        var cursor = batch.cursor();
        cursor.advance();
        lines.append(cursor, batch.data(), LineBuffer.plainText(TestingStreamWriter.SCHEMA));
        assertThat(lines.length()).isGreaterThan(3 << 20);

        lines.clear();

        assertThat(lines.bytes().length).isLessThanOrEqualTo(1 << 20);
    }
}
