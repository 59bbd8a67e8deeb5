package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlNames;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/**
 * Sends a batch as one {@code INSERT ... SELECT ... FROM ROWS FROM (unnest(...), ...)}: an array of the table's rows in binary, and beside
 * it an array of text for each column that the server has to read. So every batch, of whatever size, is one statement
 * that is parsed once, and one round trip.
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
        if (hasRows(target)) {
            registerRowType(connection, target.rowType());
        }
        this.statement = connection.prepareStatement(sql(target));
    }

    /** The driver binds arrays by name; under a name of our own there is no search path to lead it astray. */
    private static void registerRowType(BaseConnection connection, RowType type) {
        String name = "sluice row " + Integer.toUnsignedString(type.oid());
        connection.getTypeInfo().addCoreType(name, type.oid(), Types.STRUCT, name, type.arrayOid());
    }

    static String sql(TargetTable target) {
        StringBuilder select = new StringBuilder();
        StringBuilder sources = new StringBuilder();
        StringBuilder aliases = new StringBuilder();
        if (hasRows(target)) {
            sources.append("pg_catalog.unnest(?::")
                    .append(SqlNames.quote(target.table()))
                    .append("[])");
            for (int i = 0; i < target.rowType().attributes().size(); i++) {
                aliases.append(aliases.isEmpty() ? "" : ", ").append('r').append(i);
            }
        }
        for (int column = 0; column < target.transfers().size(); column++) {
            select.append(column == 0 ? "" : ", ");
            if (target.inRow(column)) {
                select.append("u.r").append(target.rowType().fields().indexOf(column));
            } else {
                // Without the modifier: a cast to varchar(3) cuts off, while the assignment to such a column refuses.
                String type = target.transfers()
                        .get(column)
                        .target()
                        .type()
                        .effective()
                        .name();
                select.append("u.t").append(column).append("::").append(type);
                sources.append(sources.isEmpty() ? "" : ", ").append("pg_catalog.unnest(?::pg_catalog.text[])");
                aliases.append(aliases.isEmpty() ? "" : ", ").append('t').append(column);
            }
        }
        return "INSERT INTO " + SqlNames.quote(target.table()) + " (" + target.columnList() + ")"
                + (target.overridesIdentity() ? " OVERRIDING SYSTEM VALUE" : "")
                + " SELECT " + select + " FROM ROWS FROM (" + sources + ") AS u(" + aliases + ")";
    }

    private static boolean hasRows(TargetTable target) {
        for (int column = 0; column < target.transfers().size(); column++) {
            if (target.inRow(column)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void send(WriteBatch batch) throws SQLException {
        int parameter = 1;
        if (hasRows(target)) {
            statement.setArray(
                    parameter++, new PgArray(connection, target.rowType().arrayOid(), rows.gather(batch)));
        }
        for (TextArray text : texts) {
            statement.setArray(parameter++, new PgArray(connection, Oid.TEXT_ARRAY, text.gather(batch)));
        }
        try {
            statement.executeUpdate();
        } finally {
            statement.clearParameters();
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
