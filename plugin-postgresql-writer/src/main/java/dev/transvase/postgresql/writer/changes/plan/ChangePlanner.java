package dev.transvase.postgresql.writer.changes.plan;

import static dev.transvase.postgresql.error.PostgresErrors.COLUMN_NOT_FOUND;
import static dev.transvase.postgresql.writer.error.WriterErrors.KEY_NOT_WRITTEN;
import static dev.transvase.postgresql.writer.error.WriterErrors.MISSING_PRIVILEGE;
import static dev.transvase.postgresql.writer.error.WriterErrors.NOT_A_TABLE;
import static dev.transvase.postgresql.writer.error.WriterErrors.UNSUPPORTED_CONVERSION;
import static dev.transvase.postgresql.writer.error.WriterErrors.UPSERT_OF_CHANGES;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.conversion.TargetServer;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.plan.TargetPlanner;
import dev.transvase.postgresql.writer.transfer.ColumnPairing;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Checks the tables that changes go to, and says how they get there. */
public final class ChangePlanner {

    private static final List<String> BY_COLUMN = List.of("SELECT", "INSERT", "UPDATE");

    private static final String RELATIONS = "SELECT c.oid::pg_catalog.int8, c.reltype::pg_catalog.int8,"
            + " coalesce(t.typarray, 0)::pg_catalog.int8, current_user,"
            + " pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'),"
            + " pg_catalog.has_table_privilege(c.oid, 'DELETE'), ARRAY(SELECT p FROM"
            + " pg_catalog.unnest(?::pg_catalog.text[]) p"
            + " WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0"
            + " AND NOT a.attisdropped AND NOT pg_catalog.has_column_privilege(c.oid, a.attnum, p)))"
            + " FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_type t ON t.oid = c.reltype"
            + " WHERE c.oid = ANY (ARRAY(SELECT x::pg_catalog.int8::pg_catalog.oid"
            + " FROM pg_catalog.unnest(?::pg_catalog.text[]) x))";

    private final PostgresWriterParameters parameters;
    private final PostgresSession session;
    private final Checks checks;
    private final ReadPlan.Definitions definitions;
    private final Predicate<Integer> resumes;
    private final TargetServer server;
    private final ColumnPairing pairing;
    private final Map<Integer, Relation> relations = new HashMap<>();

    /** What the catalog has of a table beside its description. */
    private record Relation(int rowOid, int arrayOid) {}

    /**
     * @param session in a transaction that its owner rolls back
     * @param resumes whether the stream of a table, by its index, goes on, and may still bring columns that are missing
     */
    public ChangePlanner(
            PostgresWriterParameters parameters,
            PostgresSession session,
            Checks checks,
            Predicate<Integer> resumes,
            ReadPlan.Definitions definitions) {
        this.definitions = definitions;
        this.parameters = parameters;
        this.session = session;
        this.checks = checks;
        this.resumes = resumes;
        this.server = TargetServer.ofChanges(session);
        this.pairing = new ColumnPairing(parameters, checks, server);
    }

