package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.table.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Row-level security on what is read: whose rows it hides from whom, and what to do about it. A session that has {@code
 * row_security = off} is refused where policies would hide rows; otherwise the server leaves the rows out without a word.
 */
public final class RowSecurity {

    /** The relations that planning has locked, views and what they show included. */
    private static final String LOCKED = "SELECT DISTINCT l.relation FROM pg_catalog.pg_locks l"
            + " WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation'";

    private static final String TABLES = "SELECT n.nspname, c.relname, c.relkind, current_user,"
            + " pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.pg_has_role(c.relowner, 'USAGE'),"
            + " c.relforcerowsecurity, pg_catalog.row_security_active(c.oid), COALESCE((SELECT"
            + " pg_catalog.string_agg(p.polname::pg_catalog.text, ', ' ORDER BY p.polname)"
            + " FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*')), ''),"
            + " r.rolsuper OR r.rolbypassrls, EXISTS (SELECT FROM pg_catalog.pg_options_to_table(c.reloptions) o"
            + " WHERE o.option_name = 'security_invoker' AND o.option_value::pg_catalog.bool)"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_catalog.pg_roles r ON r.oid = c.relowner"
            + " WHERE c.oid = ANY (ARRAY(SELECT x::pg_catalog.int8::pg_catalog.oid FROM"
            + " pg_catalog.unnest(?::pg_catalog.text[]) x))"
            + " AND (c.relkind = 'v' OR c.relrowsecurity) ORDER BY 1, 2";

    /** All tables under policies. */
    private static final String SECURED = "SELECT oid FROM pg_catalog.pg_class WHERE relrowsecurity";

    private RowSecurity() {}

    /**
     * A table whose policies hide rows from a read.
     *
     * @param table its name
     * @param policies the names of those that say which rows may be read; empty when there is none, so that no row may be
     * @param concerns the roles that they are applied to: the session's user, or the owners of views that are read
     * @param forced whether the user has the rights of its owner, to whom they apply by FORCE ROW LEVEL SECURITY
     */
    public record Secured(TableName table, String policies, List<String> concerns, boolean forced) {

        public Secured {
            concerns = List.copyOf(concerns);
        }

        /** What the policies do, for messages. */
        public String effect() {
            String roles = String.join(", ", concerns);
            return table + " is under row-level security: "
                    + (policies.isEmpty()
                            ? "it has no policy for SELECT, so all of its rows are hidden from " + roles
                            : "its policies for SELECT (" + policies + ") hide all rows but those that they show from "
                                    + roles)
                    + (forced ? ", the owner, to whom FORCE ROW LEVEL SECURITY applies them" : "");
        }

        /** The statements that let these roles read all rows; a superuser runs them. */
        public String[] statements() {
            return concerns.stream()
                    .map(role -> "ALTER ROLE " + SqlNames.quote(role) + " BYPASSRLS")
                    .toArray(String[]::new);
        }

        /** What to do to read all rows. */
        public String remedy() {
            return concerns.stream()
                            .map(role -> "run ALTER ROLE " + SqlNames.quote(role) + " BYPASSRLS as a superuser")
                            .collect(Collectors.joining(" and "))
                    + (forced ? ", or run ALTER TABLE " + SqlNames.quote(table) + " NO FORCE ROW LEVEL SECURITY" : "")
                    + ", or read as a role that they do not apply to";
        }
    }

    /**
     * Has the server refuse these statements when a policy would hide rows from them. Blocks; the session must not be in a
     * transaction.
     *
     * @throws SQLException that {@link SqlErrors#isRowSecurity} knows
     */
    public static void requireNone(PostgresSession session, List<String> selects) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("BEGIN READ ONLY; SET LOCAL row_security = off");
            try {
                Explain.all(session, selects);
            } finally {
                statement.execute("ROLLBACK");
            }
        }
    }

    /**
     * The tables under policies that these statements read, by way of views too. Blocks; the session must not be in a
     * transaction.
     */
    public static List<Secured> of(PostgresSession session, List<String> selects) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("BEGIN READ ONLY; SET LOCAL row_security = on");
            try {
                Explain.all(session, selects);
                Set<Integer> locked = new LinkedHashSet<>();
                try (ResultSet row = statement.executeQuery(LOCKED)) {
                    while (row.next()) {
                        locked.add((int) row.getLong(1));
                    }
                }
                return of(session, locked);
            } finally {
                statement.execute("ROLLBACK");
            }
        }
    }

    /**
     * The tables under policies for the user that this refusal may be about: the server names the table, without its schema,
     * that a function has read. Blocks.
     */
    public static List<Secured> named(PostgresSession session, SQLException refusal) throws SQLException {
        Set<Integer> all = new LinkedHashSet<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(SECURED)) {
            while (row.next()) {
                all.add((int) row.getLong(1));
            }
        }
        String message = SqlErrors.message(refusal);
        return of(session, all).stream()
                .filter(s -> message.contains('"' + s.table().name() + '"'))
                .toList();
    }

    /** As {@link #of(PostgresSession, List)} for tables, and views with what they show, by OID. */
    public static List<Secured> of(PostgresSession session, Collection<Integer> relations) throws SQLException {
        List<Relation> found = new ArrayList<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(TABLES)) {
            Object[] oids = relations.stream().map(Integer::toUnsignedString).toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(Relation.read(row));
                }
            }
        }
        Set<String> viewOwners = found.stream()
                .filter(r -> r.view() && !r.ownerBypasses() && !r.invoker())
                .map(Relation::owner)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return found.stream()
                .filter(r -> !r.view())
                .map(r -> r.secured(viewOwners))
                .filter(s -> !s.concerns().isEmpty())
                .toList();
    }

    /**
     * A view, or a table with row-level security, as the catalog has it.
     *
     * @param ownerBypasses whether no policy applies to the owner
     * @param invoker whether it is a view that reads with the rights of whoever asks, and not of its owner
     */
    private record Relation(
            TableName name,
            boolean view,
            String user,
            String owner,
            boolean owned,
            boolean forced,
            boolean active,
            String policies,
            boolean ownerBypasses,
            boolean invoker) {

        static Relation read(ResultSet row) throws SQLException {
            return new Relation(
                    new TableName(row.getString(1), row.getString(2)),
                    row.getString(3).equals("v"),
                    row.getString(4),
                    row.getString(5),
                    row.getBoolean(6),
                    row.getBoolean(7),
                    row.getBoolean(8),
                    row.getString(9),
                    row.getBoolean(10),
                    row.getBoolean(11));
        }

        /** A view reads with its owner's rights, and the server does not say of another role what applies to it. */
        Secured secured(Set<String> viewOwners) {
            List<String> concerns = new ArrayList<>(active ? List.of(user) : List.of());
            viewOwners.stream()
                    .filter(viewOwner -> !concerns.contains(viewOwner) && (forced || !viewOwner.equals(owner)))
                    .forEach(concerns::add);
            return new Secured(name, policies, concerns, active && forced && owned);
        }
    }
}
