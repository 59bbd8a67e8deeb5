package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlNames;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends batches as one {@code COPY FROM STDIN}, which goes on until it is finished: the server's effort for a COPY is such that
 * many short ones take half as long again. In binary the records are its body already and are handed over whole; when one
 * column has to be read by the server, all travel as text.
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

    /** The COPY that is under way, or {@code null}. */
    private CopyIn copy;

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
        if (copy == null) {
            copy = connection.getCopyAPI().copyIn(sql);
            if (target.binary()) {
                copy.writeToCopy(BINARY_HEADER, 0, BINARY_HEADER.length);
            }
        }
        if (target.binary()) {
            for (WriteBatch.Part part : batch.parts()) {
                RecordBatch wire = part.wire();
                copy.writeToCopy(wire.data(), wire.offset(), wire.bytes());
            }
        } else {
            sendText(batch);
        }
    }

    @Override
    public void finish() throws SQLException {
        if (copy != null) {
            if (target.binary()) {
                copy.writeToCopy(BINARY_TRAILER, 0, BINARY_TRAILER.length);
            }
            copy.endCopy();
            copy = null;
        }
    }

    @Override
    public void abandon() throws SQLException {
        CopyIn unfinished = copy;
        copy = null;
        // After an error of the server it is over already.
        if (unfinished != null && unfinished.isActive()) {
            unfinished.cancelCopy();
        }
    }

    private void sendText(WriteBatch batch) throws SQLException {
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
