package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlNames;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends a batch as one {@code COPY FROM STDIN}. In binary the records are its body already and are handed over whole; when
 * one column has to be read by the server, all travel as text.
 */
final class CopyStatement implements BatchStatement {

    /** Signature, flags, and no header extension. */
    private static final byte[] BINARY_HEADER =
            "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final byte[] BINARY_TRAILER = {(byte) 0xFF, (byte) 0xFF};

    /** Text is sent in pieces of about this size. */
    private static final int CHUNK = 1 << 16;

    private final PGConnection connection;
    private final TargetTable target;
    private final String sql;
    private final TextForm[] forms;
    private final ByteBuilder text;

    CopyStatement(PGConnection connection, TargetTable target) {
        this.connection = connection;
        this.target = target;
        this.sql = sql(target);
        this.forms = new TextForm[target.transfers().size()];
        for (int column = 0; column < forms.length; column++) {
            forms[column] = new TextForm(target.wire().column(column), column);
        }
        this.text = new ByteBuilder(target.binary() ? 0 : 2 * CHUNK);
    }

    static String sql(TargetTable target) {
        return "COPY " + SqlNames.quote(target.table()) + " (" + target.columnList() + ") FROM STDIN"
                + (target.binary() ? " (FORMAT binary)" : "");
    }

    @Override
    public void send(WriteBatch batch) throws SQLException {
        CopyIn copy = connection.getCopyAPI().copyIn(sql);
        boolean sent = false;
        try {
            if (target.binary()) {
                sendBinary(copy, batch);
            } else {
                sendText(copy, batch);
            }
            copy.endCopy();
            sent = true;
        } finally {
            // After an error of the server the COPY is over already; after one of ours it must be ended.
            if (!sent && copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void sendBinary(CopyIn copy, WriteBatch batch) throws SQLException {
        copy.writeToCopy(BINARY_HEADER, 0, BINARY_HEADER.length);
        for (WriteBatch.Part part : batch.parts()) {
            RecordBatch wire = part.wire();
            copy.writeToCopy(wire.data(), wire.offset(), wire.bytes());
        }
        copy.writeToCopy(BINARY_TRAILER, 0, BINARY_TRAILER.length);
    }

    private void sendText(CopyIn copy, WriteBatch batch) throws SQLException {
        text.clear();
        for (WriteBatch.Part part : batch.parts()) {
            RecordCursor cursor = part.wire().cursor();
            byte[] data = part.wire().data();
            while (cursor.advance()) {
                appendRecord(cursor, data);
                if (text.size() >= CHUNK) {
                    copy.writeToCopy(text.data(), 0, text.size());
                    text.clear();
                }
            }
        }
        copy.writeToCopy(text.data(), 0, text.size());
    }

    private void appendRecord(RecordCursor cursor, byte[] data) {
        for (int column = 0; column < forms.length; column++) {
            if (column > 0) {
                text.append('\t');
            }
            if (cursor.isNull(column)) {
                text.append('\\');
                text.append('N');
            } else {
                forms[column].appendEscaped(cursor, data, text);
            }
        }
        text.append('\n');
    }
}
