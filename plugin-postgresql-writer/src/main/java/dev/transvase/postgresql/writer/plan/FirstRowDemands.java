package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.writer.error.WriterErrors.MISSING_PRIVILEGE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.target.TargetTree;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the server asks of the user when the first row comes, and not when it plans the statement: the right to run the
 * functions of constraints, indexes and generated columns, and a user mapping for a foreign table. The tables that rows are
 * handed on to, behind a view or below a partitioned table, count as well.
 */
final class FirstRowDemands {

    private static final int FIRST_WITH_GENERATED_COLUMNS = 12;
    private static final int FIRST_WITH_CHECKS_NOT_ENFORCED = 18;

    private static final String FUNCTIONS = "WITH RECURSIVE " + TargetTree.SQL
            + ", uses (oid, what, class, object) AS (SELECT k.conrelid,"
            + " 'check constraint ' || pg_catalog.quote_ident(k.conname), d.refclassid, d.refobjid"
            + " FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_depend d"
            + " ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = k.oid WHERE k.contype"
            + " = 'c' AND $enforced"
            + " UNION ALL SELECT a.attrelid, 'domain constraint ' || pg_catalog.quote_ident(k.conname), d.refclassid,"
            + " d.refobjid FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid AND"
            + " y.typtype = 'd'"
            + " JOIN pg_catalog.pg_constraint k ON k.contypid IN (y.oid, y.typbasetype)"
            + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass"
            + " AND d.objid = k.oid WHERE a.attnum > 0 AND NOT a.attisdropped"
            + " UNION ALL SELECT i.indrelid, 'index ' || pg_catalog.quote_ident(c.relname), d.refclassid, d.refobjid"
            + " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
            + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
            + " AND d.objid = i.indexrelid WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL"
            + "$generated)"
            + " SELECT DISTINCT t.top, u.what, p.oid::pg_catalog.regprocedure::pg_catalog.text, current_user,"
            + " t.member = t.top, (SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_namespace n"
            + " WHERE n.oid = p.pronamespace) || '.' || pg_catalog.quote_ident(p.proname)"
            + " || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')'"
            + " FROM tree t JOIN uses u ON u.oid = t.member"
            + " LEFT JOIN pg_catalog.pg_operator o ON u.class = 'pg_catalog.pg_operator'::pg_catalog.regclass"
            + " AND o.oid = u.object JOIN pg_catalog.pg_proc p"
            + " ON p.oid = CASE WHEN u.class = 'pg_catalog.pg_proc'::pg_catalog.regclass THEN u.object ELSE o.oprcode END"
            + " WHERE NOT pg_catalog.has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1, 5 DESC, 2, 3";

    private static final String GENERATED = " UNION ALL SELECT a.attrelid, 'generated column '"
            + " || pg_catalog.quote_ident(a.attname), d.refclassid, d.refobjid FROM pg_catalog.pg_attribute a"
            + " JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum"
            + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass"
            + " AND d.objid = f.oid WHERE a.attgenerated = 's'";

    /** Other wrappers may do without a mapping; this one does not. */
    private static final String MAPPINGS = "WITH RECURSIVE " + TargetTree.SQL
            + " SELECT DISTINCT t.top, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),"
            + " pg_catalog.quote_ident(s.srvname), current_user, t.member = t.top FROM tree t"
            + " JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = t.member JOIN pg_catalog.pg_class c ON c.oid = t.member"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver"
            + " JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw"
            + " JOIN pg_catalog.pg_proc h ON h.oid = w.fdwhandler WHERE h.proname = 'postgres_fdw_handler'"
            + " AND t.role = current_user AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_user_mappings m"
            + " WHERE m.srvid = s.oid AND (m.umuser = 0 OR m.usename = current_user)) ORDER BY 1, 5 DESC, 2";

    private final Map<Integer, List<Demand>> demands = new HashMap<>();
    private final PostgresSession session;
    private final Checks checks;

    /**
     * Something that is missing, with the statement that fixes it.
     *
     * @param statement the same as it stands on any search path; empty when a user has to complete it
     * @param certain whether each row asks for it; else only those that go to a partition, or to another table of a view
     */
    private record Demand(String missing, String remedy, String statement, boolean certain) {}

    private FirstRowDemands(PostgresSession session, Checks checks) {
        this.session = session;
        this.checks = checks;
    }

    /** Looks for what is missing for any of these, in two round trips. Blocks on the server. */
    static FirstRowDemands of(PostgresSession session, Collection<TableDescription> tables, Checks checks)
            throws SQLException {
        FirstRowDemands found = new FirstRowDemands(session, checks);
        Object[] oids = tables.stream()
                .map(t -> Integer.toUnsignedString(t.oid()))
                .distinct()
                .toArray();
        int major = session.majorVersion();
        String functions = FUNCTIONS
                .replace("$generated", major >= FIRST_WITH_GENERATED_COLUMNS ? GENERATED : "")
                .replace("$enforced", major >= FIRST_WITH_CHECKS_NOT_ENFORCED ? "k.conenforced" : "true");
        try (PreparedStatement statement = session.jdbc().prepareStatement(functions)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String user = SqlNames.quote(row.getString(4));
                    String function = row.getString(3);
                    found.add(
                            row.getLong(1),
                            "user " + user + " may not run function " + function + ", which " + row.getString(2)
                                    + " calls for each row",
                            "GRANT EXECUTE ON FUNCTION " + function + " TO " + user,
                            "GRANT EXECUTE ON FUNCTION " + row.getString(6) + " TO " + user,
                            row.getBoolean(5));
                }
            }
        }
        try (PreparedStatement statement = session.jdbc().prepareStatement(MAPPINGS)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String user = SqlNames.quote(row.getString(4));
                    String server = row.getString(3);
                    found.add(
                            row.getLong(1),
                            "foreign table " + row.getString(2) + " is on server " + server + ", where user " + user
                                    + " has no user mapping",
                            "CREATE USER MAPPING FOR " + user + " SERVER " + server + " OPTIONS (...)",
                            "",
                            row.getBoolean(5));
                }
            }
        }
        return found;
    }

    private void add(long oid, String missing, String remedy, String statement, boolean certain) {
        demands.computeIfAbsent((int) oid, t -> new ArrayList<>()).add(new Demand(missing, remedy, statement, certain));
    }

    /**
     * Reports what is missing for a table.
     *
     * @param parameter where it stands in the job
     * @return whether nothing is that each row asks for
     */
    boolean check(TableDescription table, String parameter) throws SQLException {
        List<Demand> missing = demands.getOrDefault(table.oid(), List.of());
        Set<String> remedies = new LinkedHashSet<>();
        for (Demand demand : missing) {
            if (!remedies.add(demand.remedy())) {
                continue;
            }
            if (demand.certain()) {
                Finding finding = Finding.of(MISSING_PRIVILEGE, demand.missing(), demand.remedy());
                checks.error(
                        parameter,
                        demand.statement().isEmpty()
                                ? finding
                                : finding.mendedBy(Fix.mend(session.place("target"), demand.statement())));
            } else {
                checks.warning(
                        parameter,
                        demand.missing() + "; rows that go there will be rejected. To fix this: " + demand.remedy());
            }
        }
        return missing.stream().noneMatch(Demand::certain);
    }
}
