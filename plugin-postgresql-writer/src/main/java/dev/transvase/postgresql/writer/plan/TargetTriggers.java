package dev.transvase.postgresql.writer.plan;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.target.TargetTree;
import dev.transvase.spi.error.Checks;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Names the triggers and rules of the targets that the job's statements will set off: they may change rows, leave them out or
 * send them elsewhere.
 */
final class TargetTriggers {

    private static final int NAMES_SHOWN = 5;

    private static final int FIRST_WITH_COPIED_TRIGGERS = 11;
    private static final int FIRST_WITH_PARENTS_OF_TRIGGERS = 13;
    private static final int FIRST_WITH_GRANTED_PARAMETERS = 15;

    /** What pg_trigger.tgtype has: for each row, before, on insert, on update, instead of. */
    private static final int ROW = 1;

    private static final int BEFORE = 2;
    private static final int INSERT = 4;
    private static final int UPDATE = 16;
    private static final int INSTEAD = 64;

    private static final String ENABLED = "IN ('A', CASE WHEN"
            + " pg_catalog.current_setting('session_replication_role') = 'replica' THEN 'R' ELSE 'O' END)";

    /** A row that goes to a partition sets off that one's own triggers for each row, and of the root those of statements. */
    private static final String TRIGGERS = "WITH RECURSIVE " + TargetTree.SQL
            + " SELECT DISTINCT t.top, pg_catalog.quote_ident(g.tgname)"
            + " || CASE WHEN t.member = t.top THEN '' ELSE ' on ' || pg_catalog.quote_ident(m.relname) END, g.tgtype,"
            + " pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname) || '()', g.tgenabled,"
            + " t.member = t.top, g.tgtype & 2 = 0, g.tgname"
            + " FROM tree t JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.member"
            + " JOIN pg_catalog.pg_class m ON m.oid = t.member JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE NOT g.tgisinternal AND g.tgtype &"
            + " $events > 0"
            + " AND (t.member = t.top OR NOT m.relispartition OR (g.tgtype & 1 > 0 AND $own))"
            + " AND g.tgenabled " + ENABLED + " ORDER BY t.top, t.member = t.top DESC, g.tgtype & 2 = 0, g.tgname";

    /** A partition's own rules do not count: a row that comes by the root obeys none. */
    private static final String RULES = "WITH RECURSIVE " + TargetTree.SQL
            + " SELECT DISTINCT t.top, pg_catalog.quote_ident(r.rulename)"
            + " || CASE WHEN t.member = t.top THEN '' ELSE ' on ' || pg_catalog.quote_ident(m.relname) END,"
            + " r.is_instead, r.ev_enabled, r.rulename FROM tree t JOIN pg_catalog.pg_rewrite r ON r.ev_class = t.member"
            + " JOIN pg_catalog.pg_class m ON m.oid = t.member WHERE r.ev_type = '3'"
            + " AND (t.member = t.top OR NOT m.relispartition) AND r.ev_enabled " + ENABLED
            + " ORDER BY t.top, r.rulename";

    private final WriteMode mode;
    private final PostgresSession session;
    private final Checks checks;
    private final Map<Integer, List<Fired>> triggers = new HashMap<>();
    private final Map<Integer, List<Fired>> rules = new HashMap<>();

    /** One of them, as messages have it; quiet when a replica's session would not set it off. */
    private record Fired(String reported, boolean quietInReplica) {}

    private TargetTriggers(WriteMode mode, PostgresSession session, Checks checks) {
        this.mode = mode;
        this.session = session;
        this.checks = checks;
    }

