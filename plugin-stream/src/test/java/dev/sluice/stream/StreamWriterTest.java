package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.spi.ChannelWriter;
import dev.sluice.spi.Column;
import dev.sluice.spi.ErrorType;
import dev.sluice.spi.JobContext;
import dev.sluice.spi.Position;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordBatchBuilder;
import dev.sluice.spi.RecordKind;
import dev.sluice.spi.Schema;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.Split;
import dev.sluice.spi.TableName;
import dev.sluice.spi.Type;
import dev.sluice.spi.WriteTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamWriterTest {

    private static final Schema SCHEMA = new Schema(
            new TableName("public", "orders"),
            List.of(
                    Column.of("id", Type.Scalar.INT64),
                    Column.of("name", Type.Scalar.TEXT),
                    Column.of("data", Type.Scalar.BYTES),
                    Column.of("at", new Type.Native("inet"))),
            "");
    private static final Split SPLIT = new Split("s", 3, new byte[0], "");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final RecordedJournal journal = new RecordedJournal();

    @Test
    void recordsArePrintedAsLinesWithTabs() {
        RecordBatch batch = batch(
                builder -> builder.appendLong(1)
                        .appendText("a")
                        .appendBytes(new byte[] {1, -1})
                        .appendText("::1/128"),
                builder -> builder.appendLong(-2)
                        .appendText("ünï €😀")
                        .appendNull()
                        .appendText(""));

        write(Given.defaults(), batch);

        assertThat(printedText()).isEqualTo("1\ta\t\\x01ff\t::1/128\n-2\tünï €😀\tnull\t\n");
        assertThat(journal.records).isEqualTo(2);
        assertThat(journal.bytes).isEqualTo(batch.bytes());
        assertThat(journal.lastTable).isEqualTo(3);
    }

    @Test
    void delimiterAndNullTextCanBeChosenAndNothingIsEscaped() {
        RecordBatch batch = batch(builder ->
                builder.appendLong(1).appendText("a\tb\\\"c\nd").appendNull().appendText("x"));

        write(Given.defaults().delimiter("||").nullFormat("\\N"), batch);

        assertThat(printedText()).isEqualTo("1||a\tb\\\"c\nd||\\N||x\n");
    }

    @Test
    void textBeyondAsciiSurvivesInTypesThatAreFormatted() {
        Schema schema =
                new Schema(new TableName("", "t"), List.of(Column.of("tags", new Type.Array(Type.Scalar.TEXT))), "");
        RecordBatch batch = new RecordBatchBuilder(schema)
                .beginRecord()
                .appendArray(List.of("plain", "ünï 😀"))
                .endRecord()
                .build();

        write(Given.defaults(), batch);

        assertThat(printedText()).isEqualTo("{plain,\"ünï 😀\"}\n");
    }

    @Test
    void recordsOfAChangeStreamStartWithTheirKind() {
        Schema schema = new Schema(
                new TableName("", "t"),
                List.of(Column.of("id", Type.Scalar.INT32), Column.of("big", Type.Scalar.TEXT)),
                "");
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        builder.beginRecord().appendLong(1).appendText("x").endRecord();
        builder.beginRecord(RecordKind.UPDATE_AFTER)
                .appendLong(1)
                .appendUnchanged()
                .endRecord();
        builder.beginRecord(RecordKind.DELETE).appendLong(1).appendNull().endRecord();

        write(Given.defaults(), builder.build());

        assertThat(printedText()).isEqualTo("1\tx\nUPDATE_AFTER\t1\tunchanged\nDELETE\t1\tnull\n");
    }

    @Test
    void withoutPrintingRecordsAreCountedButNotLookedAt() {
        byte[] garbage = {0, 4, 0x7f, 0x7f, 0x7f, 0x7f};
        RecordBatch batch = new RecordBatchBuilder(SCHEMA)
                .appendRecord(garbage, 0, garbage.length)
                .build();

        write(Given.defaults().print(false), batch);

        assertThat(journal.records).isEqualTo(1);
        assertThat(journal.bytes).isEqualTo(garbage.length);
        assertThat(printedText()).isEmpty();
    }

    @Test
    void nativeTypesAreAskedForAsText() {
        Schema offered = new Schema(
                new TableName("", "t"),
                List.of(Column.of("a", new Type.Native("inet")).withEncoding(Column.Encoding.WIRE)),
                "postgresql");

        List<WriteTarget> targets = writer(Given.defaults()).plan(List.of(offered), new RecordedChecks());

        assertThat(targets).singleElement().satisfies(t -> {
            assertThat(t.accepted().column(0).encoding()).isEqualTo(Column.Encoding.STANDARD);
            assertThat(t.target()).isEqualTo("standard output");
        });
    }

    @Test
    void aFileIsReplacedByTheLines() throws IOException {
        Path file = Files.writeString(folder.resolve("out.txt"), "something longer than the new text\n");

        write(Given.defaults().path("out.txt"), batch(StreamWriterTest::anyRecord));

        assertThat(file).hasContent("1\ta\t\\x\tx\n");
        assertThat(printedText()).isEmpty();
    }

    @Test
    void aFileNameInAFolderIsWrittenToAsDataXDoes() {
        write(Given.defaults().path("deep/er").fileName("out.txt").print(false), batch(StreamWriterTest::anyRecord));

        assertThat(folder.resolve("deep/er/out.txt")).hasContent("1\ta\t\\x\tx\n");
    }

    @Test
    void planningChangesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("out.txt"), "old");

        writer(Given.defaults().path("out.txt")).plan(List.of(SCHEMA), new RecordedChecks());
        writer(Given.defaults().path("new").fileName("out.txt")).plan(List.of(SCHEMA), new RecordedChecks());

        assertThat(file).hasContent("old");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void whatCannotBeWrittenToIsToldBeforeTheRun() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        assertThat(planErrors(Given.defaults().path("missing/out.txt")))
                .containsExactly("path FOLDER_NOT_FOUND: there is no folder " + folder.resolve("missing")
                        + " | Run: mkdir -p '" + folder.resolve("missing") + "'");
        assertThat(planErrors(Given.defaults().path(".")))
                .singleElement()
                .asString()
                .startsWith("path PATH_IS_FOLDER: " + folder);
        assertThat(planErrors(Given.defaults().path("file/out.txt")))
                .singleElement()
                .asString()
                .startsWith("path NOT_A_FOLDER");
        assertThat(planErrors(Given.defaults().path("file").fileName("out.txt")))
                .singleElement()
                .asString()
                .startsWith("path NOT_A_FOLDER");
        assertThat(planErrors(Given.defaults().path("a\0b")))
                .singleElement()
                .asString()
                .startsWith("path BAD_PATH");
    }

    @Test
    void aFileWithoutPermissionIsToldBeforeTheRun() throws IOException {
        Path file = Files.writeString(folder.resolve("mine"), "");
        assumeTrue(file.toFile().setWritable(false) && !Files.isWritable(file), "root may write to anything");

        assertThat(planErrors(Given.defaults().path("mine")))
                .singleElement()
                .asString()
                .startsWith("path PERMISSION_DENIED");
    }

    @Test
    void parametersThatDoNotGoTogetherAreRefused() {
        RecordedChecks checks = new RecordedChecks();

        Given.defaults().fileName("x").encoding("GBK").parameters().validate(checks);
        Given.defaults().encoding("utf-8").path("a").fileName("x").parameters().validate(checks);

        assertThat(checks.errors)
                .satisfiesExactly(
                        e -> assertThat(e).startsWith("fileName MISSING_PATH"),
                        e -> assertThat(e)
                                .startsWith("encoding UNSUPPORTED_ENCODING")
                                .contains("GBK"));
    }

    @Test
    void aPauseWithoutItsLengthIsWarnedOf() {
        RecordedChecks checks = new RecordedChecks();

        writer(Given.defaults().pause(10, 0)).plan(List.of(SCHEMA), checks);

        assertThat(checks.warnings).containsExactly("recordNumBeforeSleep: has no effect without sleepTime");
    }

    @Test
    void aFullDiskFailsTheRunAndNothingIsReportedAsWritten() {
        assumeTrue(Files.exists(Path.of("/dev/full")), "needs the device /dev/full");
        StreamWriter writer = begun(Given.defaults().path("/dev/full"));
        ChannelWriter channel = writer.open(journal);

        assertThatThrownBy(() -> channel.write(batch(StreamWriterTest::anyRecord), SPLIT, Position.START))
                .isInstanceOfSatisfying(SluiceException.class, e -> {
                    assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                    assertThat(e.code()).isEqualTo("OUTPUT_FAILED");
                })
                .hasMessageContaining("/dev/full")
                .hasMessageContaining("No space left");
        assertThat(journal.records).isZero();
        writer.close();
    }

    @Test
    void aFileThatCannotBeCreatedFailsTheRun() {
        StreamWriter writer = writer(Given.defaults().path("missing/out.txt"));

        assertThatThrownBy(writer::begin)
                .isInstanceOfSatisfying(
                        SluiceException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL))
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
        StreamWriter writer = new StreamWriter(Given.defaults().parameters(), job(), () -> broken);
        writer.begin();
        ChannelWriter channel = writer.open(journal);

        assertThatThrownBy(() -> channel.write(batch(StreamWriterTest::anyRecord), SPLIT, Position.START))
                .isInstanceOfSatisfying(
                        SluiceException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL))
                .hasMessageContaining("standard output")
                .hasMessageContaining("has ended");
        assertThat(journal.records).isZero();
        writer.close();
    }

    @Test
    void linesOfSeveralChannelsStayWhole() throws Exception {
        int channels = 4;
        int batches = 20;
        StreamWriter writer = begun(Given.defaults().path("out.txt"));
        ExecutorService threads = Executors.newFixedThreadPool(channels);
        try {
            List<Future<Long>> written = new ArrayList<>();
            for (int c = 0; c < channels; c++) {
                String letter = String.valueOf((char) ('a' + c));
                written.add(threads.submit(() -> writeLines(writer, letter, batches)));
            }
            long records = 0;
            for (Future<Long> channel : written) {
                records += channel.get();
            }
            assertThat(records).isEqualTo(100L * channels * batches);
        } finally {
            threads.shutdownNow();
        }
        writer.complete();
        writer.close();

        // Each line is as long as its number says, and of one letter only.
        try (var lines = Files.lines(folder.resolve("out.txt"))) {
            List<String> torn = lines.filter(line -> {
                        String[] fields = line.split("\t", -1);
                        return fields.length != 4
                                || fields[1].length() != Integer.parseInt(fields[0])
                                || !fields[1].matches("(.)\\1*");
                    })
                    .toList();
            assertThat(torn).isEmpty();
        }
        try (var lines = Files.lines(folder.resolve("out.txt"))) {
            assertThat(lines.collect(Collectors.groupingBy(l -> l.split("\t", -1)[1].charAt(0), Collectors.counting())))
                    .hasSize(channels)
                    .allSatisfy((letter, count) -> assertThat(count).isEqualTo(batches * 100L));
        }
    }

    private static long writeLines(StreamWriter writer, String letter, int batches) {
        RecordedJournal own = new RecordedJournal();
        try (ChannelWriter channel = writer.open(own)) {
            for (int b = 0; b < batches; b++) {
                RecordBatchBuilder builder = new RecordBatchBuilder(SCHEMA);
                for (int i = 0; i < 100; i++) {
                    int length = i == 50 ? 200_000 : 10 + i;
                    builder.beginRecord()
                            .appendLong(length)
                            .appendText(letter.repeat(length))
                            .appendNull()
                            .appendNull()
                            .endRecord();
                }
                channel.write(builder.build(), SPLIT, Position.START);
            }
            channel.flush();
        }
        return own.records;
    }

    @Test
    void largeValuesAreWrittenWhole() throws IOException {
        String large = "x".repeat(2 << 20);
        byte[] bytes = new byte[2 << 20];
        RecordBatch batch = batch(
                builder -> builder.appendLong(1)
                        .appendText(large)
                        .appendBytes(bytes)
                        .appendText("end"),
                builder -> builder.appendLong(2).appendText("y").appendNull().appendText("end"));

        write(Given.defaults().path("out.txt"), batch);

        List<String> lines = Files.readAllLines(folder.resolve("out.txt"));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).equals("1\t" + large + "\t\\x" + "00".repeat(bytes.length) + "\tend"))
                .isTrue();
        assertThat(lines.get(1)).isEqualTo("2\ty\tnull\tend");
    }

    @Test
    void aBufferThatGrewForALargeValueIsLetGo() {
        LineBuffer lines = new LineBuffer("\t", "null");
        RecordBatch batch = batch(builder -> builder.appendLong(1)
                .appendText("x".repeat(3 << 20))
                .appendNull()
                .appendNull());
        var cursor = batch.cursor();
        cursor.advance();
        lines.append(cursor, batch.data(), LineBuffer.plainText(SCHEMA));
        assertThat(lines.length()).isGreaterThan(3 << 20);

        lines.clear();

        assertThat(lines.bytes().length).isLessThanOrEqualTo(1 << 20);
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
        StreamWriter writer = new StreamWriter(Given.defaults().parameters(), job(), () -> pipe);
        writer.begin();
        ChannelWriter channel = writer.open(journal);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing =
                    thread.submit(() -> channel.write(batch(StreamWriterTest::anyRecord), SPLIT, Position.START));
            hanging.await();

            channel.cancel();

            assertThatThrownBy(writing::get).hasRootCauseMessage("The stream writer was told to stop.");
            assertThatThrownBy(channel::flush).hasMessageContaining("told to stop");
            writer.close();
        } finally {
            never.countDown();
            thread.shutdownNow();
        }
    }

    @Test
    void aPauseComesAfterItsRecordsAndCanBeCancelled() throws Exception {
        StreamWriter writer = begun(Given.defaults().pause(2, 86_400));
        ChannelWriter channel = writer.open(journal);
        RecordBatch batch =
                batch(StreamWriterTest::anyRecord, StreamWriterTest::anyRecord, StreamWriterTest::anyRecord);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        CountDownLatch reported = new CountDownLatch(1);
        RecordedJournal own = new RecordedJournal();
        ChannelWriter paused = writer.open(new ForwardingJournal(own, reported));
        try {
            Future<?> writing = threads.submit(() -> paused.write(batch, SPLIT, Position.START));
            reported.await();
            assertThat(own.records).isEqualTo(2);
            assertThat(printedText()).hasLineCount(2);

            paused.cancel();

            assertThatThrownBy(writing::get).hasRootCauseMessage("The stream writer was told to stop.");
            assertThat(printedText()).hasLineCount(2);
        } finally {
            threads.shutdownNow();
        }
        // Two records are no reason to pause yet.
        channel.write(batch.slice(0, 2), SPLIT, Position.START);
        assertThat(journal.records).isEqualTo(2);
        writer.close();
    }

    private record ForwardingJournal(RecordedJournal to, CountDownLatch reported)
            implements dev.sluice.spi.WriteJournal {

        @Override
        public void committed(int table, long records, long bytes) {
            to.committed(table, records, bytes);
            reported.countDown();
        }

        @Override
        public void dirty(dev.sluice.spi.DirtyRecord dirty) {
            to.dirty(dirty);
        }

        @Override
        public long tolerance() {
            return to.tolerance();
        }
    }

    private interface Fields {
        RecordBatchBuilder append(RecordBatchBuilder builder);
    }

    private static RecordBatchBuilder anyRecord(RecordBatchBuilder builder) {
        return builder.appendLong(1).appendText("a").appendBytes(new byte[0]).appendText("x");
    }

    private static RecordBatch batch(Fields... records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(SCHEMA);
        for (Fields record : records) {
            record.append(builder.beginRecord()).endRecord();
        }
        return builder.build();
    }

    private void write(Given given, RecordBatch batch) {
        StreamWriter writer = begun(given);
        try (writer;
                ChannelWriter channel = writer.open(journal)) {
            channel.write(batch, SPLIT, Position.START);
            channel.flush();
            writer.complete();
        }
    }

    private StreamWriter begun(Given given) {
        StreamWriter writer = writer(given);
        RecordedChecks checks = new RecordedChecks();
        writer.plan(List.of(SCHEMA), checks);
        assertThat(checks.errors).isEmpty();
        writer.begin();
        return writer;
    }

    private List<String> planErrors(Given given) {
        RecordedChecks checks = new RecordedChecks();
        writer(given).plan(List.of(SCHEMA), checks);
        return checks.errors;
    }

    private StreamWriter writer(Given given) {
        return new StreamWriter(
                given.parameters(), job(), () -> new PrintStream(printed, false, StandardCharsets.UTF_8));
    }

    private JobContext job() {
        return new JobContext("test", 1, folder);
    }

    private String printedText() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** A job file's parameters, with one or the other changed. */
    private record Given(StreamWriterParameters parameters) {

        static Given defaults() {
            return new Given(
                    new StreamWriterParameters(true, "\t", Optional.empty(), Optional.empty(), "null", 0, 0, "UTF-8"));
        }

        Given print(boolean print) {
            StreamWriterParameters p = parameters;
            return new Given(new StreamWriterParameters(
                    print,
                    p.fieldDelimiter(),
                    p.path(),
                    p.fileName(),
                    p.nullFormat(),
                    p.recordNumBeforeSleep(),
                    p.sleepTime(),
                    p.encoding()));
        }

        Given delimiter(String delimiter) {
            StreamWriterParameters p = parameters;
            return new Given(new StreamWriterParameters(
                    p.print(),
                    delimiter,
                    p.path(),
                    p.fileName(),
                    p.nullFormat(),
                    p.recordNumBeforeSleep(),
                    p.sleepTime(),
                    p.encoding()));
        }

        Given path(String path) {
            StreamWriterParameters p = parameters;
            return new Given(new StreamWriterParameters(
                    p.print(),
                    p.fieldDelimiter(),
                    Optional.of(path),
                    p.fileName(),
                    p.nullFormat(),
                    p.recordNumBeforeSleep(),
                    p.sleepTime(),
                    p.encoding()));
        }

        Given fileName(String fileName) {
            StreamWriterParameters p = parameters;
            return new Given(new StreamWriterParameters(
                    p.print(),
                    p.fieldDelimiter(),
                    p.path(),
                    Optional.of(fileName),
                    p.nullFormat(),
                    p.recordNumBeforeSleep(),
                    p.sleepTime(),
                    p.encoding()));
        }

        Given nullFormat(String nullFormat) {
            StreamWriterParameters p = parameters;
            return new Given(new StreamWriterParameters(
                    p.print(),
                    p.fieldDelimiter(),
                    p.path(),
                    p.fileName(),
                    nullFormat,
                    p.recordNumBeforeSleep(),
                    p.sleepTime(),
                    p.encoding()));
        }

        Given pause(long records, long seconds) {
            StreamWriterParameters p = parameters;
            return new Given(new StreamWriterParameters(
                    p.print(),
                    p.fieldDelimiter(),
                    p.path(),
                    p.fileName(),
                    p.nullFormat(),
                    records,
                    seconds,
                    p.encoding()));
        }

        Given encoding(String encoding) {
            StreamWriterParameters p = parameters;
            return new Given(new StreamWriterParameters(
                    p.print(),
                    p.fieldDelimiter(),
                    p.path(),
                    p.fileName(),
                    p.nullFormat(),
                    p.recordNumBeforeSleep(),
                    p.sleepTime(),
                    encoding));
        }
    }
}
