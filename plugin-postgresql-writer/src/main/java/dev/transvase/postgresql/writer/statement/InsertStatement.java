package dev.transvase.postgresql.writer.statement;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.target.TargetTable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;

/**
 * Sends a batch as one {@code INSERT ... SELECT ... FROM ROWS FROM (unnest(...), ...)}, as {@link InsertSql} words it. So
 * every batch, of whatever size, is one statement that is parsed once, and one round trip.
 */
public final class InsertStatement implements BatchStatement {

    private final BaseConnection connection;
    private final PreparedStatement statement;
    private final TargetTable target;
    private final RowArrays arrays;
    private final TakenRows taken = new TakenRows();

    public InsertStatement(BaseConnection connection, TargetTable target) throws SQLException {
        this.connection = connection;
        this.target = target;
        this.arrays = new RowArrays(connection, target);
        this.statement = connection.prepareStatement(
                target.key().isPresent() ? InsertSql.counting(target, "?") : InsertSql.of(target, "?"));
    }

    @Override
    public void send(WriteBatch batch) throws SQLException {
        arrays.bind(statement, 1, batch);
        try {
            execute(batch);
        } catch (SQLException e) {
            boolean shared = target.key().isPresent()
                    && batch.records() > 1
                    && SqlErrors.sqlState(e).equals(SharedRowException.CARDINALITY_VIOLATION);
            throw shared ? new SharedRowException(e) : e;
        } finally {
            statement.clearParameters();
        }
    }

    private void execute(WriteBatch batch) throws SQLException {
        if (target.key().isEmpty()) {
            taken.add(batch.table(), batch.records(), statement.executeUpdate());
            return;
        }
        long keys;
        long settled;
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            keys = row.getLong(1);
            settled = row.getLong(2) + row.getLong(3);
        }
        if (settled < keys && InsertSql.updatesNothing(target)) {
            settled = Math.max(settled, there(batch));
        }
        taken.addRepeated(batch.records() - keys);
        // Of records with one key only the last is handed to the table; the others count as written with it.
        taken.add(batch.table(), batch.records(), batch.records() - Math.max(0, keys - settled));
    }

    /** Of how many keys the table has a row now: another session may have inserted some at the same time. */
    private long there(WriteBatch batch) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(InsertSql.countingWhatIsThere(target, "?"))) {
            arrays.bind(query, 1, batch);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Override
    public TakenRows finish() {
        return taken.take();
    }

    @Override
    public void abandon() {
        taken.clear();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
