package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlErrors;
import dev.sluice.spi.Column;
import dev.sluice.spi.DirtyRecord;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells what a record that was not taken had in it. */
final class DirtyRecords {

    /** So much of a value is told, in characters (for text as it travels: bytes). */
    static final int MAX_VALUE = 64 << 10;

    private DirtyRecords() {}

    /** A record that the server refused; the batch holds nothing else. */
    static DirtyRecord refused(WriteBatch record, SQLException error) {
        RecordBatch source = record.parts().get(0).source();
        return new DirtyRecord(
                record.table(),
                values(record.target(), source, 0),
                SqlErrors.sqlState(error),
                SqlErrors.constraint(error),
                SqlErrors.message(error));
    }

    /** A record with a value that could not be converted. */
    static DirtyRecord refused(
            int table, TargetTable target, RecordBatch batch, int index, int column, BadValueException error) {
        return new DirtyRecord(
                table,
                values(target, batch, index),
                error.sqlState(),
                "",
                "column " + target.transfers().get(column).target().name() + ": " + error.getMessage());
    }

    private static Map<String, String> values(TargetTable target, RecordBatch batch, int index) {
        RecordCursor cursor = batch.cursor();
        cursor.moveTo(index);
        Map<String, String> values = new LinkedHashMap<>();
        for (int column = 0; column < target.transfers().size(); column++) {
            String name = target.transfers().get(column).target().name();
            int field = target.fields().get(column);
            values.put(name, cursor.isNull(field) ? null : text(batch, cursor, field));
        }
        return values;
    }

    private static String text(RecordBatch batch, RecordCursor cursor, int column) {
        Column type = cursor.schema().column(column);
        int offset = cursor.valueOffset(column);
        int length = cursor.valueLength(column);
        if (TextForm.isVerbatim(type)) {
            // Not through the cursor, which refuses what is not UTF-8: perhaps that is what is wrong with it.
            String text = new String(batch.data(), offset, Math.min(length, MAX_VALUE), StandardCharsets.UTF_8);
            return length <= MAX_VALUE ? text : text + truncated(length, "bytes");
        }
        String text;
        try {
            text = cursor.getText(column);
        } catch (RuntimeException e) {
            // No value of its type, and the server said so: all there is to tell are its bytes.
            text = "\\x" + HexFormat.of().formatHex(batch.data(), offset, offset + Math.min(length, MAX_VALUE));
        }
        return text.length() <= MAX_VALUE
                ? text
                : text.substring(0, Character.isHighSurrogate(text.charAt(MAX_VALUE - 1)) ? MAX_VALUE - 1 : MAX_VALUE)
                        + truncated(text.length(), "characters");
    }

    private static String truncated(int length, String unit) {
        return "... (cut off here, " + length + " " + unit + " in all)";
    }
}
