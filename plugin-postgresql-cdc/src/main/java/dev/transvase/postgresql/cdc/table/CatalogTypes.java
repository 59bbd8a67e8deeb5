package dev.transvase.postgresql.cdc.table;

import static dev.transvase.postgresql.cdc.error.CdcErrors.TYPE_NOT_FOUND;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.spi.error.TransvaseException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks types up in the catalog, by OIDs that the stream tells. */
public final class CatalogTypes {

    /** From this release on a column is added without rewriting the table, and the catalog keeps what they have in it. */
    private static final int KEEPS_INITIAL_VALUES = 11;

    /** From this release on a stream shows a partitioned table as one; what its rows have is kept with its partitions. */
    private static final int SHOWS_ROOTS = 13;

    private CatalogTypes() {}

    /** What the catalog says of these columns of a relation. Blocks on the server. */
    public static List<TypeLookup.Found> of(PostgresSession session, int relation, List<Shape.Attribute> columns)
            throws SQLException {
        Map<Integer, PgType> types = PgTypes.load(
                session, columns.stream().map(Shape.Attribute::typeOid).toList());
        List<TypeLookup.Found> found = new ArrayList<>();
        for (Shape.Attribute column : columns) {
            PgType type = types.get(column.typeOid());
            if (type == null) {
                throw TransvaseException.of(
                        TYPE_NOT_FOUND,
                        "the type of column " + column.name() + ", OID "
                                + Integer.toUnsignedString(column.typeOid())
                                + ", is no longer in the catalog of the source",
                        null);
            }
            found.add(found(session, relation, column, type));
        }
        return found;
    }

    private static TypeLookup.Found found(PostgresSession session, int relation, Shape.Attribute column, PgType type)
            throws SQLException {
        String initial = session.majorVersion() < KEEPS_INITIAL_VALUES
                ? "NULL::pg_catalog.text"
                // An array of the one value, whose text form that of an array of texts is, too.
                : "pg_catalog.min(pg_catalog.array_to_string(a.attmissingval::pg_catalog.text::pg_catalog.text[], ','))";
        String partitions = session.majorVersion() < SHOWS_ROOTS
                ? ""
                : " OR a.attrelid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(r.oid) p)";
        String sql = "SELECT pg_catalog.format_type(r.type, r.typmod), " + initial
                + ", COALESCE(pg_catalog.bool_or(a.atthasdef OR a.attidentity <> ''), false)"
                + " FROM (SELECT ?::pg_catalog.int8::pg_catalog.oid AS oid, ?::pg_catalog.int8::pg_catalog.oid AS"
                + " type, ?::pg_catalog.int4 AS typmod, ?::pg_catalog.name AS name) r"
                + " LEFT JOIN pg_catalog.pg_attribute a ON a.attname = r.name AND NOT a.attisdropped AND (a.attrelid = r.oid"
                + partitions + ") GROUP BY 1";
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setLong(1, Integer.toUnsignedLong(relation));
            statement.setLong(2, Integer.toUnsignedLong(column.typeOid()));
            statement.setInt(3, column.typmod());
            statement.setString(4, column.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new TypeLookup.Found(
                        type,
                        PgTypes.declared(column.typeOid(), row.getString(1)),
                        Optional.ofNullable(row.getString(2)),
                        row.getBoolean(3));
            }
        }
    }
}
