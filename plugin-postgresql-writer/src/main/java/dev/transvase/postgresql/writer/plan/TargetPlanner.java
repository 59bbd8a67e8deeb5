package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.writer.error.WriterErrors.READ_ONLY_TARGET;
import static dev.transvase.postgresql.writer.error.WriterErrors.STATEMENT_INVALID;
import static dev.transvase.postgresql.writer.error.WriterErrors.TABLE_COUNT;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.conversion.TargetServer;
import dev.transvase.postgresql.writer.jobsql.PreSqlRehearsal;
import dev.transvase.postgresql.writer.jobsql.PreSqlRehearsal.Failure;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.parameter.TableMapping;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.plan.StatementCheck.Planned;
import dev.transvase.postgresql.writer.target.ConflictKey;
import dev.transvase.postgresql.writer.target.RowType;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.transfer.ColumnPairing;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableDefinition;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks the target tables and says how the reader's records get into them. */
public final class TargetPlanner {

    /** How many columns the server takes in one list of a SELECT or of what is behind FROM. */
    private static final int MOST_ENTRIES = 1664;

    private final PostgresWriterParameters parameters;
    private final PostgresSession session;
    private final Checks checks;
    private final ReadPlan.Definitions definitions;
    private final ColumnPairing pairing;
    private final TargetRelations relations;
    private final ConflictKeys keys;
    private final List<Planned> planned = new ArrayList<>();

    private TargetPrivileges privileges;
    private TargetTriggers triggers;
    private RowSecurity rowSecurity;
    private FirstRowDemands demands;
    private Map<Integer, Integer> turns = Map.of();

    /**
     * @param session in a transaction that its owner rolls back
     * @param definitions how the source's tables are declared
     */
    public TargetPlanner(
            PostgresWriterParameters parameters,
            PostgresSession session,
            Checks checks,
            ReadPlan.Definitions definitions) {
        this.definitions = definitions;
        this.parameters = parameters;
        this.session = session;
        this.checks = checks;
        this.pairing = new ColumnPairing(parameters, checks, TargetServer.of(session));
        this.relations = new TargetRelations(parameters.writeMode(), session, checks);
        this.keys = new ConflictKeys(parameters, session, checks);
    }

