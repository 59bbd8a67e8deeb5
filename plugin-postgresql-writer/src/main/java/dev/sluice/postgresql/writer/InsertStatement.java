package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlErrors;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/**
 * Sends a batch as one {@code INSERT ... SELECT ... FROM ROWS FROM (unnest(...), ...)}, as {@link InsertSql} words it. So
 * every batch, of whatever size, is one statement that is parsed once, and one round trip.
 */
final class InsertStatement implements BatchStatement {

    private final BaseConnection connection;
    private final PreparedStatement statement;
    private final TargetTable target;
    private final RowArray rows;
    private final List<TextArray> texts = new ArrayList<>();

    InsertStatement(BaseConnection connection, TargetTable target) throws SQLException {
        this.connection = connection;
        this.target = target;
        this.rows = new RowArray(target);
        for (int column = 0; column < target.transfers().size(); column++) {
            if (!target.inRow(column)) {
                texts.add(new TextArray(target, column));
            }
        }
        if (InsertSql.hasRows(target)) {
            registerRowType(connection, target.rowType());
        }
        this.statement = connection.prepareStatement(InsertSql.of(target, "?"));
    }

    /** The driver binds arrays by name; under a name of our own there is no search path to lead it astray. */
    private static void registerRowType(BaseConnection connection, RowType type) {
        String name = "sluice row " + Integer.toUnsignedString(type.oid());
        connection.getTypeInfo().addCoreType(name, type.oid(), Types.STRUCT, name, type.arrayOid());
    }

    @Override
    public void send(WriteBatch batch) throws SQLException {
        int parameter = 1;
        if (InsertSql.hasRows(target)) {
            statement.setArray(
                    parameter++, new PgArray(connection, target.rowType().arrayOid(), rows.gather(batch)));
        }
        for (TextArray text : texts) {
            statement.setArray(parameter++, new PgArray(connection, Oid.TEXT_ARRAY, text.gather(batch)));
        }
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
