package dev.transvase.postgresql.writer.statement;

import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.target.RowType;
import dev.transvase.postgresql.writer.target.TargetTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/** Sets the arrays of a {@link RowSource}. */
public final class RowArrays {

    private final BaseConnection connection;
    private final RowType rowType;
    private final RowArray rows;
    private final boolean hasRows;
    private final List<TextArray> texts = new ArrayList<>();

    public RowArrays(BaseConnection connection, TargetTable target) throws SQLException {
        this.connection = connection;
        this.rowType = target.rowType();
        this.rows = new RowArray(target);
        for (int column = 0; column < target.transfers().size(); column++) {
            if (!target.inRow(column)) {
                texts.add(new TextArray(target, column));
            }
        }
        this.hasRows = texts.size() < target.transfers().size();
        if (hasRows) {
            registerRowType();
        }
    }

    /** The driver binds arrays by name; under a name of our own there is no search path to lead it astray. */
    private void registerRowType() throws SQLException {
        String name = "transvase row " + Integer.toUnsignedString(rowType.oid());
        connection.getTypeInfo().addCoreType(name, rowType.oid(), Types.STRUCT, name, rowType.arrayOid());
    }

    /** Sets them from this parameter on, and returns the next. */
    public int bind(PreparedStatement statement, int first, WriteBatch batch) throws SQLException {
        int parameter = first;
        if (hasRows) {
            statement.setArray(parameter++, new PgArray(connection, rowType.arrayOid(), rows.gather(batch)));
        }
        for (TextArray text : texts) {
            statement.setArray(parameter++, new PgArray(connection, Oid.TEXT_ARRAY, text.gather(batch)));
        }
        return parameter;
    }
}
