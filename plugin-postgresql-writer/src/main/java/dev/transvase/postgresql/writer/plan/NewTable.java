package dev.transvase.postgresql.writer.plan;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableDefinition;
import dev.transvase.spi.table.TableDefinition.ColumnDefinition;
import dev.transvase.spi.table.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The statements that make a table like the one that records come from. */
final class NewTable {

    private static final String CREATE = "CREATE TABLE IF NOT EXISTS ";

    private static final String TYPE = "SELECT EXISTS (SELECT FROM pg_catalog.pg_type t"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = ? AND t.typname = ?)";

    /** A collation is of one encoding, or of any. */
    private static final String COLLATION = "SELECT EXISTS (SELECT FROM pg_catalog.pg_collation c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace WHERE n.nspname = ? AND c.collname = ?"
            + " AND c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database d"
            + " WHERE d.datname = pg_catalog.current_database())))";

    private final Set<String> schemas;
    private final PostgresSession session;
    private final Set<String> making = new LinkedHashSet<>();
    private final List<String> definitions = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();
    private String table = "";
    private boolean complete = true;

    private NewTable(Set<String> schemas, PostgresSession session) {
        this.schemas = schemas;
        this.session = session;
    }

    /**
     * Writes the statements. Blocks on the server, which is asked for types and collations.
     *
     * @param name as the job has it
     * @param offered what is to be written to it
     * @param source how the table is declared that it comes from
     * @param schemas those that are there
     */
    static NewTable of(
            TableName name,
            Schema offered,
            Optional<TableDefinition> source,
            PostgresWriterParameters parameters,
            Set<String> schemas,
            PostgresSession session)
            throws SQLException {
        NewTable made = new NewTable(schemas, session);
        made.name(name);
        boolean paired = parameters.allColumns()
                || parameters.column().size() == offered.columns().size();
        if (!paired) {
            made.complete = false;
            made.doubts.add("the job lists " + parameters.column().size() + " columns for the reader's "
                    + offered.columns().size());
            return made;
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < offered.columns().size(); i++) {
            Column column = offered.column(i);
            String own = parameters.allColumns()
                    ? column.name()
                    : written(parameters.column().get(i));
            Optional<ColumnDefinition> declared =
                    column.named() ? source.flatMap(s -> s.column(column.name())) : Optional.empty();
            made.column(own, column, declared);
            names.putIfAbsent(column.name(), own);
        }
        List<String> key = source.map(TableDefinition::key).orElse(List.of());
        boolean whole = !key.isEmpty() && names.keySet().containsAll(key);
        if (whole) {
            made.definitions.add(
                    "PRIMARY KEY " + list(key.stream().map(names::get).toList()));
        }
        List<String> conflict = parameters.writeMode() == WriteMode.UPSERT
                ? parameters.conflictKey().stream().map(NewTable::written).toList()
                : List.of();
        if (!conflict.isEmpty() && !(whole && Set.copyOf(conflict).equals(Set.copyOf(key)))) {
            made.definitions.add("UNIQUE " + list(conflict));
        }
        return made;
    }

    private void name(TableName name) throws SQLException {
        String schema = name.namespace().isEmpty() ? session.jdbc().getSchema() : name.namespace();
        if (schema == null) {
            table = SqlNames.quote(name);
            return;
        }
        schema(schema);
        table = SqlNames.quote(new TableName(schema, name.name()));
    }

    /** Of one that is there the server would ask for the right to make it, all the same. */
    private void schema(String name) {
        if (!schemas.contains(name)) {
            making.add("CREATE SCHEMA IF NOT EXISTS " + SqlNames.quote(name));
        }
    }

    private void column(String name, Column offered, Optional<ColumnDefinition> declared) throws SQLException {
        String type = declared.isPresent() ? type(name, declared.get()) : offered.declaredType();
        if (type.isEmpty()) {
            complete = false;
            doubts.add("the type of " + name + " is unknown");
            return;
        }
        definitions.add(SqlNames.quote(name)
                + ' '
                + type
                + collation(name, declared.map(ColumnDefinition::collation).orElse(""))
                + (offered.nullable() ? "" : " NOT NULL"));
    }

    private String type(String name, ColumnDefinition declared) throws SQLException {
        if (declared.ownType().isEmpty() || isThere(TYPE, declared.ownType())) {
            return declared.type();
        }
        if (!declared.making().isEmpty()) {
            schema(SqlNames.parseTable(declared.ownType()).namespace());
            making.add(declared.making());
            if (!declared.without().isEmpty()) {
                doubts.add("the domain " + declared.ownType() + " of " + name + " is created without its constraints");
            }
            return declared.type();
        }
        if (!declared.without().isEmpty()) {
            doubts.add(
                    "the target lacks the domain " + declared.ownType() + ", so " + name + " is " + declared.without());
            return declared.without();
        }
        complete = false;
        doubts.add("the target lacks the type " + declared.ownType() + " of " + name
                + ", which has to be created first, perhaps with its extension");
        return declared.type();
    }

    private String collation(String name, String collation) throws SQLException {
        if (collation.isEmpty()) {
            return "";
        }
        if (isThere(COLLATION, collation)) {
            return " COLLATE " + collation;
        }
        doubts.add("the target lacks the collation " + collation + " of " + name);
        return "";
    }

    private boolean isThere(String question, String quoted) throws SQLException {
        TableName name = SqlNames.parseTable(quoted);
        try (PreparedStatement statement = session.jdbc().prepareStatement(question)) {
            statement.setString(1, name.namespace());
            statement.setString(2, name.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** The name that a job's text means in a table that is yet to be made. */
    private static String written(String text) {
        return SqlNames.quotedName(text.strip()).orElse(text.strip());
    }

    private static String list(List<String> names) {
        return names.stream().map(SqlNames::quote).collect(Collectors.joining(", ", "(", ")"));
    }

    /** Whether {@link #statements} make a table that takes the records. */
    boolean complete() {
        return complete;
    }

    /** What the user should know of. */
    List<String> doubts() {
        return List.copyOf(doubts);
    }

    /** What the statements look like when the columns are not all known. */
    String outline() {
        return String.join("; ", statements("..."));
    }

    /** The schema first where it may be missing, then types, then the table. */
    List<String> statements() {
        return statements(String.join(", ", definitions));
    }

    private List<String> statements(String columns) {
        List<String> statements = new ArrayList<>(making);
        statements.add(CREATE + table + " (" + columns + ')');
        return statements;
    }
}
