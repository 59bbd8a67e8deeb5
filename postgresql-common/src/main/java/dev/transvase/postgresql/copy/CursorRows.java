package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.PostgresSession;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.QueryExecutor;
import org.postgresql.jdbc.PreferQueryMode;

/** The rows of a binary cursor, laid out as records are. */
record CursorRows(PostgresSession session) {

    /** The next rows, fewer than asked for at the end. Blocks on the server. */
    List<byte[]> fetch(String cursor, int count) throws SQLException {
        // Only in the simple protocol it is the cursor that says that values come in binary.
        QueryExecutor executor = ((BaseConnection) session.pg()).getQueryExecutor();
        PreferQueryMode usual = executor.getPreferQueryMode();
        executor.setPreferQueryMode(PreferQueryMode.SIMPLE);
        List<byte[]> records = new ArrayList<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("FETCH " + count + " FROM " + cursor)) {
            byte[][] values = new byte[row.getMetaData().getColumnCount()][];
            while (row.next()) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = row.getBytes(i + 1); // of a value in binary what the server sent
                }
                records.add(record(values));
            }
        } finally {
            executor.setPreferQueryMode(usual);
        }
        return records;
    }

    private static byte[] record(byte[][] values) {
        int length = Short.BYTES;
        for (byte[] value : values) {
            length += Integer.BYTES + (value == null ? 0 : value.length);
        }
        ByteBuffer record = ByteBuffer.allocate(length).putShort((short) values.length);
        for (byte[] value : values) {
            if (value == null) {
                record.putInt(-1);
            } else {
                record.putInt(value.length).put(value);
            }
        }
        return record.array();
    }
}
