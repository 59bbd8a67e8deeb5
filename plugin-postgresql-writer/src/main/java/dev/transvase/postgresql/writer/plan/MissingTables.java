package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.error.PostgresErrors.TABLE_NOT_FOUND;
import static dev.transvase.postgresql.writer.error.WriterErrors.MISSING_PRIVILEGE;
import static dev.transvase.postgresql.writer.error.WriterErrors.NOT_A_TABLE;
import static dev.transvase.postgresql.writer.error.WriterErrors.TABLE_REQUIRED;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableDefinition;
import dev.transvase.spi.table.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says of tables that were not found why that is, and what to do about it. */
final class MissingTables {

    /** Whatever has the name of one that is missing, in any schema of the user's. */
    private static final String NAMESAKES = "SELECT n.nspname, c.relname, c.relkind,"
            + " pg_catalog.has_schema_privilege(n.oid, 'USAGE'), current_user FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relname = ANY (ARRAY(SELECT x::pg_catalog.name FROM pg_catalog.unnest(?::pg_catalog.text[]) x))"
            + " AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY n.nspname";

    private static final String SCHEMAS = "SELECT n.nspname FROM pg_catalog.pg_namespace n";

    private static final String TABLES = "rpvmf";

    private final PostgresWriterParameters parameters;
    private final PostgresSession session;
    private final Checks checks;
    private final Map<String, List<Namesake>> namesakes = new HashMap<>();
    private final Set<String> schemas = new HashSet<>();

    /**
     * What has the name of a missing table.
     *
     * @param usable whether the user may use its schema
     * @param user the user's name
     */
    private record Namesake(TableName name, char relkind, boolean usable, String user) {}

    private MissingTables(PostgresWriterParameters parameters, PostgresSession session, Checks checks) {
        this.parameters = parameters;
        this.session = session;
        this.checks = checks;
    }

    /** Looks for what has their names. Blocks on the server. */
    static MissingTables of(
            Collection<TableName> missing, PostgresWriterParameters parameters, PostgresSession session, Checks checks)
            throws SQLException {
        MissingTables tables = new MissingTables(parameters, session, checks);
        try (PreparedStatement statement = session.jdbc().prepareStatement(NAMESAKES)) {
            Object[] names = missing.stream().map(TableName::name).distinct().toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", names));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    TableName name = new TableName(row.getString(1), row.getString(2));
                    tables.namesakes
                            .computeIfAbsent(name.name(), n -> new ArrayList<>())
                            .add(new Namesake(name, row.getString(3).charAt(0), row.getBoolean(4), row.getString(5)));
                }
            }
        }
        try (PreparedStatement statement = session.jdbc().prepareStatement(SCHEMAS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                tables.schemas.add(row.getString(1));
            }
        }
        return tables;
    }

    /**
     * Reports one of them.
     *
     * @param parameter where it stands in the job
     * @param source how the table is declared that its records come from
     * @param why what {@code preSql} has to do with it; may be empty
     */
    void report(TableName name, Schema offered, Optional<TableDefinition> source, String parameter, String why)
            throws SQLException {
        // Tables have a schema; a query or records that were made up have none, nor do they have a table's name.
        if (parameters.table().isEmpty()
                && name.equals(offered.table())
                && name.namespace().isEmpty()) {
            checks.error(
                    "table",
                    TABLE_REQUIRED,
                    "the reader's records come from " + name + " and not from a table, so the writer has to name one",
                    "name the table to write to, for example \"table\": \"public.orders\"");
            return;
        }
        List<Namesake> same = namesakes.getOrDefault(name.name(), List.of());
        List<Namesake> tables =
                same.stream().filter(s -> TABLES.indexOf(s.relkind()) >= 0).toList();
        if (name.namespace().isEmpty() && !tables.isEmpty()) {
            reportElsewhere(name, tables, parameter);
            return;
        }
        List<Namesake> others = same.stream()
                .filter(s -> s.name().namespace().equals(name.namespace()) && TABLES.indexOf(s.relkind()) < 0)
                .toList();
        if (!others.isEmpty()) {
            checks.error(
                    parameter,
                    NOT_A_TABLE,
                    "expected a table, found the " + kind(others.get(0).relkind()) + " " + name,
                    "name a table");
            return;
        }
        boolean noSchema = !name.namespace().isEmpty() && !schemas.contains(name.namespace());
        String message =
                "there is no table " + name + " in database " + session.jdbc().getCatalog()
                        + (noSchema ? ", and no schema " + new TableName("", name.namespace()) : "")
                        + (why.isEmpty() ? "" : "; " + why);
        NewTable made = NewTable.of(name, offered, source, parameters, schemas, session);
        checks.error(parameter, finding(name, message, made));
    }

    private Finding finding(TableName name, String message, NewTable made) throws SQLException {
        String plural = "tables are missing in database " + session.jdbc().getCatalog();
        String doubts = made.doubts().isEmpty() ? "" : ". Note: " + String.join("; ", made.doubts());
        if (!made.complete()) {
            return Finding.of(TABLE_NOT_FOUND, message, "create it, or let preSql do so: " + made.outline() + doubts)
                    .of(name, plural);
        }
        return Finding.of(
                        TABLE_NOT_FOUND,
                        message,
                        "create it, or let preSql do so: " + String.join("; ", made.statements()) + doubts)
                .of(name, plural)
                .mendedBy(Fix.create(session.place("target"), made.statements()));
    }

    private void reportElsewhere(TableName name, List<Namesake> tables, String parameter) throws SQLException {
        Namesake first = tables.get(0);
        List<Namesake> closed = tables.stream().filter(t -> !t.usable()).toList();
        if (closed.size() == tables.size()) {
            String schema = SqlNames.quote(first.name().namespace());
            String user = SqlNames.quote(first.user());
            String grant = "GRANT USAGE ON SCHEMA " + schema + " TO " + user;
            checks.error(
                    parameter,
                    Finding.of(
                                    MISSING_PRIVILEGE,
                                    "there is " + reported(closed) + ", but user " + user + " may not use "
                                            + (closed.size() == 1 ? "its schema" : "their schemas"),
                                    grant)
                            .of(name, "tables are in schemas that user " + user + " may not use")
                            .mendedBy(Fix.mend(session.place("target"), grant)));
            return;
        }
        List<Namesake> usable = tables.stream().filter(Namesake::usable).toList();
        checks.error(
                parameter,
                TABLE_NOT_FOUND,
                "there is no table " + name + " on the search path; there is " + reported(usable),
                "name the table with its schema: \"table\": \""
                        + usable.get(0).name().toString().replace("\"", "\\\"") + "\"");
    }

    private static String reported(List<Namesake> tables) {
        return tables.stream().map(t -> t.name().toString()).collect(Collectors.joining(", "));
    }

    private static String kind(char relkind) {
        return switch (relkind) {
            case 'S' -> "sequence";
            case 'c' -> "composite type";
            default -> "index";
        };
    }
}
