package dev.transvase.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.record.RecordBatchBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written. */
class StreamWriterFileTest {

    @TempDir
    private Path folder;

    private TestingStreamWriter stream;

    @BeforeEach
    void createWriter() {
        stream = new TestingStreamWriter(folder);
    }

    @Test
    void aFileIsReplacedByTheLines() throws IOException {
        Path file = Files.writeString(folder.resolve("out.txt"), "something longer than the new text\n");

        stream.write(GivenWriter.defaults().path("out.txt"), TestingStreamWriter.batch(TestingStreamWriter::anyRecord));

        assertThat(file).hasContent("1\ta\t\\x\tx\n");
        assertThat(stream.printedText()).isEmpty();
    }

    @Test
    void aFileNameInAFolderIsWrittenToAsDataXDoes() {
        stream.write(
                GivenWriter.defaults().path("deep/er").fileName("out.txt").print(false),
                TestingStreamWriter.batch(TestingStreamWriter::anyRecord));

        assertThat(folder.resolve("deep/er/out.txt")).hasContent("1\ta\t\\x\tx\n");
    }

    @Test
    void linesOfSeveralChannelsStayWhole() throws Exception {
        int channels = 4;
        int batches = 20;
        StreamWriter writer = stream.begun(GivenWriter.defaults().path("out.txt"));
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
                RecordBatchBuilder builder = new RecordBatchBuilder(TestingStreamWriter.SCHEMA);
                for (int i = 0; i < 100; i++) {
                    int length = i == 50 ? 200_000 : 10 + i;
                    builder.beginRecord()
                            .appendLong(length)
                            .appendText(letter.repeat(length))
                            .appendNull()
                            .appendNull()
                            .endRecord();
                }
                channel.write(builder.build(), TestingStreamWriter.SPLIT, BatchEnd.commitPoint());
            }
            channel.flush();
        }
        return own.records;
    }
}
