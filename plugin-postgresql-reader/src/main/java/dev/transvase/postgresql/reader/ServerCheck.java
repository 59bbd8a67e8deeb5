package dev.transvase.postgresql.reader;

import static dev.transvase.postgresql.error.PostgresErrors.ROW_SECURITY;
import static dev.transvase.postgresql.error.PostgresErrors.UNSUPPORTED_TYPE;
import static dev.transvase.spi.error.CommonErrors.PERMISSION_DENIED;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.Explain;
import dev.transvase.postgresql.catalog.QueryDescription;
import dev.transvase.postgresql.catalog.QueryDescription.QueryColumn;
import dev.transvase.postgresql.catalog.RowSecurity;
import dev.transvase.postgresql.catalog.RowSecurity.Secured;
import dev.transvase.postgresql.split.OutputForms;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.table.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Lets the server judge statements without running them, and tells what it has against them. */
final class ServerCheck {

    private static final String NO_PRIVILEGE = "42501";

    /** Nodes of a plan that make other rows than there were. */
    private static final Pattern OVER_ROWS = Pattern.compile("\\b(Aggregate|WindowAgg|ProjectSet|Unique|Group)\\b");

    /** grouping_error, windowing_error, feature_not_supported. */
    private static final Set<String> OF_SEVERAL_ROWS = Set.of("42803", "42P20", "0A000");

    private static final Set<String> READABLE_PSEUDO_TYPES = Set.of("record", "record[]", "anyarray", "cstring");

    private final PostgresSession session;
    private final String user;
    private final boolean standby;
    private final Checks checks;
    private final Set<TableName> secured = new HashSet<>();

    /** Null until asked for. */
    private OutputForms forms;

    /** @param standby whether the server is one, where what is unlogged at its primary cannot be read */
    ServerCheck(PostgresSession session, String user, boolean standby, Checks checks) {
        this.session = session;
        this.user = user;
        this.standby = standby;
        this.checks = checks;
    }

    PostgresSession session() {
        return session;
    }

    boolean standby() {
        return standby;
    }

    Checks checks() {
        return checks;
    }

    /** How values print in this database's sessions. */
    OutputForms forms() {
        if (forms == null) {
            forms = OutputForms.of(session);
        }
        return forms;
    }

    /** What a statement is about, for messages. */
    record Subject(String path, String what, ErrorCode code, String remedy, String grantOn) {}

    /** Describes the statement; empty when the server refuses it, which then has been reported. */
    Optional<QueryDescription> describe(String sql, Subject subject) {
        try {
            return Optional.of(QueryDescription.of(session, sql));
        } catch (SQLException e) {
            if (!isRowSecurity(e, subject.path(), sql)) {
                report(e, subject);
            }
            return Optional.empty();
        }
    }

    /** Whether the server understands the statement. */
    boolean takes(String sql) {
        try {
            QueryDescription.types(session, sql);
            return true;
        } catch (SQLException e) {
            throwIfLost(e);
            return false;
        }
    }

