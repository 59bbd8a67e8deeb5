package dev.transvase.stream;

import dev.transvase.spi.Writer;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.testing.TestingJob;
import dev.transvase.testing.contract.AbstractWriterContractTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class StreamWriterContractTest extends AbstractWriterContractTest {

    @TempDir
    Path folder;

    @Override
    protected Writer newWriter() {
        StreamWriterParameters parameters =
                new StreamWriterParameters(true, "\t", Optional.of("out.txt"), Optional.empty(), "null", 0, 0, "UTF-8");
        return new StreamWriter(parameters, TestingJob.in(folder).withChannels(4));
    }

    @Override
    protected Schema offered() {
        return Schema.of(
                new TableName("", "t"),
                List.of(Column.of("id", Type.Scalar.INT32), Column.of("name", Type.Scalar.TEXT)));
    }

    @Override
    protected RecordBatch records(Schema accepted, int from, int to) {
        RecordBatchBuilder builder = new RecordBatchBuilder(accepted);
        for (int i = from; i < to; i++) {
            builder.beginRecord().appendLong(i).appendText("name " + i).endRecord();
        }
        return builder.build();
    }

    @Override
    protected List<List<String>> stored() {
        Path file = folder.resolve("out.txt");
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
