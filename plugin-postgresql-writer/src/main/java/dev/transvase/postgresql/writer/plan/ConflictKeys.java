package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.error.PostgresErrors.COLUMN_NOT_FOUND;
import static dev.transvase.postgresql.writer.error.WriterErrors.CONFLICT_KEY_NOT_WRITTEN;
import static dev.transvase.postgresql.writer.error.WriterErrors.CONFLICT_KEY_REQUIRED;
import static dev.transvase.postgresql.writer.error.WriterErrors.NO_UNIQUE_KEY;
import static dev.transvase.postgresql.writer.error.WriterErrors.UPSERT_NOT_POSSIBLE;
import static dev.transvase.spi.error.CommonErrors.DUPLICATE_COLUMN;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.target.ConflictKey;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the unique key that an upsert goes by. */
final class ConflictKeys {

    private static final int FIRST_WITH_KEYS_ON_PARTITIONED_TABLES = 11;

    private static final String COLLATION = "SELECT coalesce(pg_catalog.quote_ident(n.nspname) || '.'"
            + " || pg_catalog.quote_ident(o.collname), '') FROM pg_catalog.pg_attribute a"
            + " LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation"
            + " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace"
            + " WHERE a.attrelid = ?::pg_catalog.int8::pg_catalog.oid AND a.attname = ?";

    private final PostgresWriterParameters parameters;
    private final PostgresSession session;
    private final Checks checks;

    ConflictKeys(PostgresWriterParameters parameters, PostgresSession session, Checks checks) {
        this.parameters = parameters;
        this.session = session;
        this.checks = checks;
    }

    /**
     * The key that the job names or, when it names none, the primary key.
     *
     * @param written the columns that are written
     * @param parameter where the table stands in the job
     * @return empty after an error
     */
    Optional<ConflictKey> choose(TableDescription table, List<PgColumn> written, String parameter) throws SQLException {
        if (table.relkind() == 'f') {
            error(
                    parameter,
                    UPSERT_NOT_POSSIBLE,
                    "the server knows no unique key of the foreign table " + table.table(),
                    "point the data source to the server where the table is");
            return Optional.empty();
        }
        if (table.relkind() == 'p' && session.majorVersion() < FIRST_WITH_KEYS_ON_PARTITIONED_TABLES) {
            error(
                    parameter,
                    UPSERT_NOT_POSSIBLE,
                    "PostgreSQL " + session.version() + " does not support unique keys on partitioned tables such as "
                            + table.table() + "; PostgreSQL 11 is the first that does",
                    "write to the partitions");
            return Optional.empty();
        }
        if (parameters.conflictKey().isEmpty()) {
            return primaryKey(table, written, parameter);
        }
        Optional<List<PgColumn>> columns = named(table, written);
        return columns.isEmpty()
                ? Optional.empty()
                : table.relkind() == 'v' ? ofView(table, columns.get()) : ofTable(table, columns.get());
    }

    private Optional<ConflictKey> primaryKey(TableDescription table, List<PgColumn> written, String parameter)
            throws SQLException {
        List<UniqueIndex> indexes = UniqueIndex.of(session, table);
        Optional<UniqueIndex> primary =
                indexes.stream().filter(UniqueIndex::primary).findFirst();
        if (primary.isEmpty() || !primary.get().fits()) {
            String why = primary.map(p -> " that can be used: " + p.unfit()).orElse("");
            error(
                    parameter,
                    CONFLICT_KEY_REQUIRED,
                    table.table() + " has no primary key" + why + ", so the job must say which rows are the same; "
                            + known(table, indexes),
                    "set conflictKey to the columns of a unique key, or ALTER TABLE " + SqlNames.quote(table.table())
                            + " ADD PRIMARY KEY (...)");
            return Optional.empty();
        }
        for (String name : primary.get().columns()) {
            if (written.stream().noneMatch(c -> c.name().equals(name))) {
                error(
                        "column",
                        CONFLICT_KEY_NOT_WRITTEN,
                        "column " + name + " of the primary key of " + table.table() + " is not written; "
                                + known(table, indexes),
                        "add it to column, or set conflictKey to the columns of another unique key");
                return Optional.empty();
            }
        }
        return Optional.of(key(table, primary.get(), indexes));
    }

