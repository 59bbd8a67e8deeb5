package dev.transvase.postgresql.writer.batch;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.conversion.BadValueException;
import dev.transvase.postgresql.writer.conversion.Conversions;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.wire.TextForm;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Tells what a record that was not taken had in it. */
public final class DirtyRecords {

    /** The length of a value that is shown, in characters (for text as it is sent: in bytes). */
    static final int MAX_VALUE = 64 << 10;

    public static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String UNIQUE_VIOLATION = "23505";

    private DirtyRecords() {}

    /**
     * What the server said of a record.
     *
     * @param column the index of the value that it does not take, when it is a single value's fault
     * @param printed the text of values by the index of their columns, where only the server knows it
     */
    public record Told(Optional<Integer> column, Map<Integer, String> printed) {

        public static final Told NOTHING = new Told(Optional.empty(), Map.of());
    }

    /** A record that the server refused; the batch holds nothing else. */
    public static DirtyRecord refused(WriteBatch record, SQLException refusal, Told reported) {
        SQLException error = SuspectRowException.reported(refusal);
        TargetTable target = record.target();
        Map<String, String> values = values(target, record.parts().get(0).source(), 0);
        reported.printed().forEach((column, text) -> values.put(name(target, column), text));
        String message = SqlErrors.message(error);
        String where = reported.column()
                .map(column -> "column " + name(target, column) + ": the server refused the value "
                        + Conversions.shown(values.get(name(target, column))) + ": ")
                .orElse("");
        return DirtyRecord.of(
                        record.table(), values, SqlErrors.sqlState(error), SqlErrors.constraint(error), where + message)
                .withRemedy(remedy(target, error));
    }

    /** For a record that need not be bad: another run has written it, or one that it refers to comes later. */
    private static String remedy(TargetTable target, SQLException error) {
        if (SqlErrors.sqlState(error).equals(UNIQUE_VIOLATION) && target.mode() != WriteMode.UPSERT) {
            return "If an earlier run has written the row, empty the table first (preSql: TRUNCATE @table) or set"
                    + " writeMode to upsert. If the source has the key twice, fix the data, or raise errorLimit";
        }
        if (!SqlErrors.sqlState(error).equals(FOREIGN_KEY_VIOLATION)) {
            return "";
        }
        String constraint = SqlErrors.constraint(error);
        return "The record that it refers to may come later, or in another channel: put referenced tables first, or"
                + " use one channel; or load without the constraint, that is drop "
                + (constraint.isEmpty() ? "it" : constraint)
                + " in preSql and add it in postSql; or set \"session\": [\"SET session_replication_role = replica\"]."
                + " If no record has the key, fix the data, or raise errorLimit";
    }

    /** A record with a value that could not be converted. */
    static DirtyRecord refused(
            int table, TargetTable target, RecordBatch batch, int index, int column, BadValueException error) {
        return DirtyRecord.of(
                table,
                values(target, batch, index),
                error.sqlState(),
                "",
                "column " + name(target, column) + ": " + error.getMessage());
    }

    /** What a record has in the columns that are written; what an update left alone is left out. */
    public static Map<String, String> values(TargetTable target, RecordBatch batch, int index) {
        RecordCursor cursor = batch.cursor();
        cursor.moveTo(index);
        Map<String, String> values = new LinkedHashMap<>();
        for (int column = 0; column < target.transfers().size(); column++) {
            int field = target.fields().get(column);
            if (!cursor.isUnchanged(field)) {
                values.put(
                        name(target, column), cursor.isNull(field) ? null : text(target, batch, cursor, column, field));
            }
        }
        return values;
    }

    private static String name(TargetTable target, int column) {
        return target.transfers().get(column).target().name();
    }

    private static String text(TargetTable target, RecordBatch batch, RecordCursor cursor, int column, int field) {
        Column type = cursor.schema().column(field);
        int offset = cursor.valueOffset(field);
        int length = cursor.valueLength(field);
        boolean label = type.encoding() == Column.Encoding.WIRE && target.isLabel(column);
        if (label || TextForm.isVerbatim(type)) {
            // Not through the cursor, which refuses what is not UTF-8: perhaps that is what is wrong with it.
            return verbatim(batch.data(), offset, length);
        }
        String text;
        try {
            text = cursor.getText(field);
        } catch (RuntimeException e) {
            // No value of its type, and the server said so: all there is to tell are its bytes.
            text = "\\x" + HexFormat.of().formatHex(batch.data(), offset, offset + Math.min(length, MAX_VALUE));
        }
        return text.length() <= MAX_VALUE
                ? text
                : text.substring(0, Character.isHighSurrogate(text.charAt(MAX_VALUE - 1)) ? MAX_VALUE - 1 : MAX_VALUE)
                        + truncated(text.length(), "characters");
    }

    /** The text; in hex when it is not UTF-8. */
    private static String verbatim(byte[] data, int offset, int length) {
        int end = offset + length;
        if (length > MAX_VALUE) {
            end = offset + MAX_VALUE;
            while (end > offset && (data[end] & 0xC0) == 0x80) {
                end--;
            }
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data, offset, end - offset))
                    .toString();
        } catch (CharacterCodingException e) {
            text = "\\x" + HexFormat.of().formatHex(data, offset, end);
        }
        return length <= MAX_VALUE ? text : text + truncated(length, "bytes");
    }

    private static String truncated(int length, String unit) {
        return "... (truncated, " + length + " " + unit + " in all)";
    }
}