    /** Of no use once {@link Checks#failed}. */
    public ChangePlan plan(List<Schema> offered) throws SQLException {
        if (parameters.writeMode() == WriteMode.UPSERT) {
            checks.error(
                    "writeMode",
                    UPSERT_OF_CHANGES,
                    "expected insert or copy, found upsert: changes identify their rows by key in every mode",
                    "set writeMode to copy");
        }
        List<Optional<TableDescription>> found =
                new TargetPlanner(parameters, session, checks, definitions).tables(offered);
        List<Integer> oids = List.copyOf(new LinkedHashSet<>(found.stream()
                .flatMap(Optional::stream)
                .map(TableDescription::oid)
                .toList()));
        lookUp(found);
        TableKeys keys = TableKeys.of(session, oids);
        TableReferences references = TableReferences.of(session, oids);
        List<ChangeTable> tables = new ArrayList<>();
        List<ChangeLayout> layouts = new ArrayList<>();
        List<Schema> accepted = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).isPresent() && isTable(found.get(i).get(), i)) {
                ChangeTable table = table(i, offered.get(i), found.get(i).get(), keys, references);
                Schema agreed = accept(table, offered.get(i));
                ChangeLayout layout = new ChangeLayout(table, agreed);
                check(layout);
                tables.add(table);
                layouts.add(layout);
                accepted.add(agreed);
            }
        }
        pairing.checkPgTypes(found.stream().flatMap(Optional::stream).toList());
        return new ChangePlan(tables, layouts, accepted, references);
    }

    private boolean isTable(TableDescription table, int index) {
        if ("rp".indexOf(table.relkind()) >= 0) {
            return true;
        }
        checks.error(
                parameters.pathOfTable(index),
                NOT_A_TABLE,
                "expected a table that changes can be applied to, found the " + table.kind() + " " + table.table(),
                "write to its base table");
        return false;
    }

    private ChangeTable table(
            int index, Schema offered, TableDescription table, TableKeys keys, TableReferences references) {
        Relation relation = relations.get(table.oid());
        return new ChangeTable(
                index,
                table,
                relation.rowOid(),
                relation.arrayOid(),
                key(table, keys),
                chosen(offered),
                references.isReferenced(table.oid()),
                parameters.writeMode(),
                server);
    }

    private Optional<ChangeKey> key(TableDescription table, TableKeys keys) {
        if (parameters.key().isEmpty()) {
            return keys.best(table);
        }
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < parameters.key().size(); i++) {
            String text = parameters.key().get(i);
            Optional<String> name = SqlNames.resolve(text, table::column).map(PgColumn::name);
            if (name.isEmpty()) {
                checks.error("key[" + i + "]", COLUMN_NOT_FOUND, table.table() + " has no column " + text, "");
            }
            name.ifPresent(columns::add);
        }
        return Optional.of(keys.on(table, columns));
    }

    /** The names of the reader's columns that the job names; none when it means all. */
    private Set<String> chosen(Schema offered) {
        Set<String> chosen = new HashSet<>();
        if (!parameters.allColumns()) {
            List<String> names = offered.columns().stream().map(Column::name).toList();
            for (int i = 0; i < parameters.column().size(); i++) {
                String text = parameters.column().get(i);
                Optional<String> name =
                        SqlNames.resolve(text, exact -> Optional.of(exact).filter(names::contains));
                if (name.isEmpty()) {
                    checks.error(
                            "column[" + i + "]",
                            COLUMN_NOT_FOUND,
                            "the reader has no column " + text + " of " + offered.table() + "; it has "
                                    + String.join(", ", names) + ". Changes are matched to columns by name",
                            "");
                }
                name.ifPresent(chosen::add);
            }
        }
        return chosen;
    }

    /** Native types travel in binary only if every statement can take them so. */
    private Schema accept(ChangeTable table, Schema offered) {
        ChangeLayout layout = new ChangeLayout(table, offered);
        boolean anyText = false;
        for (int field : layout.written()) {
            anyText |= layout.transfer(field).kind() == ColumnTransfer.Kind.TEXT;
        }
        boolean binary = table.takesPartsOfRows() && !(anyText && table.mode() == WriteMode.COPY);
        List<Column> columns = new ArrayList<>();
        for (int field = 0; field < offered.width(); field++) {
            ColumnTransfer transfer = layout.transfer(field);
            columns.add(
                    binary && transfer != null
                            ? transfer.source()
                            : offered.column(field).withEncoding(Column.Encoding.STANDARD));
        }
        return Schema.of(offered.table(), columns).withWireFormat(offered.wireFormat());
    }

    private void check(ChangeLayout layout) {
        TableDescription table = layout.table().table();
        for (Column column : layout.missing()) {
            if (!resumes.test(layout.table().index())) {
                checks.error(
                        "column",
                        COLUMN_NOT_FOUND,
                        table.table() + " has no column " + column.name() + ", which the reader has",
                        "ALTER TABLE " + SqlNames.quote(table.table()) + " ADD COLUMN " + SqlNames.quote(column.name())
                                + " " + column.declaredType());
            }
        }
        for (Column column : layout.unfit()) {
            checks.error(
                    "column",
                    UNSUPPORTED_CONVERSION,
                    "column " + column.name() + " of " + table.table() + " is "
                            + table.column(column.name()).orElseThrow().declaredType() + ", the reader's is "
                            + column.declaredType()
                            + "; no conversion between the two preserves every value",
                    "give the table's column the reader's type");
        }
        for (int field : layout.written()) {
            if (!layout.transfer(field).note().isEmpty()) {
                checks.warning("column", layout.transfer(field).note());
            }
        }
        checkKey(layout, table);
        warnOfUnfilled(layout, table);
    }

    private void checkKey(ChangeLayout layout, TableDescription table) {
        Optional<ChangeKey> key = layout.table().key();
        if (key.isEmpty()) {
            checks.warning(
                    "key", table.table() + " has no key: to update or delete a row, the server scans the whole table");
            return;
        }
        for (int i = 0; i < layout.key().length; i++) {
            int field = layout.key()[i];
            if (field < 0 || layout.transfer(field) == null) {
                checks.error(
                        "key",
                        KEY_NOT_WRITTEN,
                        "column " + key.get().columns().get(i) + " of the key of " + table.table()
                                + " is not among the columns that are written",
                        "write it, or set key to other columns");
            }
        }
    }

    private void warnOfUnfilled(ChangeLayout layout, TableDescription table) {
        Set<PgColumn> written = new HashSet<>();
        for (int field : layout.written()) {
            written.add(layout.transfer(field).target());
        }
        pairing.warnOfUnfilled(table, written, "insert");
    }

    /** Looks the row types up, and the privileges. */
    private void lookUp(List<Optional<TableDescription>> tables) throws SQLException {
        Map<Integer, TableDescription> byOid = new HashMap<>();
        tables.stream().flatMap(Optional::stream).forEach(table -> byOid.put(table.oid(), table));
        try (PreparedStatement statement = session.jdbc().prepareStatement(RELATIONS)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", BY_COLUMN.toArray()));
            Object[] wanted =
                    byOid.keySet().stream().map(Integer::toUnsignedString).toArray();
            statement.setArray(2, session.jdbc().createArrayOf("text", wanted));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    relations.put((int) row.getLong(1), new Relation((int) row.getLong(2), (int) row.getLong(3)));
                    checkPrivileges(row, byOid.get((int) row.getLong(1)));
                }
            }
        }
    }

    private void checkPrivileges(ResultSet row, TableDescription table) throws SQLException {
        String user = SqlNames.quote(row.getString(4));
        if (!row.getBoolean(5)) {
            String schema = SqlNames.quote(table.table().namespace());
            missing(
                    "user " + user + " may not use schema " + schema,
                    "GRANT USAGE ON SCHEMA " + schema + " TO " + user,
                    schema,
                    "tables are in schemas that user " + user + " may not use");
        }
        List<String> missing =
                new ArrayList<>(List.of((String[]) row.getArray(7).getArray()));
        if (!row.getBoolean(6)) {
            missing.add("DELETE");
        }
        if (!missing.isEmpty()) {
            missing(
                    "user " + user + " may not " + String.join(", ", missing) + " in " + table.table()
                            + ", which changes require",
                    "GRANT " + String.join(", ", missing) + " ON " + SqlNames.quote(table.table()) + " TO " + user,
                    table.table(),
                    "tables on which user " + user + " may not " + String.join(", ", missing));
        }
    }

    private void missing(String message, String grant, Object subject, String plural) throws SQLException {
        checks.error(
                "table",
                Finding.of(MISSING_PRIVILEGE, message, grant)
                        .of(subject, plural)
                        .mendedBy(Fix.mend(session.place("target"), grant)));
    }

    /** The tables that have rows. */
    public static List<String> notEmpty(PostgresSession session, List<ChangeTable> tables) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = session.jdbc().createStatement()) {
            for (ChangeTable table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM " + table.sqlName() + ")")) {
                    row.next();
                    if (row.getBoolean(1)) {
                        names.add(table.table().table().toString());
                    }
                }
            }
        }
        return names;
    }
}
