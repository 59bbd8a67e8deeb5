package dev.transvase.postgresql.cdc.source;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Asks which rows partitions have, by the transactions that wrote them. Blocks on the server. */
final class PartitionRows {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /** The transaction that wrote a row. */
    static final String WRITTEN_BY = "x.xmin::pg_catalog.text::pg_catalog.int8";

    /** The step of it that did. */
    static final String WRITTEN_AT = "x.cmin::pg_catalog.text::pg_catalog.int8";

    private final PostgresSession session;

    PartitionRows(PostgresSession session) {
        this.session = session;
    }

    /** Of rows of transactions that come before one, as the server compares them: 1 and 2 come before all. */
    static String precedes(int xid) {
        return '(' + WRITTEN_BY + " < 3 OR (" + WRITTEN_BY + " - " + Integer.toUnsignedLong(xid)
                + ") & 4294967295 >= 2147483648)";
    }

    /**
     * Whether a table has rows that meet this condition. One that is gone counts as if it had: the next look tells.
     *
     * @param unseen what counts when its rows may not be read
     */
    boolean holds(int oid, String condition, boolean unseen) throws SQLException {
        Optional<TableName> table = find(oid);
        if (table.isEmpty()) {
            return true;
        }
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM ONLY " + SqlNames.quote(table.get())
                        + " x WHERE " + condition + ')')) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException e) {
            if (SqlErrors.sqlState(e).equals(INSUFFICIENT_PRIVILEGE)) {
                return unseen;
            }
            throw e;
        }
    }

    /** The name of a table by its OID, if there is one. */
    Optional<TableName> find(int oid) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = "
                        + Integer.toUnsignedString(oid))) {
            return row.next() ? Optional.of(new TableName(row.getString(1), row.getString(2))) : Optional.empty();
        }
    }
}
