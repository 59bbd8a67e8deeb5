package dev.transvase.postgresql.writer.plan;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.TableDescription;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A unique index of a table.
 *
 * @param name its name, without its schema
 * @param primary whether it is the primary key
 * @param columns those of its columns that make it unique, in its order; expressions are left out
 * @param collations for each of them the collation by which it is compared, quoted; empty when its type has none
 * @param operators for each of them the operator by which it takes values to be equal; empty when that is not known
 * @param ownCollations whether these are the columns' own
 * @param nullsDistinct whether it allows several rows with NULL
 * @param unfit why ON CONFLICT cannot go by it; empty when it can
 */
public record UniqueIndex(
        String name,
        boolean primary,
        List<String> columns,
        List<String> collations,
        List<String> operators,
        boolean ownCollations,
        boolean nullsDistinct,
        String unfit) {

    /** What {@link #unfit} says of an index that is not checked at once. */
    static final String DEFERRABLE = "it is deferrable";

    /** The operator by which the column {@code k} of the index {@code i} takes values to be equal. */
    public static final String OPERATOR =
            "SELECT 'OPERATOR(' || pg_catalog.quote_ident(n.nspname) || '.' || o.oprname || ')'"
                    + " FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_amop e ON e.amopfamily = c.opcfamily"
                    + " AND e.amopstrategy = 3 AND e.amoplefttype = c.opcintype AND e.amoprighttype = c.opcintype"
                    + " JOIN pg_catalog.pg_operator o ON o.oid = e.amopopr"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE c.oid = i.indclass[k]";

    /**
     * Whether every operator class of the index takes the same values to be equal as the default one of its type, by which
     * the server sorts.
     */
    private static final String USUAL_EQUALITY = "NOT EXISTS (SELECT 1 FROM pg_catalog.generate_series(0, $keys - 1) k"
            + " JOIN pg_catalog.pg_opclass mine ON mine.oid = i.indclass[k] WHERE NOT mine.opcdefault"
            + " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_opclass usual"
            + " JOIN pg_catalog.pg_amop his ON his.amopfamily = usual.opcfamily AND his.amopstrategy = 3"
            + " AND his.amoplefttype = usual.opcintype AND his.amoprighttype = usual.opcintype"
            + " JOIN pg_catalog.pg_amop its ON its.amopfamily = mine.opcfamily AND its.amopstrategy = 3"
            + " AND its.amoplefttype = mine.opcintype AND its.amoprighttype = mine.opcintype"
            + " WHERE usual.opcmethod = mine.opcmethod AND usual.opcdefault AND usual.opcintype = mine.opcintype"
            + " AND his.amopopr = its.amopopr))";

    private static final String INDEXES = "SELECT c.relname, i.indisprimary,"
            + " ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.generate_series(0, $keys - 1) k"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] ORDER BY k),"
            + " ARRAY(SELECT coalesce(pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(o.collname), '')"
            + " FROM pg_catalog.generate_series(0, $keys - 1) k"
            + " LEFT JOIN pg_catalog.pg_collation o ON o.oid = i.indcollation[k]"
            + " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace ORDER BY k),"
            + " ARRAY(SELECT coalesce((" + OPERATOR + "), '')"
            + " FROM pg_catalog.generate_series(0, $keys - 1) k ORDER BY k),"
            + " NOT EXISTS (SELECT 1 FROM pg_catalog.generate_series(0, $keys - 1) k"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k]"
            + " WHERE a.attcollation <> i.indcollation[k]),"
            + " NOT $nullsNotDistinct,"
            + " CASE WHEN NOT i.indisvalid THEN 'it is not valid'"
            + " WHEN i.indisexclusion THEN 'it is WITHOUT OVERLAPS'"
            + " WHEN i.indpred IS NOT NULL THEN 'it is partial'"
            + " WHEN i.indexprs IS NOT NULL THEN 'it has an expression'"
            + " WHEN NOT i.indimmediate THEN '" + DEFERRABLE + "'"
            + " WHEN NOT " + USUAL_EQUALITY + " THEN 'it has an operator class with a different equality'"
            + " ELSE '' END"
            + " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
            + " WHERE i.indisunique AND i.indrelid = $table ORDER BY i.indisprimary DESC, c.relname";

    public UniqueIndex {
        columns = List.copyOf(columns);
        collations = List.copyOf(collations);
        operators = List.copyOf(operators);
    }

    /** All that the table has, the primary key first. */
    static List<UniqueIndex> of(PostgresSession session, TableDescription table) throws SQLException {
        String sql = INDEXES.replace("$table", Integer.toUnsignedString(table.oid()))
                .replace("$keys", session.majorVersion() >= 11 ? "i.indnkeyatts" : "i.indnatts")
                .replace("$nullsNotDistinct", session.majorVersion() >= 15 ? "i.indnullsnotdistinct" : "false");
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<UniqueIndex> indexes = new ArrayList<>();
            while (row.next()) {
                indexes.add(new UniqueIndex(
                        row.getString(1),
                        row.getBoolean(2),
                        List.of((String[]) row.getArray(3).getArray()),
                        List.of((String[]) row.getArray(4).getArray()),
                        List.of((String[]) row.getArray(5).getArray()),
                        row.getBoolean(6),
                        row.getBoolean(7),
                        row.getString(8)));
            }
            return indexes;
        }
    }

    boolean fits() {
        return unfit.isEmpty();
    }

    /** Whether it is about these columns and no others, in whatever order. */
    boolean isOn(Set<String> names) {
        return columns.size() == collations.size() && Set.copyOf(columns).equals(names);
    }
}
