package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.postgresql.TableDescription;
import dev.sluice.spi.Checks;
import dev.sluice.spi.Schema;
import dev.sluice.spi.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the target tables and says how the reader's records get into them. */
final class TargetPlanner {

    private final PostgresWriterParameters parameters;
    private final PostgresSession session;
    private final Checks checks;
    private final ColumnPairing pairing;

    /** @param session in a transaction that its owner rolls back */
    TargetPlanner(PostgresWriterParameters parameters, PostgresSession session, Checks checks) {
        this.parameters = parameters;
        this.session = session;
        this.checks = checks;
        this.pairing = new ColumnPairing(parameters, checks);
    }

    /** One table for each offered schema; of no use once {@link Checks#failed}. */
    List<TargetTable> plan(List<Schema> offered) throws SQLException {
        checkWritable();
        List<TableName> names = names(offered);
        Map<TableName, Optional<TableDescription>> found = describe(names);
        List<TargetTable> targets = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Optional<TableDescription> table = found.get(names.get(i));
            if (table.isPresent()) {
                Optional<TargetTable> target = target(offered.get(i), table.get(), parameter(i));
                target.ifPresent(targets::add);
            }
        }
        pairing.checkPgTypes(found.values().stream().flatMap(Optional::stream).toList());
        return targets;
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
        List<TableName> names = new ArrayList<>();
        for (int i = 0; i < offered.size(); i++) {
            TableName source = offered.get(i).table();
            if (!given.isEmpty()) {
                names.add(SqlNames.parseTable(given.get(given.size() == 1 ? 0 : i)));
            } else if (source.name().isEmpty()) {
                checks.error("table", "TABLE_REQUIRED", "the reader names no table, so the writer has to", "");
                return List.of();
            } else {
                names.add(source);
            }
        }
        return names;
    }

    private String parameter(int index) {
        return parameters.table().size() > 1 ? "table[" + index + "]" : "table";
    }

    /** Describes each, those too that only {@code preSql} will create. */
    private Map<TableName, Optional<TableDescription>> describe(List<TableName> names) throws SQLException {
        Map<TableName, Optional<TableDescription>> found = new HashMap<>();
        boolean missing = false;
        for (TableName name : names) {
            if (!found.containsKey(name)) {
                Optional<TableDescription> table = TableDescription.find(session, name);
                found.put(name, table);
                missing |= table.isEmpty();
            }
        }
        if (missing) {
            String why = new PreSqlRehearsal(session, parameters).run(names);
            for (int i = 0; i < names.size(); i++) {
                TableName name = names.get(i);
                if (found.get(name).isEmpty()) {
                    Optional<TableDescription> created = TableDescription.find(session, name);
                    found.put(name, created);
                    if (created.isEmpty()) {
                        reportMissing(name, parameter(i), why);
                    }
                }
            }
        }
        return found;
    }

    private void reportMissing(TableName name, String parameter, String why) {
        checks.error(
                parameter,
                "TABLE_NOT_FOUND",
                "there is no table " + name + " in database " + database() + (why.isEmpty() ? "" : "; " + why),
                "create it, or let preSql do so: CREATE TABLE IF NOT EXISTS " + SqlNames.quote(name) + " (...)");
    }

    private String database() {
        try {
            return session.jdbc().getCatalog();
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking for the database's name");
        }
    }

    private Optional<TargetTable> target(Schema offered, TableDescription table, String parameter) throws SQLException {
        if ("rpf".indexOf(table.relkind()) < 0) {
            checks.error(
                    parameter,
                    "NOT_A_TABLE",
                    "expected a table, found the " + table.kind() + " " + table.table(),
                    "write to the table behind it");
            return Optional.empty();
        }
        Optional<List<PgColumn>> columns = pairing.columns(table);
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        RowOids oids = lookUp(table, columns.get(), parameter);
        Optional<List<ColumnTransfer>> transfers = pairing.pair(offered, table, columns.get());
        return transfers.map(ways -> assemble(offered, table, RowType.of(table, oids.row(), oids.array(), ways), ways));
    }

    /** A table's row type and the type of arrays of it. */
    private record RowOids(int row, int array) {}

    private TargetTable assemble(
            Schema offered, TableDescription table, RowType rowType, List<ColumnTransfer> transfers) {
        boolean anyText = transfers.stream().anyMatch(t -> t.kind() == ColumnTransfer.Kind.TEXT);
        boolean allInBinary = parameters.writeMode() == WriteMode.COPY && !anyText;
        boolean nativeInBinary = parameters.writeMode() == WriteMode.COPY ? allInBinary : rowType.usable();
        List<ColumnTransfer> ways = nativeInBinary
                ? transfers
                : transfers.stream().map(ColumnTransfer::asText).toList();
        Schema accepted = new Schema(
                offered.table(), ways.stream().map(ColumnTransfer::source).toList(), offered.wireFormat());
        Schema wire = ways.stream().anyMatch(ColumnTransfer::converts)
                ? new Schema(
                        offered.table(), ways.stream().map(ColumnTransfer::wire).toList(), offered.wireFormat())
                : accepted;
        return new TargetTable(table.table(), accepted, wire, ways, rowType, allInBinary, parameters.writeMode());
    }

    /** Looks the row type up, and the privileges. */
    private RowOids lookUp(TableDescription table, List<PgColumn> columns, String parameter) throws SQLException {
        String sql = "SELECT c.reltype::pg_catalog.int8, coalesce(t.typarray, 0)::pg_catalog.int8, current_user,"
                + " pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'),"
                + " ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid"
                + " AND a.attnum > 0 AND NOT a.attisdropped AND NOT pg_catalog.has_column_privilege(c.oid, a.attnum,"
                + " 'INSERT')) FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_type t ON t.oid = c.reltype"
                + " WHERE c.oid = " + Integer.toUnsignedString(table.oid());
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            String user = SqlNames.quote(row.getString(3));
            if (!row.getBoolean(4)) {
                String schema = SqlNames.quote(table.table().namespace());
                checks.error(
                        parameter,
                        "MISSING_PRIVILEGE",
                        "user " + user + " may not use schema " + schema,
                        "GRANT USAGE ON SCHEMA " + schema + " TO " + user);
            }
            List<String> forbidden = List.of((String[]) row.getArray(5).getArray());
            if (columns.stream().anyMatch(c -> forbidden.contains(c.name()))) {
                checks.error(
                        parameter,
                        "MISSING_PRIVILEGE",
                        "user " + user + " may not insert into " + table.table(),
                        "GRANT INSERT ON " + SqlNames.quote(table.table()) + " TO " + user);
            }
            return new RowOids((int) row.getLong(1), (int) row.getLong(2));
        }
    }
}