    /**
     * One table for each offered schema; of no use once {@link Checks#failed}.
     *
     * @param preSql whether {@code preSql} has still to be run: then the tables are as it will leave them, and its locks are
     *     held until the session's transaction ends
     */
    public List<TargetTable> plan(List<Schema> offered, boolean preSql) throws SQLException {
        checkWritable();
        List<TableName> names = names(offered);
        Map<TableName, TableDescription> found = describe(names, offered, preSql);
        privileges = TargetPrivileges.of(session, found.values(), checks);
        triggers = TargetTriggers.of(parameters.writeMode(), session, found.values(), checks);
        rowSecurity = RowSecurity.of(parameters.writeMode(), session, found.values(), checks);
        demands = FirstRowDemands.of(session, found.values(), checks);
        List<TargetTable> targets = new ArrayList<>();
        Set<Integer> warned = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            TableDescription table = found.get(names.get(i));
            if (table != null) {
                target(offered.get(i), table, parameters.pathOfTable(i)).ifPresent(targets::add);
                if (warned.add(table.oid())) {
                    triggers.warn(table, parameters.pathOfTable(i));
                }
            }
        }
        pairing.checkPgTypes(List.copyOf(found.values()));
        turns = new ReferenceAdvice(session, checks, false).warn(found.values());
        new StatementCheck(session, checks).check(planned);
        return targets;
    }

    /** By the OID of each table that was planned, {@link dev.transvase.spi.WriteTarget#turn}; a table that is missing has 0. */
    public Map<Integer, Integer> turns() {
        return turns;
    }

    /** The table for each offered schema, one that only {@code preSql} creates too; empty where that is an error. */
    public List<Optional<TableDescription>> tables(List<Schema> offered) throws SQLException {
        checkWritable();
        List<TableName> names = names(offered);
        Map<TableName, TableDescription> found = describe(names, offered, false);
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
                        READ_ONLY_TARGET,
                        "the server is a standby, which accepts no writes",
                        "point the data source to the primary");
            } else if (row.getBoolean(2)) {
                checks.error(
                        "datasource",
                        READ_ONLY_TARGET,
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
                    TABLE_COUNT,
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

    /**
     * Describes each as {@code preSql} will leave it, those too that only it creates. What it does to existing tables is not
     * tried when it was run already, or may not be run at all.
     */
    private Map<TableName, TableDescription> describe(List<TableName> names, List<Schema> offered, boolean preSql)
            throws SQLException {
        Set<TableName> wanted = new LinkedHashSet<>(names);
        Map<TableName, TableDescription> found = preSql ? Map.of() : TableDescription.find(session, wanted);
        if (found.size() == wanted.size()) {
            return found;
        }
        Optional<Failure> failure = new PreSqlRehearsal(session, parameters).run(names);
        found = TableDescription.find(session, wanted);
        wanted.removeAll(found.keySet());
        if (!wanted.isEmpty()) {
            String why = failure.map(f -> "preSql would not create it: " + f.message())
                    .orElse("");
            MissingTables missing = MissingTables.of(wanted, parameters, session, checks);
            for (TableName name : wanted) {
                int index = names.indexOf(name);
                Optional<TableDefinition> source = definitions.of(index);
                missing.report(name, offered.get(index), source, parameters.pathOfTable(index), why);
            }
        } else {
            failure.ifPresent(this::report);
        }
        return found;
    }

    private void report(Failure failure) {
        switch (failure.kind()) {
            case CERTAIN ->
                checks.error(
                        failure.path(), STATEMENT_INVALID, failure.message(), "correct the statement; nothing was run");
            case DOUBTFUL ->
                checks.warning(
                        failure.path(),
                        failure.message()
                                + ". It was tried without the statements before it and rolled back; the tables were"
                                + " checked as they are now");
            case UNTRIED ->
                checks.warning(
                        failure.path(),
                        "it was not tried, because a table is in use or large, or it cannot run in a transaction: "
                                + failure.message() + "; the tables were checked without it");
        }
    }

    private Optional<TargetTable> target(Schema offered, TableDescription found, String parameter) throws SQLException {
        Optional<TableDescription> writable = relations.writable(found, parameter);
        if (writable.isEmpty()) {
            return Optional.empty();
        }
        TableDescription table = writable.get();
        Optional<List<PgColumn>> columns = pairing.columns(table);
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        Optional<ColumnPairing.Pairs> pairs = pairing.pair(offered, table, columns.get());
        List<PgColumn> written = pairs.map(ColumnPairing.Pairs::written).orElse(columns.get());
        boolean upsert = parameters.writeMode() == WriteMode.UPSERT;
        Optional<ConflictKey> key = upsert ? keys.choose(table, written, parameter) : Optional.empty();
        boolean allowed = privileges.check(table, written, key, parameter);
        allowed &= rowSecurity.check(table, parameter);
        allowed &= demands.check(table, parameter);
        if (pairs.isEmpty() || (upsert && key.isEmpty())) {
            return Optional.empty();
        }
        TargetTable target = assemble(offered, table, pairs.get(), key);
        // COPY obeys no rules, so what the server says of an INSERT under them means nothing.
        if (allowed && !(parameters.writeMode() == WriteMode.COPY && triggers.hasRules(table))) {
            planned.add(new Planned(target, parameter));
        }
        return Optional.of(target);
    }

    private TargetTable assemble(
            Schema offered, TableDescription table, ColumnPairing.Pairs pairs, Optional<ConflictKey> key) {
        List<ColumnTransfer> transfers = pairs.transfers();
        RowType rowType = rowType(table, transfers);
        // COPY counts a record too that the view's trigger has left out, INSERT does not.
        WriteMode mode = parameters.writeMode() == WriteMode.COPY && table.relkind() == 'v'
                ? WriteMode.INSERT
                : parameters.writeMode();
        boolean anyText = transfers.stream().anyMatch(t -> t.kind() == ColumnTransfer.Kind.TEXT);
        boolean allInBinary = mode == WriteMode.COPY && !anyText;
        boolean nativeInBinary = mode == WriteMode.COPY ? allInBinary : rowType.usable();
        List<ColumnTransfer> ways = nativeInBinary
                ? transfers
                : transfers.stream().map(ColumnTransfer::asText).toList();
        List<Column> delivered = new ArrayList<>(offered.columns());
        for (int i = 0; i < ways.size(); i++) {
            delivered.set(pairs.fields().get(i), ways.get(i).source());
        }
        Schema accepted = Schema.of(offered.table(), delivered).withWireFormat(offered.wireFormat());
        boolean asDelivered = ways.size() == delivered.size() && ways.stream().noneMatch(ColumnTransfer::converts);
        Schema wire = asDelivered
                ? accepted
                : Schema.of(
                                offered.table(),
                                ways.stream().map(ColumnTransfer::wire).toList())
                        .withWireFormat(offered.wireFormat());
        return new TargetTable(
                table.table(), table.oid(), accepted, wire, ways, rowType, allInBinary, mode, pairs.fields(), key);
    }

    /** The table's row type; none where its columns and those that travel as text are too many for one statement. */
    private RowType rowType(TableDescription table, List<ColumnTransfer> transfers) {
        TargetPrivileges.Relation relation = privileges.relation(table);
        long texts = transfers.stream()
                .filter(t -> t.kind() == ColumnTransfer.Kind.TEXT)
                .count();
        boolean fits = relation.attributes() + texts < MOST_ENTRIES;
        return RowType.of(table, relation.rowOid(), fits ? relation.arrayOid() : 0, transfers);
    }
}
