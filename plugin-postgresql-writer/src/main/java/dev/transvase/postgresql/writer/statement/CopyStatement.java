package dev.transvase.postgresql.writer.statement;

import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.batch.RecordSize;
import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.wire.CopyText;
import dev.transvase.postgresql.writer.wire.TextForm;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends batches as one {@code COPY FROM STDIN}, which goes on until it is finished: the server's effort for a COPY is such that
 * many short ones take half as long again. In binary the records are its body already and are handed over whole; when one
 * column has to be read by the server, all travel as text.
 */
public final class CopyStatement implements BatchStatement {

    /** Signature, flags, and no header extension. */
    private static final byte[] BINARY_HEADER =
            "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    /** Only a record from this size on can be too large as text. */
    private static final int LARGE = 1 << 28;

    private static final byte[] BINARY_TRAILER = {(byte) 0xFF, (byte) 0xFF};

    private final PGConnection connection;
    private final TargetTable target;
    private final String sql;
    private final TextForm[] forms;
    private final CopyText text = new CopyText();

    /** The COPY that is under way, or {@code null}. */
    private CopyIn copy;

    /** How many records were sent in it, and to which table of the plan. */
    private long sent;

    private int table;

    public CopyStatement(PGConnection connection, TargetTable target) {
        this.connection = connection;
        this.target = target;
        this.sql = sql(target);
        this.forms = new TextForm[target.transfers().size()];
        for (int column = 0; column < forms.length; column++) {
            forms[column] = new TextForm(target.wire().column(column), column);
        }
    }

    static String sql(TargetTable target) {
        return "COPY " + SqlNames.quote(target.table()) + " (" + target.columnList() + ") FROM STDIN"
                + (target.binary() ? " (FORMAT binary)" : "");
    }

    @Override
    public void send(WriteBatch batch) throws SQLException {
        if (copy == null) {
            sent = 0;
            table = batch.table();
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
        sent += batch.records();
    }

    @Override
    public TakenRows finish() throws SQLException {
        TakenRows taken = new TakenRows();
        if (copy != null) {
            if (target.binary()) {
                copy.writeToCopy(BINARY_TRAILER, 0, BINARY_TRAILER.length);
            }
            taken.add(table, sent, copy.endCopy());
            copy = null;
        }
        return taken;
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
        text.begin(copy);
        for (WriteBatch.Part part : batch.parts()) {
            RecordBatch wire = part.wire();
            RecordCursor cursor = wire.cursor();
            while (cursor.advance()) {
                if (wire.start(cursor.index() + 1) - wire.start(cursor.index()) > LARGE) {
                    RecordSize.requireLine(target, forms, cursor, wire.data());
                }
                appendRecord(cursor, wire.data());
                text.sendIfFull();
            }
        }
        text.send();
    }

    private void appendRecord(RecordCursor cursor, byte[] data) throws SQLException {
        for (int column = 0; column < forms.length; column++) {
            if (column > 0) {
                text.append('\t');
            }
            if (cursor.isNull(column)) {
                text.append('\\');
                text.append('N');
            } else {
                forms[column].appendTo(text, cursor, data);
            }
        }
        text.append('\n');
    }
}
