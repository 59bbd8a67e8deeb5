package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlErrors;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;

/**
 * Sends a batch as one {@code INSERT ... SELECT ... FROM ROWS FROM (unnest(...), ...)}, as {@link InsertSql} words it. So
 * every batch, of whatever size, is one statement that is parsed once, and one round trip.
 */
final class InsertStatement implements BatchStatement {

    private final PreparedStatement statement;
    private final TargetTable target;
    private final RowArrays arrays;

    InsertStatement(BaseConnection connection, TargetTable target) throws SQLException {
        this.target = target;
        this.arrays = new RowArrays(connection, target);
        this.statement = connection.prepareStatement(InsertSql.of(target, "?"));
    }

    @Override
    public void send(WriteBatch batch) throws SQLException {
        arrays.bind(statement, 1, batch);
        try {
            statement.executeUpdate();
        } catch (SQLException e) {
            boolean shared = target.key().isPresent()
                    && batch.records() > 1
                    && SqlErrors.sqlState(e).equals(SharedRowException.CARDINALITY_VIOLATION);
            throw shared ? new SharedRowException(e) : e;
        } finally {
            statement.clearParameters();
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
