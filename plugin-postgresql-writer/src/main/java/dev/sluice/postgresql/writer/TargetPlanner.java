package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.ForeignKeys;
import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.postgresql.TableDescription;
import dev.sluice.spi.Checks;
import dev.sluice.spi.Column;
import dev.sluice.spi.Schema;
import dev.sluice.spi.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks the target tables and says how the reader's records get into them. */
final class TargetPlanner {

    /** So many foreign keys are told of. */
    private static final int KEYS_TOLD = 5;

    private static final List<String> PRIVILEGES = List.of("INSERT", "SELECT", "UPDATE");

    private final PostgresWriterParameters parameters;
    private final PostgresSession session;
    private final Checks checks;
    private final ColumnPairing pairing;
    private final TargetRelations relations;
    private final ConflictKeys keys;
    private final StatementCheck statements;

    /** @param session in a transaction that its owner rolls back */
    TargetPlanner(PostgresWriterParameters parameters, PostgresSession session, Checks checks) {
        this.parameters = parameters;
        this.session = session;
        this.checks = checks;
        this.pairing = new ColumnPairing(parameters, checks, session.majorVersion());
        this.relations = new TargetRelations(parameters.writeMode(), session, checks);
        this.keys = new ConflictKeys(parameters, session, checks);
        this.statements = new StatementCheck(session, checks);
    }

