package dev.transvase.postgresql.writer.wire;

import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/** Appends the text form of one column's values as UTF-8; what travels as text is copied as it is. */
public final class TextForm {

    private final int column;
    private final boolean verbatim;
    private final boolean bytes;
    private final StringBuilder scratch = new StringBuilder();

    public TextForm(Column column, int index) {
        this.column = index;
        this.verbatim = isVerbatim(column);
        this.bytes = column.type() == Scalar.BYTES;
    }

    /** Whether the column's bytes are its text. */
    public static boolean isVerbatim(Column column) {
        return column.type() == Scalar.TEXT
                || column.type() == Scalar.JSON
                || (column.type() instanceof Type.Native && column.encoding() == Column.Encoding.STANDARD);
    }

    /** Appends the current record's value, which is not NULL, as it is. */
    public void append(RecordCursor cursor, byte[] data, ByteBuilder to) {
        if (verbatim) {
            to.append(data, cursor.valueOffset(column), cursor.valueLength(column));
        } else if (bytes) {
            to.appendHex(data, cursor.valueOffset(column), cursor.valueLength(column));
        } else {
            byte[] text = text(cursor);
            to.append(text, 0, text.length);
        }
    }

    /** As {@link #append}, escaped for COPY. */
    public void appendTo(CopyText to, RecordCursor cursor, byte[] data) throws SQLException {
        if (verbatim) {
            to.appendEscaped(data, cursor.valueOffset(column), cursor.valueLength(column));
        } else if (bytes) {
            to.appendHex(data, cursor.valueOffset(column), cursor.valueLength(column));
        } else {
            byte[] text = text(cursor);
            to.appendEscaped(text, 0, text.length);
        }
    }

    /** How long the current record's value is. */
    public long length(RecordCursor cursor) {
        return verbatim
                ? cursor.valueLength(column)
                : bytes ? 2 + 2L * cursor.valueLength(column) : text(cursor).length;
    }

    /** How long the current record's value is in a COPY. */
    public long escapedLength(RecordCursor cursor, byte[] data) {
        if (bytes) {
            return 3 + 2L * cursor.valueLength(column);
        }
        byte[] text = verbatim ? data : text(cursor);
        int from = verbatim ? cursor.valueOffset(column) : 0;
        int to = verbatim ? from + cursor.valueLength(column) : text.length;
        long length = (long) to - from;
        for (int i = from; i < to; i++) {
            if (ByteBuilder.isEscaped(text[i])) {
                length++;
            }
        }
        return length;
    }

    private byte[] text(RecordCursor cursor) {
        scratch.setLength(0);
        cursor.appendText(column, scratch);
        return scratch.toString().getBytes(StandardCharsets.UTF_8);
    }
}
