package dev.sluice.postgresql;

import dev.sluice.spi.SluiceException;
import dev.sluice.spi.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A table, or what can be read like one, as the catalog describes it.
 *
 * @param table its name, always with its schema
 * @param oid its OID
 * @param relkind {@code r} table, {@code p} partitioned table, {@code v} view, {@code m} materialized view, {@code f}
 *     foreign table
 * @param persistence {@code p} permanent, {@code u} unlogged, {@code t} temporary
 * @param hasChildren whether other tables inherit from it, or did once
 * @param columns in their order
 */
public record TableDescription(
        TableName table, int oid, char relkind, char persistence, boolean hasChildren, List<PgColumn> columns) {

    public TableDescription {
        Objects.requireNonNull(table, "table");
        columns = List.copyOf(columns);
    }

    /**
     * Describes a table; a name without a schema is looked for on the session's search path. Blocks on the server.
     *
     * @throws SluiceException {@code TABLE_NOT_FOUND} with the most similar name that exists, or when the server failed
     */
    public static TableDescription describe(PostgresSession session, TableName table) {
        return find(session, table).orElseThrow(() -> notFound(session, table));
    }

    /** As {@link #describe}; empty when there is no such table. */
    public static Optional<TableDescription> find(PostgresSession session, TableName table) {
        try {
            return TableCatalog.find(session, table);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for " + table);
        }
    }

    private static SluiceException notFound(PostgresSession session, TableName table) {
        try {
            return SluiceException.user("TABLE_NOT_FOUND", TableCatalog.notFound(session, table));
        } catch (SQLException e) {
            return SqlErrors.translate(e, "looking for tables similar to " + table);
        }
    }

    /** The column of exactly this name. */
    public Optional<PgColumn> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** What it is, for messages: {@code table}, {@code view} ... */
    public String kind() {
        return switch (relkind) {
            case 'p' -> "partitioned table";
            case 'v' -> "view";
            case 'm' -> "materialized view";
            case 'f' -> "foreign table";
            default -> "table";
        };
    }
}
