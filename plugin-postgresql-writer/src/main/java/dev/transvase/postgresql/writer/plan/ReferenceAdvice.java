package dev.transvase.postgresql.writer.plan;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.ForeignKeys;
import dev.transvase.postgresql.catalog.ForeignKeys.Reference;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Warns of foreign keys of the targets that no order of the tables settles, and of constraints that are not validated. */
public final class ReferenceAdvice {

    private static final int KEYS_SHOWN = 5;

    private static final int FIRST_WITH_KEYS_NOT_ENFORCED = 18;

    private static final String DEFINITIONS =
            "SELECT k.oid, pg_catalog.pg_get_constraintdef(k.oid), n.nspname, c.relname"
                    + " FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE k.oid = ANY (ARRAY("
                    + "SELECT x::pg_catalog.int8::pg_catalog.oid FROM pg_catalog.unnest(?::pg_catalog.text[]) x))";

    private static final String NOT_VALID = "SELECT n.nspname, c.relname, pg_catalog.quote_ident(k.conname)"
            + " FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT k.convalidated AND $enforced"
            + " AND k.conrelid = ANY (ARRAY(SELECT x::pg_catalog.int8::pg_catalog.oid"
            + " FROM pg_catalog.unnest(?::pg_catalog.text[]) x)) ORDER BY 1, 2, 3";

    private final PostgresSession session;
    private final Checks checks;
    private final boolean follows;

    /** Where a constraint was made, and how it is made again. */
    private record Definition(TableName table, String text) {}

    /** @param follows whether the rows are a snapshot that changes come behind, with no end at which {@code postSql} is run */
    public ReferenceAdvice(PostgresSession session, Checks checks, boolean follows) {
        this.follows = follows;
        this.session = session;
        this.checks = checks;
    }

    /**
     * Warns of all that concerns these tables. Blocks on the server.
     *
     * @return by OID for each table how many others, one behind the other, have to have their records before it
     */
    public Map<Integer, Integer> warn(Collection<TableDescription> tables) throws SQLException {
        Map<Integer, TableName> names = new HashMap<>();
        tables.forEach(t -> names.put(t.oid(), t.table()));
        List<Integer> oids = List.copyOf(names.keySet());
        warnOfNotValid(oids);
        ForeignKeys keys = ForeignKeys.among(session, oids);
        List<Reference> circles = keys.inCircles();
        List<Reference> own = keys.toThemselves();
        if ((!keys.any() && own.isEmpty()) || foreignKeysAreOff()) {
            return Map.of();
        }
        if (!circles.isEmpty()) {
            checks.warning(
                    "table",
                    "tables refer to each other in a cycle of foreign keys: " + reported(circles, names)
                            + "; a record that comes before the one it refers to is dirty. " + ways(circles));
        }
        if (!own.isEmpty()) {
            checks.warning(
                    "table",
                    "foreign keys refer to the same table: " + reported(own, names)
                            + "; a record is dirty when the one it refers to comes in a later transaction (one ends"
                            + " at about 4 MiB) or in another channel. " + ways(own));
        }
        return keys.levels();
    }

    private static String reported(List<Reference> keys, Map<Integer, TableName> names) {
        List<String> reported = keys.stream()
                .map(key -> names.get(key.from()) + (key.toItself() ? "" : " to " + names.get(key.to())) + " ("
                        + key.name() + ")")
                .sorted()
                .toList();
        return reported.stream().limit(KEYS_SHOWN).collect(Collectors.joining(", "))
                + (reported.size() > KEYS_SHOWN ? " and " + (reported.size() - KEYS_SHOWN) + " more" : "");
    }

    private String ways(List<Reference> keys) throws SQLException {
        Map<Integer, Definition> definitions = definitions(keys);
        Map<String, String> statements = new TreeMap<>();
        for (Reference key : keys.stream().limit(KEYS_SHOWN).toList()) {
            Definition definition = definitions.get(key.oid());
            String table = "ALTER TABLE " + SqlNames.quote(definition.table());
            statements.put(
                    table + " DROP CONSTRAINT " + key.name(),
                    table + " ADD CONSTRAINT " + key.name() + " " + definition.text());
        }
        if (follows) {
            return "Options: drop the constraints at the target before the first run ("
                    + String.join("; ", statements.keySet()) + ") and add them once it follows the changes ("
                    + String.join("; ", statements.values())
                    + "); or set \"session\": [\"SET session_replication_role = replica\"], under which the server"
                    + " checks no"
                    + " foreign keys and runs no triggers";
        }
        return "Options: load without the constraints, that is drop them in preSql ("
                + String.join("; ", statements.keySet()) + ") and add them in postSql ("
                + String.join("; ", statements.values())
                + "); or set \"session\": [\"SET session_replication_role = replica\"], under which the server checks no"
                + " foreign keys and runs no triggers; DEFERRABLE INITIALLY DEFERRED is enough only if all records"
                + " that belong together fit into one transaction";
    }

    private Map<Integer, Definition> definitions(List<Reference> keys) throws SQLException {
        Map<Integer, Definition> definitions = new HashMap<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(DEFINITIONS)) {
            Object[] oids = keys.stream()
                    .limit(KEYS_SHOWN)
                    .map(key -> Integer.toUnsignedString(key.oid()))
                    .toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    definitions.put(
                            (int) row.getLong(1),
                            new Definition(new TableName(row.getString(3), row.getString(4)), row.getString(2)));
                }
            }
        }
        return definitions;
    }

    private void warnOfNotValid(List<Integer> oids) throws SQLException {
        String sql = NOT_VALID.replace(
                "$enforced", session.majorVersion() >= FIRST_WITH_KEYS_NOT_ENFORCED ? "k.conenforced" : "true");
        List<String> found = new ArrayList<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            Object[] wanted = oids.stream().map(Integer::toUnsignedString).toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", wanted));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(3) + " of " + new TableName(row.getString(1), row.getString(2)));
                }
            }
        }
        if (!found.isEmpty()) {
            checks.warning(
                    "table",
                    "constraints are NOT VALID: "
                            + found.stream().limit(KEYS_SHOWN).collect(Collectors.joining(", "))
                            + (found.size() > KEYS_SHOWN ? " and " + (found.size() - KEYS_SHOWN) + " more" : "")
                            + "; existing rows may violate them, but the server checks each row that is written, so"
                            + " a record that violates them is dirty");
        }
    }

    private boolean foreignKeysAreOff() throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_catalog.current_setting('session_replication_role') = 'replica'")) {
            return row.next() && row.getBoolean(1);
        }
    }
}
