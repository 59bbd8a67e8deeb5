package dev.transvase.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * The least that moves a table from one connection to another: what COPY gives, COPY takes, on one thread and in one
 * transaction.
 */
final class CopyPipe {

    private final MeasuredServer server;
    private final String format;

    /** @param format {@code text} or {@code binary} */
    CopyPipe(MeasuredServer server, String format) {
        this.server = server;
        this.format = format;
    }

    /** Copies all rows over two new connections and returns how many the server took. */
    long run() throws SQLException {
        try (Connection source = server.connect();
                Connection target = server.connect()) {
            CopyOut out = source.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + OrdersTable.SOURCE + " TO STDOUT (FORMAT " + format + ")");
            CopyIn in = target.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + OrdersTable.TARGET + " FROM STDIN (FORMAT " + format + ")");
            for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                in.writeToCopy(row, 0, row.length);
            }
            return in.endCopy();
        }
    }
}
