package dev.transvase.postgresql.catalog;

import static dev.transvase.postgresql.error.PostgresErrors.TABLE_NOT_FOUND;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
     * @throws TransvaseException {@code TABLE_NOT_FOUND} with the most similar name that exists, or when the server failed
     */
    public static TableDescription describe(PostgresSession session, TableName table) {
        return find(session, table).orElseThrow(() -> notFound(session, table));
    }

    /** As {@link #describe}; empty when there is no such table. */
    public static Optional<TableDescription> find(PostgresSession session, TableName table) {
        return Optional.ofNullable(find(session, List.of(table)).get(table));
    }

    /**
     * As {@link #find(PostgresSession, TableName)} for many tables, which take no more round trips than one.
     *
     * @return those that exist, by the names they were asked for
     */
    public static Map<TableName, TableDescription> find(PostgresSession session, Collection<TableName> tables) {
        try {
            return TableCatalog.find(session, tables);
        } catch (SQLException e) {
            String first = tables.stream().map(TableName::toString).findFirst().orElse("");
            String more = tables.size() > 1 ? " and " + (tables.size() - 1) + " more" : "";
            throw SqlErrors.translate(e, "looking for " + first + more);
        }
    }

    private static TransvaseException notFound(PostgresSession session, TableName table) {
        try {
            return TransvaseException.of(TABLE_NOT_FOUND, TableCatalog.notFound(session, table));
        } catch (SQLException e) {
            return SqlErrors.translate(e, "looking for tables similar to " + table);
        }
    }

    TableDescription withColumns(List<PgColumn> described) {
        return new TableDescription(table, oid, relkind, persistence, hasChildren, described);
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
