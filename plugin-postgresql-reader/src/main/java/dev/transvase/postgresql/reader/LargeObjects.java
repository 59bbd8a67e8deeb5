package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.reader.ColumnNames.Selected;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.LeftOut;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds columns that may hold the OIDs of large objects: the numbers are read, and not what the objects hold. */
final class LargeObjects {

    /** {@code oid}, which the type {@code lo} is a domain over, and arrays of it. */
    private static final Set<Integer> OID_TYPES = Set.of(26, 1028);

    private final List<LeftOut> columns = new ArrayList<>();

    void add(TableDescription table, List<Selected> selected) {
        for (Selected one : selected) {
            one.column()
                    .filter(c -> OID_TYPES.contains(c.type().effective().oid()))
                    .map(PgColumn::name)
                    .ifPresent(name -> columns.add(new LeftOut(
                            table.table() + "." + name,
                            "only the OIDs are read, not the large objects that they may refer to")));
        }
    }

    /** Those columns, when the database has large objects at all. Blocks on the server. */
    List<LeftOut> leftOut(PostgresSession session) {
        if (columns.isEmpty()) {
            return List.of();
        }
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)")) {
            row.next();
            return row.getBoolean(1) ? columns : List.of();
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for large objects");
        }
    }
}
