package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableDefinition;
import dev.transvase.spi.table.TableDefinition.ColumnDefinition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks up how tables are declared, in words that mean the same in any session. */
public final class TableDefinitions {

    /** The type of a column, or of an array's elements, and what a domain is over. */
    private static final String COLUMNS = "SELECT a.attname, t.typname, n.nspname, t.typtype, e.array,"
            + " pg_catalog.format_type(t.oid, a.atttypmod),"
            + " CASE WHEN t.typtype = 'd' AND bn.nspname = 'pg_catalog'"
            + " THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) ELSE '' END,"
            + " CASE WHEN a.attcollation <> 0 AND a.attcollation <> c.typcollation THEN co.collname END, cn.nspname,"
            + " ARRAY(SELECT pg_catalog.quote_literal(l.enumlabel) FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid"
            + " ORDER BY l.enumsortorder)"
            + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type c ON c.oid = a.atttypid"
            // A true array has a variable length; a type such as point has elements too.
            + " CROSS JOIN LATERAL (SELECT c.typelem <> 0 AND c.typlen = -1 AS array) e"
            + " JOIN pg_catalog.pg_type t ON t.oid = CASE WHEN e.array THEN c.typelem ELSE c.oid END"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
            + " LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype"
            + " LEFT JOIN pg_catalog.pg_namespace bn ON bn.oid = b.typnamespace"
            + " LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation"
            + " LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace"
            + " WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = $table ORDER BY a.attnum";

    private static final String KEY = "SELECT a.attname FROM pg_catalog.pg_index x"
            + " CROSS JOIN LATERAL pg_catalog.unnest(x.indkey) WITH ORDINALITY k (attnum, place)"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum"
            + " WHERE x.indrelid = $table AND x.indisprimary AND x.indisvalid AND x.indimmediate$ofKey ORDER BY k.place";

    /** From this release on an index may have columns beside its key's. */
    private static final int INCLUDES_FROM = 11;

    private TableDefinitions() {}

    /**
     * How this table is declared. Blocks on the server.
     *
     * @param oid of the table
     * @throws TransvaseException when the server does not answer
     */
    public static TableDefinition of(PostgresSession session, int oid) {
        String table = Integer.toUnsignedString(oid);
        String ofKey = session.majorVersion() >= INCLUDES_FROM ? " AND k.place <= x.indnkeyatts" : "";
        List<ColumnDefinition> columns = new ArrayList<>();
        List<String> key = new ArrayList<>();
        try (Statement statement = session.jdbc().createStatement()) {
            try (ResultSet row = statement.executeQuery(COLUMNS.replace("$table", table))) {
                while (row.next()) {
                    columns.add(column(row));
                }
            }
            try (ResultSet row =
                    statement.executeQuery(KEY.replace("$table", table).replace("$ofKey", ofKey))) {
                while (row.next()) {
                    key.add(row.getString(1));
                }
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking up how a table is declared");
        }
        return new TableDefinition(columns, key);
    }

    private static ColumnDefinition column(ResultSet row) throws SQLException {
        String brackets = row.getBoolean(5) ? "[]" : "";
        String formatted = row.getString(6);
        String collation = row.getString(8);
        String collated = collation == null ? "" : SqlNames.quote(row.getString(9)) + '.' + SqlNames.quote(collation);
        String schema = row.getString(3);
        if (schema.equals("pg_catalog")) {
            return new ColumnDefinition(row.getString(1), formatted + brackets, collated, "", "", "");
        }
        String own = SqlNames.quote(schema) + '.' + SqlNames.quote(row.getString(2));
        String[] labels = (String[]) row.getArray(10).getArray();
        String making = row.getString(4).equals("e")
                ? "CREATE TYPE " + own + " AS ENUM (" + String.join(", ", labels) + ')'
                : "";
        String base = row.getString(7);
        if (!base.isEmpty() && !brackets.isEmpty()) {
            // An array of it is another type than one of its base.
            making = "CREATE DOMAIN " + own + " AS " + base;
        }
        return new ColumnDefinition(
                row.getString(1), own + modifier(formatted) + brackets, collated, own, making, base);
    }

    /** The modifier of an extension's type, such as {@code (Point,4326)}. */
    private static String modifier(String formatted) {
        int open = formatted.lastIndexOf('(');
        return open > 0 && formatted.endsWith(")") ? formatted.substring(open) : "";
    }
}
