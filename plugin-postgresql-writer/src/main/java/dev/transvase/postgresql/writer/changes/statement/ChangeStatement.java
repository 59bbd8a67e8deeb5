package dev.transvase.postgresql.writer.changes.statement;

import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.statement.RowArrays;
import dev.transvase.postgresql.writer.statement.RowSource;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.BaseConnection;

/** A statement that changes rows, which it receives as batches. */
final class ChangeStatement implements AutoCloseable {

    private final PreparedStatement statement;
    private final List<RowArrays> arrays;

    /** @param sources in the order in which they stand in the statement */
    ChangeStatement(BaseConnection connection, String sql, RowSource... sources) throws SQLException {
        this.statement = connection.prepareStatement(sql);
        this.arrays = new ArrayList<>();
        for (RowSource source : sources) {
            arrays.add(new RowArrays(connection, source.target()));
        }
    }

    /** Returns how many rows it has changed. */
    long execute(WriteBatch... batches) throws SQLException {
        int parameter = 1;
        for (int i = 0; i < batches.length; i++) {
            parameter = arrays.get(i).bind(statement, parameter, batches[i]);
        }
        try {
            return statement.executeLargeUpdate();
        } finally {
            statement.clearParameters();
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
