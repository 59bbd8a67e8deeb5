package dev.transvase.stream;

import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Schema;
import dev.transvase.testing.contract.CollectedChecks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Columns of a stream reader, and what comes out of one. */
final class TestingColumns {

    private TestingColumns() {}

    static ColumnParameters value(String type, String value) {
        return column(type, value, null, null, null, 0);
    }

    static ColumnParameters random(String type, String random) {
        return column(type, null, random, null, null, 0);
    }

    static ColumnParameters incr(String type, String incr) {
        return column(type, null, null, incr, null, 0);
    }

    static ColumnParameters column(
            String type, String value, String random, String incr, String dateFormat, int nullPercent) {
        return new ColumnParameters(
                Optional.empty(),
                type,
                Optional.ofNullable(value),
                Optional.ofNullable(random),
                Optional.ofNullable(incr),
                Optional.ofNullable(dateFormat),
                nullPercent);
    }

    static StreamReaderParameters parameters(long records, ColumnParameters... columns) {
        return new StreamReaderParameters(List.of(columns), records, Optional.of(42L));
    }

    /** All records of all channels as lists of texts, NULL as null; fails when the parameters have errors. */
    static List<List<String>> read(StreamReaderParameters parameters, int channels) {
        List<List<String>> records = new ArrayList<>();
        try (StreamReader reader = new StreamReader(parameters)) {
            CollectedChecks checks = new CollectedChecks();
            Schema schema = reader.plan(checks).tables().get(0);
            List<Split> splits = reader.split(List.of(schema), channels, checks);
            if (checks.failed()) {
                throw new AssertionError(checks.errors().toString());
            }
            for (Split split : splits) {
                records.addAll(read(reader.open(split, schema, Position.START)));
            }
        }
        return records;
    }

    /** What the split has left. */
    static List<List<String>> read(SplitReader split) {
        List<List<String>> records = new ArrayList<>();
        try (split) {
            while (!split.finished()) {
                split.poll(Duration.ofSeconds(1)).ifPresent(batch -> records.addAll(texts(batch)));
            }
        }
        return records;
    }

    static List<List<String>> texts(RecordBatch batch) {
        List<List<String>> records = new ArrayList<>();
        RecordCursor cursor = batch.cursor();
        while (cursor.advance()) {
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < batch.schema().width(); i++) {
                fields.add(cursor.isNull(i) ? null : cursor.getText(i));
            }
            records.add(fields);
        }
        return records;
    }

    /** One column's texts. */
    static List<String> texts(long records, ColumnParameters column) {
        return read(parameters(records, column), 1).stream().map(r -> r.get(0)).toList();
    }
}