    /** One table for each offered schema; of no use once {@link Checks#failed}. */
    List<TargetTable> plan(List<Schema> offered) throws SQLException {
        checkWritable();
        List<TableName> names = names(offered);
        Map<TableName, TableDescription> found = describe(names, offered);
        Map<Integer, RowOids> oids = lookUp(found.values());
        List<TargetTable> targets = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            TableDescription table = found.get(names.get(i));
            if (table != null) {
                Optional<TargetTable> target = target(offered.get(i), table, oids.get(table.oid()), parameter(i));
                target.ifPresent(targets::add);
            }
        }
        pairing.checkPgTypes(List.copyOf(found.values()));
        warnOfCircles(found.values());
        return targets;
    }

    /** The table for each offered schema, one that only {@code preSql} creates too; empty where that is an error. */
    List<Optional<TableDescription>> tables(List<Schema> offered) throws SQLException {
        checkWritable();
        List<TableName> names = names(offered);
        Map<TableName, TableDescription> found = describe(names, offered);
        return names.stream().map(name -> Optional.ofNullable(found.get(name))).toList();
    }

    private void checkWritable() throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_is_in_recovery(),"
                        + " pg_catalog.current_setting('transaction_read_only') = 'on'")) {
            row.next();
            if (row.getBoolean(1)) {
                checks.error(
                        "datasource",
                        "READ_ONLY_TARGET",
                        "the server is a standby, which takes no writes",
                        "let the data source point to the primary");
            } else if (row.getBoolean(2)) {
                checks.error(
                        "datasource",
                        "READ_ONLY_TARGET",
                        "transactions are read-only for this user or database",
                        "set \"session\" to [\"SET default_transaction_read_only = off\"]");
            }
        }
    }

    /** The tables' names as the job has them; shorter than what is offered when that is an error. */
    private List<TableName> names(List<Schema> offered) {
        List<String> given = parameters.table();
        if (given.size() > 1 && given.size() != offered.size()) {
            checks.error(
                    "table",
                    "TABLE_COUNT",
                    "expected one table, or one for each of the reader's " + offered.size() + ", found " + given.size(),
                    "");
            return List.of();
        }
        List<TableName> sources = offered.stream().map(Schema::table).toList();
        if (given.isEmpty()) {
            return TableMapping.of(parameters.tableMapping(), checks).targets(sources, checks);
        }
        List<TableName> names = new ArrayList<>();
        for (int i = 0; i < offered.size(); i++) {
            names.add(SqlNames.parseTable(given.get(given.size() == 1 ? 0 : i)));
        }
        return names;
    }

    private String parameter(int index) {
        return parameters.table().size() > 1 ? "table[" + index + "]" : "table";
    }

    /** Describes each, those too that only {@code preSql} will create. */
    private Map<TableName, TableDescription> describe(List<TableName> names, List<Schema> offered) throws SQLException {
        Set<TableName> wanted = new LinkedHashSet<>(names);
        Map<TableName, TableDescription> found = TableDescription.find(session, wanted);
        wanted.removeAll(found.keySet());
        if (!wanted.isEmpty()) {
            String why = new PreSqlRehearsal(session, parameters).run(names);
            found.putAll(TableDescription.find(session, wanted));
            wanted.removeAll(found.keySet());
            for (TableName missing : wanted) {
                int index = names.indexOf(missing);
                reportMissing(missing, offered.get(index), parameter(index), why);
            }
        }
        return found;
    }

    private void reportMissing(TableName name, Schema offered, String parameter, String why) {
        // Tables have a schema; a query or records that were made up have none, nor do they have a table's name.
        if (parameters.table().isEmpty()
                && name.equals(offered.table())
                && name.namespace().isEmpty()) {
            checks.error(
                    "table",
                    "TABLE_REQUIRED",
                    "the reader's records come from no table, but from " + name + ", so the writer has to name one",
                    "name the table to write to, for example \"table\": \"public.orders\"");
            return;
        }
        checks.error(
                parameter,
                "TABLE_NOT_FOUND",
                "there is no table " + name + " in database " + database() + (why.isEmpty() ? "" : "; " + why),
                "create it, or let preSql do so: CREATE TABLE IF NOT EXISTS " + SqlNames.quote(name) + " ("
                        + columns(offered) + ")");
    }

    /** What a table that takes these records could have; dots when the reader does not tell all types. */
    private String columns(Schema offered) {
        boolean told =
                offered.columns().stream().noneMatch(c -> c.declaredType().isEmpty());
        if (!told || !parameters.allColumns()) {
            return "...";
        }
        return offered.columns().stream()
                .map(c -> SqlNames.quote(c.name()) + ' ' + c.declaredType() + (c.nullable() ? "" : " NOT NULL"))
                .collect(Collectors.joining(", "));
    }

    private String database() {
        try {
            return session.jdbc().getCatalog();
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking for the database's name");
        }
    }

    /** Of tables that refer to each other in a circle there is none whose records could all come first. */
    private void warnOfCircles(Collection<TableDescription> tables) throws SQLException {
        Map<Integer, TableName> names = new HashMap<>();
        tables.forEach(t -> names.put(t.oid(), t.table()));
        ForeignKeys keys = ForeignKeys.among(session, List.copyOf(names.keySet()));
        Set<Integer> circular = keys.circular();
        if (circular.isEmpty() || foreignKeysAreOff()) {
            return;
        }
        List<String> told = circular.stream()
                .flatMap(oid -> keys.referencedBy(oid).stream()
                        .filter(circular::contains)
                        .map(to -> names.get(oid) + " to " + names.get(to)))
                .sorted()
                .toList();
        checks.warning(
                "table",
                "tables refer to each other by foreign keys in a circle: "
                        + told.stream().limit(KEYS_TOLD).collect(Collectors.joining(", "))
                        + (told.size() > KEYS_TOLD ? " and " + (told.size() - KEYS_TOLD) + " more" : "")
                        + "; a record that comes before the one it refers to is dirty. Drop these constraints in preSql and"
                        + " add them in postSql, or set session to [\"SET session_replication_role = replica\"], under"
                        + " which the server does not check foreign keys, nor run triggers");
    }

    private boolean foreignKeysAreOff() throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_catalog.current_setting('session_replication_role') = 'replica'")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private Optional<TargetTable> target(Schema offered, TableDescription found, RowOids oids, String parameter)
            throws SQLException {
        Optional<TableDescription> writable = relations.writable(found, parameter);
        if (writable.isEmpty()) {
            return Optional.empty();
        }
        TableDescription table = writable.get();
        Optional<List<PgColumn>> columns = pairing.columns(table);
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        boolean upsert = parameters.writeMode() == WriteMode.UPSERT;
        Optional<ConflictKey> key = upsert ? keys.choose(table, columns.get(), parameter) : Optional.empty();
        checkPrivileges(table, columns.get(), key, oids, parameter);
        Optional<ColumnPairing.Pairs> pairs = pairing.pair(offered, table, columns.get());
        if (pairs.isEmpty() || (upsert && key.isEmpty())) {
            return Optional.empty();
        }
        RowType rowType =
                RowType.of(table, oids.row(), oids.array(), pairs.get().transfers());
        TargetTable target = assemble(offered, table, rowType, pairs.get(), key);
        boolean wordedByKind = table.relkind() == 'v' || table.relkind() == 'f';
        if (parameters.writeMode() != WriteMode.COPY && (upsert || wordedByKind) && !checks.failed()) {
            statements.check(target, parameter);
        }
        return Optional.of(target);
    }

    /**
     * A table's row type and the type of arrays of it, and what the user may do.
     *
     * @param user the user's name, quoted
     * @param usage whether the user may use the table's schema
     * @param forbidden by privilege, the columns for which the user lacks it
     */
    private record RowOids(int row, int array, String user, boolean usage, Map<String, Set<String>> forbidden) {

        boolean lacks(String privilege, List<PgColumn> columns) {
            return columns.stream().anyMatch(c -> forbidden.get(privilege).contains(c.name()));
        }
    }

    private TargetTable assemble(
            Schema offered,
            TableDescription table,
            RowType rowType,
            ColumnPairing.Pairs pairs,
            Optional<ConflictKey> key) {
        List<ColumnTransfer> transfers = pairs.transfers();
        boolean anyText = transfers.stream().anyMatch(t -> t.kind() == ColumnTransfer.Kind.TEXT);
        boolean allInBinary = parameters.writeMode() == WriteMode.COPY && !anyText;
        boolean nativeInBinary = parameters.writeMode() == WriteMode.COPY ? allInBinary : rowType.usable();
        List<ColumnTransfer> ways = nativeInBinary
                ? transfers
                : transfers.stream().map(ColumnTransfer::asText).toList();
        List<Column> delivered = new ArrayList<>(offered.columns());
        for (int i = 0; i < ways.size(); i++) {
            delivered.set(pairs.fields().get(i), ways.get(i).source());
        }
        Schema accepted = new Schema(offered.table(), delivered, offered.wireFormat());
        boolean asDelivered = ways.size() == delivered.size() && ways.stream().noneMatch(ColumnTransfer::converts);
        Schema wire = asDelivered
                ? accepted
                : new Schema(
                        offered.table(), ways.stream().map(ColumnTransfer::wire).toList(), offered.wireFormat());
        return new TargetTable(
                table.table(), accepted, wire, ways, rowType, allInBinary, parameters.writeMode(), pairs.fields(), key);
    }

    /** Looks the row types up, and the privileges, of all in one round trip. */
    private Map<Integer, RowOids> lookUp(Collection<TableDescription> tables) throws SQLException {
        String sql = "SELECT c.oid, c.reltype::pg_catalog.int8, coalesce(t.typarray, 0)::pg_catalog.int8, current_user,"
                + " pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'), "
                + PRIVILEGES.stream().map(TargetPlanner::forbidden).collect(Collectors.joining(", "))
                + " FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_type t ON t.oid = c.reltype"
                + " WHERE c.oid = ANY (ARRAY(SELECT x::bigint::oid FROM pg_catalog.unnest(?::text[]) x))";
        Map<Integer, RowOids> found = new HashMap<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            Object[] oids = tables.stream()
                    .map(t -> Integer.toUnsignedString(t.oid()))
                    .distinct()
                    .toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Map<String, Set<String>> forbidden = new HashMap<>();
                    for (int i = 0; i < PRIVILEGES.size(); i++) {
                        forbidden.put(PRIVILEGES.get(i), Set.of((String[])
                                row.getArray(6 + i).getArray()));
                    }
                    found.put(
                            (int) row.getLong(1),
                            new RowOids(
                                    (int) row.getLong(2),
                                    (int) row.getLong(3),
                                    SqlNames.quote(row.getString(4)),
                                    row.getBoolean(5),
                                    forbidden));
                }
            }
        }
        return found;
    }

    private void checkPrivileges(
            TableDescription table, List<PgColumn> columns, Optional<ConflictKey> key, RowOids oids, String parameter) {
        if (!oids.usage()) {
            String schema = SqlNames.quote(table.table().namespace());
            checks.error(
                    parameter,
                    "MISSING_PRIVILEGE",
                    "user " + oids.user() + " may not use schema " + schema,
                    "GRANT USAGE ON SCHEMA " + schema + " TO " + oids.user());
        }
        List<PgColumn> updated = key.map(k ->
                        columns.stream().filter(c -> InsertSql.isUpdated(k, c)).toList())
                .orElse(List.of());
        List<String> missing = new ArrayList<>();
        if (oids.lacks("INSERT", columns)) {
            missing.add("INSERT");
        }
        // An update reads the new values, as columns of the table: that takes the same privilege as to read the old
        // ones.
        if (key.isPresent() && oids.lacks("SELECT", columns)) {
            missing.add("SELECT");
        }
        if (oids.lacks("UPDATE", updated)) {
            missing.add("UPDATE");
        }
        if (!missing.isEmpty()) {
            checks.error(
                    parameter,
                    "MISSING_PRIVILEGE",
                    "user " + oids.user() + " may not "
                            + missing.stream().map(TargetPlanner::told).collect(Collectors.joining(", ")) + " "
                            + table.table(),
                    "GRANT " + String.join(", ", missing) + " ON " + SqlNames.quote(table.table()) + " TO "
                            + oids.user());
        }
    }

    private static String told(String privilege) {
        return privilege.equals("INSERT") ? "insert into" : privilege.toLowerCase(Locale.ROOT);
    }

    /** The columns for which the user lacks a privilege. */
    private static String forbidden(String privilege) {
        return "ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid"
                + " AND a.attnum > 0 AND NOT a.attisdropped AND NOT pg_catalog.has_column_privilege(c.oid, a.attnum, '"
                + privilege + "'))";
    }
}
