package dev.transvase.postgresql.writer.session;

import static dev.transvase.postgresql.writer.error.WriterErrors.TARGET_CHANGED;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Field;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.Tuple;

/**
 * Makes sure that a table is still what was planned for, and stays so until the transaction ends: what is sent in binary would
 * be taken for values of other types, and what was written before would be gone from a table that was recreated.
 *
 * <p>It has the server describe a query for the columns that are written. That locks the table against every change of its columns,
 * needs no privilege, and tells what is true now, whatever the transaction's snapshot.
 */
public final class TableGuard {

    /** By the query, where its columns stood in the table when it was first described. */
    private final Map<String, int[]> places = new HashMap<>();

    /**
     * Looks at the table.
     *
     * @param connection in the transaction that is to write, or about to begin it
     * @throws TransvaseException {@code TARGET_CHANGED} when it is another table, or has other columns, than was planned for
     * @throws SQLException when the server cannot be asked
     */
    public void check(BaseConnection connection, TargetTable target) throws SQLException {
        String query = query(target);
        Field[] fields;
        try {
            fields = describe(connection, query);
        } catch (SQLException e) {
            if (SqlErrors.sqlState(e).startsWith("42")) {
                throw changed(target, SqlErrors.message(e), e);
            }
            throw e;
        }
        int[] found = new int[fields.length];
        for (int i = 0; i < fields.length; i++) {
            check(target, target.transfers().get(i).target(), fields[i]);
            found[i] = fields[i].getPositionInTable();
        }
        int[] before = places.putIfAbsent(query, found);
        for (int i = 0; before != null && i < found.length; i++) {
            if (before[i] != found[i]) {
                throw changed(
                        target,
                        "column " + target.transfers().get(i).target().name() + " was dropped and added again",
                        null);
            }
        }
    }

    private static void check(TargetTable target, PgColumn planned, Field found) {
        if (found.getTableOid() != target.oid()) {
            throw changed(
                    target,
                    "it was dropped or renamed, and another table now has its name (OID "
                            + Integer.toUnsignedString(found.getTableOid()) + ", expected "
                            + Integer.toUnsignedString(target.oid()) + ")",
                    null);
        }
        if (found.getOID() != planned.type().effective().oid() || found.getMod() != planned.typmod()) {
            throw changed(
                    target,
                    "expected column " + planned.name() + " of type " + planned.declaredType()
                            + ", found another type (OID " + Integer.toUnsignedString(found.getOID()) + ", modifier "
                            + found.getMod() + ")",
                    null);
        }
    }

    private static TransvaseException changed(TargetTable target, String how, SQLException cause) {
        return TransvaseException.of(
                TARGET_CHANGED.as(ErrorType.EXTERNAL),
                "table " + target.table() + " was changed while the job wrote to it: " + how
                        + ". Nothing was written to it since then; check its contents, then run the job again",
                cause);
    }

    private static String query(TargetTable target) {
        String columns = target.transfers().stream()
                .map(transfer -> "t." + SqlNames.quote(transfer.target().name()))
                .collect(Collectors.joining(", "));
        return "SELECT " + columns + " FROM " + SqlNames.quote(target.table()) + " AS t WHERE false";
    }

    private static Field[] describe(BaseConnection connection, String sql) throws SQLException {
        QueryExecutor executor = connection.getQueryExecutor();
        Query query = executor.createSimpleQuery(sql);
        try {
            Description description = new Description();
            executor.execute(
                    query, null, description, 0, 0, QueryExecutor.QUERY_ONESHOT | QueryExecutor.QUERY_DESCRIBE_ONLY);
            return description.fields;
        } finally {
            query.close();
        }
    }

    private static final class Description extends ResultHandlerBase {

        private Field[] fields = {};

        @Override
        public void handleResultRows(Query query, Field[] described, List<Tuple> tuples, ResultCursor cursor) {
            fields = Arrays.copyOf(described, described.length);
        }

        @Override
        public void handleWarning(SQLWarning warning) {}
    }
}
