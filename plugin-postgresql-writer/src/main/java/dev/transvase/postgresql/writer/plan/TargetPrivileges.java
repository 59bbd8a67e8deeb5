package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.writer.error.WriterErrors.MISSING_PRIVILEGE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.statement.InsertSql;
import dev.transvase.postgresql.writer.target.ConflictKey;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the user may do with the target tables, and their row types: of all of them in few round trips. */
final class TargetPrivileges {

    private static final List<String> PRIVILEGES = List.of("INSERT", "SELECT", "UPDATE");

    private static final String WANTED =
            "ANY (ARRAY(SELECT x::pg_catalog.int8::pg_catalog.oid FROM pg_catalog.unnest(?::pg_catalog.text[]) x))";

    private static final String RELATIONS =
            "SELECT c.oid, c.reltype::pg_catalog.int8, coalesce(t.typarray, 0)::pg_catalog.int8, c.relnatts,"
                    + " current_user,"
                    + " pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'), "
                    + PRIVILEGES.stream().map(TargetPrivileges::forbidden).collect(Collectors.joining(", "))
                    + " FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_type t ON t.oid = c.reltype"
                    + " WHERE c.oid = " + WANTED;

    /** Sequences that a column's own default, or the default of its domain, takes numbers from. */
    private static final String SEQUENCES = "SELECT a.attrelid, a.attname, pg_catalog.quote_ident(n.nspname) || '.'"
            + " || pg_catalog.quote_ident(s.relname) FROM pg_catalog.pg_attribute a"
            + " LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum"
            + " JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND CASE"
            + " WHEN f.oid IS NULL THEN d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = a.atttypid"
            + " ELSE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid END"
            + " JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace WHERE a.attrelid = " + WANTED
            + " AND a.attnum > 0 AND NOT a.attisdropped"
            // The server may ask for the privilege before it knows what is a sequence.
            + " AND CASE WHEN s.relkind = 'S' THEN NOT pg_catalog.has_sequence_privilege(s.oid, 'USAGE, UPDATE')"
            + " ELSE false END ORDER BY a.attrelid, a.attnum";

    private final PostgresSession session;
    private final Checks checks;
    private final Map<Integer, Relation> relations = new HashMap<>();

    /** By table and column. */
    private final Map<Integer, Map<String, Set<String>>> sequences = new HashMap<>();

    /**
     * What the catalog has of a table beside its description.
     *
     * @param rowOid its row type
     * @param arrayOid the type of arrays of that; 0 when there is none
     * @param attributes how many columns it has had, those that were dropped included
     * @param user the user's name, quoted
     * @param usage whether the user may use the table's schema
     * @param forbidden by privilege, the columns for which the user lacks it
     */
    record Relation(
            int rowOid, int arrayOid, int attributes, String user, boolean usage, Map<String, Set<String>> forbidden) {

        private boolean lacks(String privilege, List<PgColumn> columns) {
            return columns.stream().anyMatch(c -> forbidden.get(privilege).contains(c.name()));
        }
    }

    private TargetPrivileges(PostgresSession session, Checks checks) {
        this.session = session;
        this.checks = checks;
    }

