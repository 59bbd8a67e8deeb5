package dev.transvase.stream;

import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.record.RecordKind;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects records as lines of UTF-8 text. Not thread-safe. */
final class LineBuffer {

    /** An array beyond that is not kept for the next lines. */
    private static final int KEPT_BYTES = 1 << 20;

    private static final byte[] UNCHANGED = "unchanged".getBytes(StandardCharsets.US_ASCII);

    private final byte[] delimiter;
    private final byte[] nullText;
    private StringBuilder text = new StringBuilder();
    private byte[] bytes = new byte[1 << 16];
    private int length;

    LineBuffer(String delimiter, String nullText) {
        this.delimiter = delimiter.getBytes(StandardCharsets.UTF_8);
        this.nullText = nullText.getBytes(StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[1 << 16];
        }
    }

    /** Which columns hold UTF-8 text as it is, so that it can be copied. */
    static boolean[] plainText(Schema schema) {
        boolean[] plain = new boolean[schema.width()];
        for (int i = 0; i < plain.length; i++) {
            Column column = schema.column(i);
            plain[i] = column.type() == Type.Scalar.TEXT
                    || column.type() == Type.Scalar.JSON
                    || (column.type() instanceof Type.Native && column.encoding() == Column.Encoding.STANDARD);
        }
        return plain;
    }

    /** Adds the cursor's record, one of a stream of changes of several tables, as a line. */
    void appendChange(RecordCursor cursor, byte[] data, boolean[] plainText) {
        append(cursor.kind().name());
        append(delimiter, 0, delimiter.length);
        append(cursor.schema().table().toString());
        append(delimiter, 0, delimiter.length);
        appendFields(cursor, data, plainText);
    }

    /** Adds the cursor's record as a line. */
    void append(RecordCursor cursor, byte[] data, boolean[] plainText) {
        // Changes would be lost among plain records without it.
        if (cursor.kind() != RecordKind.INSERT) {
            append(cursor.kind().name());
            append(delimiter, 0, delimiter.length);
        }
        appendFields(cursor, data, plainText);
    }

    private void appendFields(RecordCursor cursor, byte[] data, boolean[] plainText) {
        for (int column = 0; column < plainText.length; column++) {
            if (column > 0) {
                append(delimiter, 0, delimiter.length);
            }
            int size = cursor.valueLength(column);
            if (size == RecordBatch.NULL) {
                append(nullText, 0, nullText.length);
            } else if (size == RecordBatch.UNCHANGED) {
                append(UNCHANGED, 0, UNCHANGED.length);
            } else if (plainText[column]) {
                requireText(cursor, column, data, size);
                append(data, cursor.valueOffset(column), size);
            } else {
                cursor.appendText(column, text);
                append(text);
                resetText();
            }
        }
        reserve(1);
        bytes[length++] = '\n';
    }

    /** A database without an encoding may hold bytes that are no UTF-8, which the cursor tells of. */
    private static void requireText(RecordCursor cursor, int column, byte[] data, int size) {
        int offset = cursor.valueOffset(column);
        for (int i = offset; i < offset + size; i++) {
            if (data[i] < 0) {
                cursor.getText(column);
                return;
            }
        }
    }

    private void resetText() {
        text.setLength(0);
        if (text.capacity() > KEPT_BYTES) {
            text = new StringBuilder();
        }
    }

    private void append(CharSequence chars) {
        reserve(chars.length());
        int from = length;
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            if (c >= 0x80) {
                length = from;
                byte[] encoded = chars.toString().getBytes(StandardCharsets.UTF_8);
                append(encoded, 0, encoded.length);
                return;
            }
            bytes[length++] = (byte) c;
        }
    }

    private void append(byte[] source, int offset, int size) {
        reserve(size);
        System.arraycopy(source, offset, bytes, length, size);
        length += size;
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }
}