    /** Plans the statement, which is when the server checks the user's privileges. */
    boolean explain(String sql, Subject subject) {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("EXPLAIN " + sql);
            return true;
        } catch (SQLException e) {
            if (!isRowSecurity(e, subject.path(), sql)) {
                report(e, subject);
            }
            return false;
        }
    }

    /**
     * Plans all of these.
     *
     * @return for each whether the server takes it; of those sent together with one that it refuses, none
     */
    List<Boolean> explain(List<String> statements) {
        List<Boolean> taken = new ArrayList<>();
        for (List<String> together : Explain.together(statements)) {
            boolean all = true;
            try {
                Explain.all(session, together);
            } catch (SQLException e) {
                throwIfLost(e);
                all = false;
            }
            taken.addAll(Collections.nCopies(together.size(), all));
        }
        return taken;
    }

    /**
     * Whether values of this column can be read; otherwise it has been reported. A record can, as text, with a warning: nobody
     * knows its fields before it is there.
     */
    boolean carries(QueryColumn column, String path, String what) {
        String type = column.type().name();
        boolean carried = column.type().typtype() != 'p' || READABLE_PSEUDO_TYPES.contains(type);
        if (carried && type.startsWith("record")) {
            checks.warning(
                    path,
                    what + " is an anonymous " + type
                            + ", which is copied as text: the target takes its fields by position, whatever their"
                            + " names and types, and xml values in it lose their declaration; cast it to a"
                            + " composite type, or read its fields as separate columns");
        }
        if (!carried) {
            checks.error(
                    path,
                    UNSUPPORTED_TYPE,
                    what + " is of the pseudo type " + type + ", which has no values to copy",
                    "leave it out, or cast it to another type");
        }
        return carried;
    }

    /**
     * Whether the server refuses to read because policies of row-level security would hide rows; it has been reported then,
     * with the tables and policies that the statement meets, each table once.
     */
    boolean isRowSecurity(SQLException e, String path, String sql) {
        if (!SqlErrors.isRowSecurity(e)) {
            return false;
        }
        List<Secured> planned = met(e, sql);
        List<Secured> met = planned.isEmpty() ? byFunction(e) : planned;
        for (Secured table : met) {
            if (secured.add(table.table())) {
                checks.error(
                        path,
                        Finding.of(
                                        ROW_SECURITY,
                                        table.effect() + (planned.isEmpty() ? "; a function reads it" : ""),
                                        table.remedy()
                                                + "; to read only the rows that the policies show, set \"rowSecurity\":"
                                                + " \"apply\"")
                                .of(table.table(), "tables are under row-level security that hides rows from this user")
                                .mendedBy(Fix.mend(place(), table.statements())));
            }
        }
        if (met.isEmpty()) {
            checks.error(
                    path,
                    ROW_SECURITY,
                    SqlErrors.message(e),
                    "read as a role with BYPASSRLS, or set \"rowSecurity\": \"apply\" to read only the rows that"
                            + " policies show");
        }
        return true;
    }

    /** Warns of tables whose policies leave rows out of what is read. */
    void warnOfFiltered(List<String> selects) {
        for (List<String> together : Explain.together(selects)) {
            if (refusal(together).isPresent()) {
                for (String select : together) {
                    refusal(List.of(select)).ifPresent(e -> warnOfFiltered(e, select));
                }
            }
        }
    }

    private void warnOfFiltered(SQLException refusal, String select) {
        for (Secured table : met(refusal, select)) {
            if (secured.add(table.table())) {
                checks.warning("rowSecurity", "with apply, some rows may not be read: " + table.effect());
            }
        }
    }

    /** What the server has against reading these in full; empty when no policy hides rows of them. */
    private Optional<SQLException> refusal(List<String> selects) {
        try {
            RowSecurity.requireNone(session, selects);
            return Optional.empty();
        } catch (SQLException e) {
            if (SqlErrors.isRowSecurity(e)) {
                return Optional.of(e);
            }
            throw SqlErrors.translate(e, "looking for policies of row-level security");
        }
    }

    /** The tables that the refusal is about: its message has one, and the statement may read others that are no reason. */
    private List<Secured> met(SQLException refusal, String select) {
        String message = SqlErrors.message(refusal);
        List<Secured> met;
        try {
            met = RowSecurity.of(session, List.of(select));
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for policies of row-level security");
        }
        List<Secured> named = met.stream()
                .filter(s -> message.contains('"' + s.table().name() + '"'))
                .toList();
        return named.isEmpty() ? met : named;
    }

    /** What a function has read is not in the plan. */
    private List<Secured> byFunction(SQLException refusal) {
        try {
            return RowSecurity.named(session, refusal);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for policies of row-level security");
        }
    }

    void report(SQLException e, Subject subject) {
        throwIfLost(e);
        String message = subject.what() + ": " + SqlErrors.message(e);
        if (NO_PRIVILEGE.equals(SqlErrors.sqlState(e))) {
            checks.error(subject.path(), denied(message, subject));
        } else {
            checks.error(subject.path(), subject.code(), message, subject.remedy());
        }
    }

    private Finding denied(String message, Subject subject) {
        List<String> grants = subject.grantOn().isEmpty() ? List.of() : grants(subject.grantOn());
        if (grants.isEmpty()) {
            return Finding.of(
                    PERMISSION_DENIED,
                    message,
                    "give user " + user
                            + " the privilege that the server names, or grant it to the owner of the view that reads"
                            + " the table");
        }
        return Finding.of(PERMISSION_DENIED, message, "run " + String.join("; ", grants))
                .of(subject.grantOn(), "tables may not be read by user " + user)
                .mendedBy(new Fix(place(), grants, Fix.Kind.MEND));
    }

    /**
     * What gives the user a table to read; nothing when the user may read it and lacks something else.
     *
     * @param table quoted
     */
    private List<String> grants(String table) {
        String sql = "SELECT current_user, n.nspname, pg_catalog.has_schema_privilege(n.oid, 'USAGE'),"
                + " pg_catalog.has_table_privilege(c.oid, 'SELECT') FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?";
        TableName name = SqlNames.parseTable(table);
        List<String> grants = new ArrayList<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setString(1, name.namespace());
            statement.setString(2, name.name());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    String to = " TO " + SqlNames.quote(row.getString(1));
                    if (!row.getBoolean(3)) {
                        grants.add("GRANT USAGE ON SCHEMA " + SqlNames.quote(row.getString(2)) + to);
                    }
                    if (!row.getBoolean(4)) {
                        grants.add("GRANT SELECT ON " + table + to);
                    }
                }
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking for privileges on " + table);
        }
        return grants;
    }

    private Fix.Place place() {
        try {
            return session.place("source");
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking which database this is");
        }
    }

    /** The schemas that names without one are looked for in. */
    List<String> searchPath() {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT s FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) AS s")) {
            List<String> schemas = new ArrayList<>();
            while (row.next()) {
                schemas.add(row.getString(1));
            }
            return schemas;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking for the search path");
        }
    }

    /**
     * Whether one of these is no value of each row: an aggregate, a window function, or a function that returns a set. The
     * server takes none of these in a condition.
     */
    boolean combineRows(List<String> expressions, String from) {
        for (String expression : expressions) {
            try {
                Explain.all(
                        session,
                        List.of("SELECT FROM " + from + " WHERE pg_catalog.num_nulls(" + expression
                                + "\n) OPERATOR(pg_catalog.=) 0"));
            } catch (SQLException e) {
                throwIfLost(e);
                // It may also be no expression but DISTINCT with one, or have a name behind it.
                if (OF_SEVERAL_ROWS.contains(SqlErrors.sqlState(e)) || isPlannedOverRows(expression, from)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isPlannedOverRows(String expression, String from) {
        try {
            return Explain.all(session, List.of("SELECT " + expression + "\n FROM " + from)).stream()
                    .anyMatch(line -> OVER_ROWS.matcher(line).find());
        } catch (SQLException e) {
            throwIfLost(e);
            return true;
        }
    }

    /** A server that is gone is no fault of the job file. */
    private static void throwIfLost(SQLException e) {
        if (SqlErrors.isRetryable(e)) {
            throw SqlErrors.translate(e, "checking what is to be read");
        }
    }
}