    /** The columns that the job names; empty after an error. */
    private Optional<List<PgColumn>> named(TableDescription table, List<PgColumn> written) {
        Set<PgColumn> columns = new LinkedHashSet<>();
        boolean well = true;
        for (int i = 0; i < parameters.conflictKey().size(); i++) {
            String text = parameters.conflictKey().get(i);
            String path = "conflictKey[" + i + "]";
            Optional<PgColumn> column = SqlNames.resolve(text, table::column);
            if (column.isEmpty()) {
                well = false;
                error(
                        path,
                        COLUMN_NOT_FOUND,
                        table.table() + " has no column " + text + "; it has "
                                + table.columns().stream().map(PgColumn::name).collect(Collectors.joining(", ")),
                        "");
            } else if (!written.contains(column.get())) {
                well = false;
                error(
                        path,
                        CONFLICT_KEY_NOT_WRITTEN,
                        "column " + column.get().name() + " of " + table.table() + " is not written, so records"
                                + " have no value for it",
                        "add it to column");
            } else if (!columns.add(column.get())) {
                well = false;
                error(path, DUPLICATE_COLUMN, "column " + column.get().name() + " is named twice", "");
            }
        }
        return well ? Optional.of(List.copyOf(columns)) : Optional.empty();
    }

    private Optional<ConflictKey> ofTable(TableDescription table, List<PgColumn> columns) throws SQLException {
        List<UniqueIndex> indexes = UniqueIndex.of(session, table);
        Set<String> names = columns.stream().map(PgColumn::name).collect(Collectors.toSet());
        List<UniqueIndex> fitting = indexes.stream()
                .filter(index -> index.isOn(names) && index.fits())
                .toList();
        // The server would go by a deferrable one as well, and refuse.
        Optional<UniqueIndex> deferrable = indexes.stream()
                .filter(index -> index.isOn(names) && index.unfit().equals(UniqueIndex.DEFERRABLE))
                .findFirst();
        if (!fitting.isEmpty() && deferrable.isEmpty()) {
            UniqueIndex best = fitting.stream()
                    .filter(UniqueIndex::ownCollations)
                    .findFirst()
                    .orElse(fitting.get(0));
            return Optional.of(key(table, best, indexes));
        }
        String list = columns.stream().map(c -> SqlNames.quote(c.name())).collect(Collectors.joining(", "));
        error(
                "conflictKey",
                NO_UNIQUE_KEY,
                "no unique key of " + table.table() + " is on (" + list + ") that ON CONFLICT could use; "
                        + known(table, indexes),
                deferrable.isEmpty()
                        ? "CREATE UNIQUE INDEX ON " + SqlNames.quote(table.table()) + " (" + list + ")"
                        : "ALTER TABLE " + SqlNames.quote(table.table()) + " DROP CONSTRAINT "
                                + SqlNames.quote(deferrable.get().name()) + "; CREATE UNIQUE INDEX ON "
                                + SqlNames.quote(table.table()) + " (" + list + ")");
        return Optional.empty();
    }

    private static ConflictKey key(TableDescription table, UniqueIndex index, List<UniqueIndex> all) {
        List<ConflictKey.Part> parts = new ArrayList<>();
        for (int i = 0; i < index.columns().size(); i++) {
            String name = index.columns().get(i);
            boolean nullable = !table.column(name).orElseThrow().notNull();
            parts.add(new ConflictKey.Part(
                    name, index.collations().get(i), index.operators().get(i), nullable));
        }
        Set<String> names = Set.copyOf(index.columns());
        boolean ambiguous = all.stream().anyMatch(other -> other.isOn(names) && !other.ownCollations());
        return new ConflictKey(parts, index.nullsDistinct(), ambiguous, table.relkind() == 'p');
    }

    /** A view's keys are those of the table behind it, which only the server sees. */
    private Optional<ConflictKey> ofView(TableDescription view, List<PgColumn> columns) throws SQLException {
        List<ConflictKey.Part> parts = new ArrayList<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(COLLATION)) {
            for (PgColumn column : columns) {
                statement.setLong(1, Integer.toUnsignedLong(view.oid()));
                statement.setString(2, column.name());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    parts.add(new ConflictKey.Part(column.name(), row.getString(1), "", true));
                }
            }
        }
        return Optional.of(new ConflictKey(parts, true, false, false));
    }

    /** The keys that there are, for messages. */
    private static String known(TableDescription table, List<UniqueIndex> indexes) {
        if (table.relkind() == 'v') {
            return "the keys of a view are those of its base table";
        }
        return indexes.isEmpty()
                ? "it has no unique key"
                : "its unique keys: "
                        + indexes.stream().map(ConflictKeys::reported).collect(Collectors.joining(", "));
    }

    private static String reported(UniqueIndex index) {
        String columns = index.columns().stream().map(SqlNames::quote).collect(Collectors.joining(", ", "(", ")"));
        return index.name() + ' ' + columns + (index.fits() ? "" : ", which cannot be used: " + index.unfit());
    }

    private void error(String parameter, ErrorCode code, String message, String remedy) {
        checks.error(parameter, code, message, remedy);
    }
}
