package dev.transvase.spi.record;

import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Makes schemas, and single values, for tests. */
final class TestingRecords {

    private TestingRecords() {}

    static Schema schema(Type... types) {
        return schema("", Arrays.stream(types).map(t -> Column.of("c", t)).toArray(Column[]::new));
    }

    static Schema schema(String wireFormat, Column... columns) {
        return Schema.of(new TableName("public", "things"), Arrays.asList(columns))
                .withWireFormat(wireFormat);
    }

    /** A cursor at the one record of one field that was appended. */
    static RecordCursor one(Type type, Consumer<RecordBatchBuilder> append) {
        return one(Column.of("c", type), append);
    }

    static RecordCursor one(Column column, Consumer<RecordBatchBuilder> append) {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema("postgresql", column));
        builder.beginRecord();
        append.accept(builder);
        RecordCursor cursor = builder.endRecord().build().cursor();
        cursor.advance();
        return cursor;
    }

    /** A cursor at a record of one field with these bytes. */
    static RecordCursor bytes(Type type, String hex) {
        byte[] value = HexFormat.of().parseHex(hex);
        return one(type, b -> b.appendEncoded(value, 0, value.length));
    }

    static String hex(RecordCursor cursor) {
        return HexFormat.of().formatHex(cursor.getBytes(0));
    }
}
