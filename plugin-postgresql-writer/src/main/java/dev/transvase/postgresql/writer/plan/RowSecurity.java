package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.error.PostgresErrors.ROW_SECURITY;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.table.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells which targets have row-level security that applies to the user, and what the server refuses because of it. */
final class RowSecurity {

    private static final int FIRST_WITH_INVOKER_VIEWS = 15;

    /**
     * The tables behind each target: itself, or what a view reads, as the user or as the view's owner; and of them those whose
     * policies apply, with the names of the permissive policies for each command.
     */
    private static final String POLICIES = "WITH RECURSIVE behind (top, oid, role) AS ("
            + "SELECT c.oid, c.oid, u.oid FROM pg_catalog.pg_class c, pg_catalog.pg_roles u"
            + " WHERE u.rolname = current_user AND c.oid = ANY (ARRAY(SELECT x::pg_catalog.int8::pg_catalog.oid"
            + " FROM pg_catalog.unnest(?::pg_catalog.text[]) x))"
            + " UNION SELECT b.top, d.refobjid, CASE WHEN $invoker THEN b.role ELSE v.relowner END FROM behind b"
            + " JOIN pg_catalog.pg_class v ON v.oid = b.oid AND v.relkind = 'v'"
            + " JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid AND r.ev_type = '1'"
            + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass"
            + " AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
            + " AND d.refobjid <> v.oid)"
            + " SELECT b.top, n.nspname, c.relname, c.relforcerowsecurity, pg_catalog.quote_ident(u.rolname),"
            + " pg_catalog.pg_has_role(u.oid, c.relowner, 'USAGE'), pg_catalog.current_setting('row_security') = 'on',"
            + " $insert, $select, $update FROM behind b JOIN pg_catalog.pg_class c ON c.oid = b.oid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_roles u ON u.oid = b.role"
            + " WHERE c.relrowsecurity AND NOT u.rolsuper AND NOT u.rolbypassrls"
            + " AND (c.relforcerowsecurity OR NOT pg_catalog.pg_has_role(u.oid, c.relowner, 'USAGE'))"
            + " ORDER BY b.top, n.nspname, c.relname";

    private static final String PERMISSIVE =
            "ARRAY(SELECT pg_catalog.quote_ident(p.polname) FROM pg_catalog.pg_policy p"
                    + " WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('*', '$command')"
                    + " AND EXISTS (SELECT 1 FROM pg_catalog.unnest(p.polroles) o WHERE CASE WHEN o = 0 THEN true"
                    + " ELSE pg_catalog.pg_has_role(u.oid, o, 'USAGE') END) ORDER BY p.polname)";

    private final WriteMode mode;
    private final PostgresSession session;
    private final Checks checks;
    private final Map<Integer, List<Secured>> secured = new HashMap<>();

    /**
     * A table whose policies apply.
     *
     * @param forced whether they apply to its owner too
     * @param user to whom they apply, quoted
     * @param owner whether that one owns it
     * @param on whether the session lets policies apply; otherwise the server refuses
     * @param insert the policies that let rows in
     * @param select those that let rows be seen
     * @param update those that let rows be changed
     */
    private record Secured(
            TableName table,
            boolean forced,
            String user,
            boolean owner,
            boolean on,
            List<String> insert,
            List<String> select,
            List<String> update) {}

    private RowSecurity(WriteMode mode, PostgresSession session, Checks checks) {
        this.mode = mode;
        this.session = session;
        this.checks = checks;
    }

    /** Looks it up for all in one round trip. Blocks on the server. */
    static RowSecurity of(WriteMode mode, PostgresSession session, Collection<TableDescription> tables, Checks checks)
            throws SQLException {
        RowSecurity found = new RowSecurity(mode, session, checks);
        String invoker = session.majorVersion() >= FIRST_WITH_INVOKER_VIEWS
                ? "EXISTS (SELECT 1 FROM pg_catalog.pg_options_to_table(v.reloptions) o"
                        + " WHERE o.option_name = 'security_invoker' AND o.option_value::pg_catalog.bool)"
                : "false";
        String sql = POLICIES.replace("$invoker", invoker)
                .replace("$insert", PERMISSIVE.replace("$command", "a"))
                .replace("$select", PERMISSIVE.replace("$command", "r"))
                .replace("$update", PERMISSIVE.replace("$command", "w"));
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            Object[] oids = tables.stream()
                    .map(t -> Integer.toUnsignedString(t.oid()))
                    .distinct()
                    .toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.secured
                            .computeIfAbsent((int) row.getLong(1), t -> new ArrayList<>())
                            .add(new Secured(
                                    new TableName(row.getString(2), row.getString(3)),
                                    row.getBoolean(4),
                                    row.getString(5),
                                    row.getBoolean(6),
                                    row.getBoolean(7),
                                    List.of((String[]) row.getArray(8).getArray()),
                                    List.of((String[]) row.getArray(9).getArray()),
                                    List.of((String[]) row.getArray(10).getArray())));
                }
            }
        }
        return found;
    }

    /**
     * Reports what will be refused.
     *
     * @param parameter where the table stands in the job
     * @return whether the server would take anything
     */
    boolean check(TableDescription table, String parameter) throws SQLException {
        boolean well = true;
        for (Secured one : secured.getOrDefault(table.oid(), List.of())) {
            well &= check(one, one.table().equals(table.table()), parameter);
        }
        return well;
    }

    private boolean check(Secured one, boolean direct, String parameter) throws SQLException {
        String applies = "row-level security of " + one.table() + (direct ? "" : ", the base table of the view,")
                + " applies to user " + one.user()
                + (one.owner() ? ", although it owns the table, because of FORCE ROW LEVEL SECURITY" : "");
        String why;
        if (direct && mode == WriteMode.COPY) {
            why = "the server takes no COPY FROM into such a table (0A000)";
        } else if (!one.on()) {
            why = "with row_security off, the server rejects writes to it (42501)";
        } else if (one.insert().isEmpty()) {
            why = "no policy allows this user to insert, so every row would be rejected (42501)";
        } else if (mode == WriteMode.UPSERT && one.select().isEmpty()) {
            why = "no policy allows this user to select, which an upsert requires, so every row would be rejected"
                    + " (42501)";
        } else {
            warn(one, applies, parameter);
            return true;
        }
        checks.error(
                parameter,
                Finding.of(ROW_SECURITY, applies + ": " + why, remedy(one, direct))
                        .of(
                                one.table(),
                                "tables have row-level security that keeps user " + one.user() + " from writing")
                        .mendedBy(Fix.mend(session.place("target"), "ALTER ROLE " + one.user() + " BYPASSRLS")));
        return false;
    }

    private void warn(Secured one, String applies, String parameter) {
        boolean noUpdate = mode == WriteMode.UPSERT && one.update().isEmpty();
        checks.warning(
                parameter,
                applies + ": the server rejects each row (42501) that no policy allows; the policies for this user: "
                        + String.join(", ", one.insert())
                        + (noUpdate ? "; none allows updates, so a row with an existing key is rejected" : "")
                        + ". To write all rows: " + bypass(one));
    }

    private String remedy(Secured one, boolean direct) {
        String other = direct && mode == WriteMode.COPY
                ? ", or set writeMode to insert, where policies are checked row by row"
                : "";
        return bypass(one) + other;
    }

    private static String bypass(Secured one) {
        return (one.owner() ? "ALTER TABLE " + SqlNames.quote(one.table()) + " NO FORCE ROW LEVEL SECURITY, or " : "")
                + "ALTER ROLE " + one.user() + " BYPASSRLS";
    }
}
