package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.writer.error.WriterErrors.NOT_A_TABLE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.error.Checks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Tells which relations take rows in which mode: tables, and views and foreign tables as far as the server lets them. */
final class TargetRelations {

    private static final int FIRST_WITH_COPY_INTO_FOREIGN_TABLES = 11;

    /** What pg_relation_is_updatable has for UPDATE, INSERT and DELETE. */
    private static final int AUTO_UPDATABLE = 4 | 8 | 16;

    private static final int INSERTABLE = 8;

    private final WriteMode mode;
    private final PostgresSession session;
    private final Checks checks;

    TargetRelations(WriteMode mode, PostgresSession session, Checks checks) {
        this.mode = mode;
        this.session = session;
        this.checks = checks;
    }

    /**
     * The relation as it is to be written, with a view's columns that cannot be as generated ones.
     *
     * @param parameter where it stands in the job
     * @return empty after an error
     */
    Optional<TableDescription> writable(TableDescription table, String parameter) throws SQLException {
        if (table.persistence() == 'u') {
            checks.warning(
                    parameter,
                    table.table()
                            + " is unlogged: it is emptied when its server crashes, and its rows are not on a standby");
        }
        return switch (table.relkind()) {
            case 'r', 'p' -> Optional.of(table);
            case 'v', 'f' -> withAbilities(table, parameter);
            default -> notATable(table, parameter, "", "write to its base table");
        };
    }

    private Optional<TableDescription> notATable(TableDescription table, String parameter, String why, String remedy) {
        checks.error(
                parameter,
                NOT_A_TABLE,
                "expected a table, found the " + table.kind() + " " + table.table() + why,
                remedy);
        return Optional.empty();
    }

    private Optional<TableDescription> withAbilities(TableDescription table, String parameter) throws SQLException {
        String oid = Integer.toUnsignedString(table.oid());
        // The type of a trigger: 1 for each row, 4 on INSERT, 64 INSTEAD OF.
        String sql = "SELECT pg_catalog.pg_relation_is_updatable(" + oid + ", true),"
                + " pg_catalog.pg_relation_is_updatable(" + oid + ", false),"
                + " EXISTS (SELECT 1 FROM pg_catalog.pg_trigger WHERE tgrelid = " + oid + " AND tgtype & 69 = 69),"
                + " ARRAY(SELECT attname::pg_catalog.text FROM pg_catalog.pg_attribute WHERE attrelid = " + oid
                + " AND attnum > 0 AND NOT pg_catalog.pg_column_is_updatable(attrelid, attnum, false))";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            boolean view = table.relkind() == 'v';
            if ((row.getInt(1) & INSERTABLE) == 0) {
                return notATable(
                        table,
                        parameter,
                        ", which accepts no rows",
                        view
                                ? "write to its base table, or give the view an INSTEAD OF INSERT trigger"
                                : "write to the table on its own server");
            }
            if (mode == WriteMode.COPY && view && !row.getBoolean(3)) {
                return notATable(
                        table,
                        parameter,
                        ", and COPY FROM takes views only with an INSTEAD OF INSERT trigger",
                        "set writeMode to insert, or write to its base table");
            }
            if (mode == WriteMode.COPY && !view && session.majorVersion() < FIRST_WITH_COPY_INTO_FOREIGN_TABLES) {
                return notATable(
                        table,
                        parameter,
                        ", and PostgreSQL " + session.version() + " has no COPY FROM into those",
                        "set writeMode to insert, or write to the table on its own server");
            }
            boolean auto = view && (row.getInt(2) & AUTO_UPDATABLE) == AUTO_UPDATABLE;
            return Optional.of(
                    auto
                            ? withComputed(
                                    table, List.of((String[]) row.getArray(4).getArray()))
                            : table);
        }
    }

    private static TableDescription withComputed(TableDescription view, List<String> computed) {
        List<PgColumn> columns = view.columns().stream()
                .map(c -> computed.contains(c.name())
                        ? new PgColumn(
                                c.name(),
                                c.typeOid(),
                                c.typmod(),
                                c.declaredType(),
                                c.notNull(),
                                c.hasDefault(),
                                true,
                                c.identity(),
                                c.type())
                        : c)
                .toList();
        return new TableDescription(
                view.table(), view.oid(), view.relkind(), view.persistence(), view.hasChildren(), columns);
    }
}
