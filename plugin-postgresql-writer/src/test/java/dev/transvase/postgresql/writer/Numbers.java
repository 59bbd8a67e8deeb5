package dev.transvase.postgresql.writer;

import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type.Scalar;
import java.util.List;
import java.util.function.IntFunction;

/** Records of a number and a text, as many tests want them. */
public final class Numbers {

    public static final Schema SCHEMA = schema("source");

    private Numbers() {}

    public static Schema schema(String table) {
        return Schema.of(
                new TableName("", table), List.of(Column.of("id", Scalar.INT32), Column.of("name", Scalar.TEXT)));
    }

    /** Records from one number up to, not including, another. */
    public static RecordBatch batch(int from, int to, IntFunction<String> name) {
        RecordBatchBuilder builder = new RecordBatchBuilder(SCHEMA);
        for (int id = from; id < to; id++) {
            builder.beginRecord().appendLong(id);
            String text = name.apply(id);
            if (text == null) {
                builder.appendNull();
            } else {
                builder.appendText(text);
            }
            builder.endRecord();
        }
        return builder.build();
    }
}