    /** Looks for those of all tables in two round trips. Blocks on the server. */
    static TargetTriggers of(
            WriteMode mode, PostgresSession session, Collection<TableDescription> tables, Checks checks)
            throws SQLException {
        TargetTriggers found = new TargetTriggers(mode, session, checks);
        Object[] oids = tables.stream()
                .map(t -> Integer.toUnsignedString(t.oid()))
                .distinct()
                .toArray();
        int major = session.majorVersion();
        String own = major >= FIRST_WITH_PARENTS_OF_TRIGGERS
                ? "g.tgparentid = 0"
                : major >= FIRST_WITH_COPIED_TRIGGERS ? "NOT g.tgisinternal" : "true";
        int events = mode == WriteMode.UPSERT ? INSERT | UPDATE : INSERT;
        String sql = TRIGGERS.replace("$events", Integer.toString(events)).replace("$own", own);
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String reported =
                            row.getString(2) + " (" + when(row.getInt(3), events) + ", " + row.getString(4) + ")";
                    found.triggers
                            .computeIfAbsent((int) row.getLong(1), t -> new ArrayList<>())
                            .add(new Fired(reported, row.getString(5).equals("O")));
                }
            }
        }
        try (PreparedStatement statement = session.jdbc().prepareStatement(RULES)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String reported = row.getString(2) + (row.getBoolean(3) ? " (INSTEAD)" : " (ALSO)");
                    found.rules
                            .computeIfAbsent((int) row.getLong(1), t -> new ArrayList<>())
                            .add(new Fired(reported, row.getString(4).equals("O")));
                }
            }
        }
        return found;
    }

    /** As in {@code BEFORE INSERT OR UPDATE, each row}. */
    private static String when(int type, int events) {
        String time = (type & BEFORE) > 0 ? "BEFORE" : (type & INSTEAD) > 0 ? "INSTEAD OF" : "AFTER";
        List<String> on = new ArrayList<>();
        if ((type & events & INSERT) > 0) {
            on.add("INSERT");
        }
        if ((type & events & UPDATE) > 0) {
            on.add("UPDATE");
        }
        return time + ' ' + String.join(" OR ", on) + ((type & ROW) > 0 ? ", each row" : ", each statement");
    }

    /** Whether an INSERT into the table is rewritten. */
    boolean hasRules(TableDescription table) {
        return rules.containsKey(table.oid());
    }

    /**
     * Warns of those of a table.
     *
     * @param parameter where it stands in the job
     */
    void warn(TableDescription table, String parameter) {
        List<Fired> fired = triggers.getOrDefault(table.oid(), List.of());
        if (!fired.isEmpty()) {
            checks.warning(
                    parameter,
                    "triggers of " + table.table() + " will run, and may change or skip rows: " + reported(fired) + "; "
                            + ways(fired, "triggers", "ALTER TABLE @table DISABLE TRIGGER ..."));
        }
        List<Fired> rewriting = rules.getOrDefault(table.oid(), List.of());
        if (!rewriting.isEmpty()) {
            checks.warning(
                    parameter,
                    mode == WriteMode.COPY
                            ? "COPY FROM ignores rules such as " + reported(rewriting) + " of " + table.table()
                                    + ", which writeMode insert applies"
                            : "rules of " + table.table()
                                    + " will run, and may add rows or replace the insert: " + reported(rewriting) + "; "
                                    + ways(rewriting, "rules", "ALTER TABLE @table DISABLE RULE ...")
                                    + ". writeMode copy ignores rules");
        }
    }

    private static String reported(List<Fired> fired) {
        return fired.stream().limit(NAMES_SHOWN).map(Fired::reported).collect(Collectors.joining(", "))
                + (fired.size() > NAMES_SHOWN ? " and " + (fired.size() - NAMES_SHOWN) + " more" : "");
    }

    private String ways(List<Fired> fired, String kind, String statement) {
        if (fired.stream().noneMatch(Fired::quietInReplica)) {
            return "to switch the " + kind + " off, disable them in preSql: " + statement;
        }
        return "to switch the " + kind + " off, set \"session\": [\"SET session_replication_role = replica\"]"
                + (session.majorVersion() < FIRST_WITH_GRANTED_PARAMETERS
                        ? ", as a superuser"
                        : ", as a superuser or after GRANT SET ON PARAMETER session_replication_role TO the user")
                + "; foreign keys are not checked then either"
                + (fired.stream().allMatch(Fired::quietInReplica)
                        ? ""
                        : ". Those that are ENABLE ALWAYS or ENABLE REPLICA have to be disabled in preSql: "
                                + statement);
    }
}