    /** Looks them up. Blocks on the server. */
    static TargetPrivileges of(PostgresSession session, Collection<TableDescription> tables, Checks checks)
            throws SQLException {
        TargetPrivileges privileges = new TargetPrivileges(session, checks);
        Object[] oids = tables.stream()
                .map(t -> Integer.toUnsignedString(t.oid()))
                .distinct()
                .toArray();
        try (PreparedStatement statement = session.jdbc().prepareStatement(RELATIONS)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    privileges.relations.put((int) row.getLong(1), relation(row));
                }
            }
        }
        try (PreparedStatement statement = session.jdbc().prepareStatement(SEQUENCES)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    privileges
                            .sequences
                            .computeIfAbsent((int) row.getLong(1), t -> new HashMap<>())
                            .computeIfAbsent(row.getString(2), c -> new LinkedHashSet<>())
                            .add(row.getString(3));
                }
            }
        }
        return privileges;
    }

    private static Relation relation(ResultSet row) throws SQLException {
        Map<String, Set<String>> forbidden = new HashMap<>();
        for (int i = 0; i < PRIVILEGES.size(); i++) {
            forbidden.put(
                    PRIVILEGES.get(i), Set.of((String[]) row.getArray(7 + i).getArray()));
        }
        return new Relation(
                (int) row.getLong(2),
                (int) row.getLong(3),
                row.getInt(4),
                SqlNames.quote(row.getString(5)),
                row.getBoolean(6),
                forbidden);
    }

    Relation relation(TableDescription table) {
        return relations.get(table.oid());
    }

    /**
     * Reports what the user lacks.
     *
     * @param columns those that are written
     * @param parameter where the table stands in the job
     * @return whether nothing is missing
     */
    boolean check(TableDescription table, List<PgColumn> columns, Optional<ConflictKey> key, String parameter)
            throws SQLException {
        Relation relation = relation(table);
        String user = relation.user();
        if (!relation.usage()) {
            String schema = SqlNames.quote(table.table().namespace());
            report(
                    parameter,
                    "user " + user + " may not use schema " + schema,
                    "GRANT USAGE ON SCHEMA " + schema + " TO " + user,
                    schema,
                    "tables are in schemas that user " + user + " may not use");
        }
        List<String> missing = missing(relation, columns, key);
        if (!missing.isEmpty()) {
            String deeds = missing.stream().map(TargetPrivileges::reported).collect(Collectors.joining(", "));
            report(
                    parameter,
                    "user " + user + " may not " + deeds + " " + table.table(),
                    "GRANT " + String.join(", ", missing) + " ON " + SqlNames.quote(table.table()) + " TO " + user,
                    table.table(),
                    "tables that user " + user + " may not " + deeds);
        }
        boolean numbers = checkSequences(table, columns, user, parameter);
        return relation.usage() && missing.isEmpty() && numbers;
    }

    private static List<String> missing(Relation relation, List<PgColumn> columns, Optional<ConflictKey> key) {
        List<PgColumn> updated = key.map(k ->
                        columns.stream().filter(c -> InsertSql.isUpdated(k, c)).toList())
                .orElse(List.of());
        List<String> missing = new ArrayList<>();
        if (relation.lacks("INSERT", columns)) {
            missing.add("INSERT");
        }
        // An update reads the new values, as columns of the table: that takes the same privilege as to read the old
        // ones.
        if (key.isPresent() && relation.lacks("SELECT", columns)) {
            missing.add("SELECT");
        }
        if (relation.lacks("UPDATE", updated)) {
            missing.add("UPDATE");
        }
        return missing;
    }

    /** A column that is not written gets its default, which may be the next number of a sequence. */
    private boolean checkSequences(TableDescription table, List<PgColumn> columns, String user, String parameter)
            throws SQLException {
        Set<String> written = columns.stream().map(PgColumn::name).collect(Collectors.toCollection(HashSet::new));
        boolean well = true;
        Map<String, Set<String>> ofTable = sequences.getOrDefault(table.oid(), Map.of());
        for (PgColumn column : table.columns()) {
            if (written.contains(column.name())) {
                continue;
            }
            for (String sequence : ofTable.getOrDefault(column.name(), Set.of())) {
                well = false;
                report(
                        parameter,
                        "user " + user + " may not use sequence " + sequence + ", which the default of column "
                                + column.name() + " of " + table.table() + " uses",
                        "GRANT USAGE ON SEQUENCE " + sequence + " TO " + user,
                        sequence,
                        "sequences of defaults that user " + user + " may not use");
            }
        }
        return well;
    }

    private void report(String parameter, String message, String grant, Object subject, String plural)
            throws SQLException {
        checks.error(
                parameter,
                Finding.of(MISSING_PRIVILEGE, message, grant)
                        .of(subject, plural)
                        .mendedBy(Fix.mend(session.place("target"), grant)));
    }

    private static String reported(String privilege) {
        return privilege.equals("INSERT") ? "insert into" : privilege.toLowerCase(Locale.ROOT);
    }

    /** The columns for which the user lacks a privilege. */
    private static String forbidden(String privilege) {
        return "ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid"
                + " AND a.attnum > 0 AND NOT a.attisdropped AND NOT pg_catalog.has_column_privilege(c.oid, a.attnum, '"
                + privilege + "'))";
    }
}
