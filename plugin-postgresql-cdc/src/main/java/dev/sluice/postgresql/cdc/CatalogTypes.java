package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.PgType;
import dev.sluice.postgresql.PgTypes;
import dev.sluice.postgresql.PostgresSession;
import dev.sluice.spi.SluiceException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks types up in the catalog, by OIDs that the stream tells. */
final class CatalogTypes {

    private CatalogTypes() {}

    /** The types of these columns. Blocks on the server. */
    static List<TypeLookup.Found> of(PostgresSession session, List<Shape.Attribute> columns) throws SQLException {
        Map<Integer, PgType> types = PgTypes.load(
                session, columns.stream().map(Shape.Attribute::typeOid).toList());
        List<TypeLookup.Found> found = new ArrayList<>();
        for (Shape.Attribute column : columns) {
            PgType type = types.get(column.typeOid());
            if (type == null) {
                throw SluiceException.external(
                        "TYPE_NOT_FOUND",
                        "the type of column " + column.name() + ", OID "
                                + Integer.toUnsignedString(column.typeOid())
                                + ", is no longer in the catalog of the source",
                        null);
            }
            found.add(new TypeLookup.Found(type, declared(session, column)));
        }
        return found;
    }

    private static String declared(PostgresSession session, Shape.Attribute column) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.format_type("
                        + Integer.toUnsignedString(column.typeOid()) + "::oid, " + column.typmod() + ")")) {
            row.next();
            return row.getString(1);
        }
    }
}
