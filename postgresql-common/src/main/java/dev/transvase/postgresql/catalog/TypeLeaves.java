package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds out which types the values of a type consist of in the end, by what makes a difference to their text: of an array its
 * elements, of a composite its attributes, and so on. Used by the session's thread, which it blocks on the server.
 */
public final class TypeLeaves {

    private static final int MONEY_OID = 790;
    private static final int XML_OID = 142;
    private static final int BYTEA_OID = 17;

    private static final Set<Integer> DATES = Set.of(1082, 1114, 1184);
    private static final Set<Integer> INTERVALS = Set.of(1186);

    /** float4, float8, and the geometric types. */
    private static final Set<Integer> FLOATS = Set.of(700, 701, 600, 601, 602, 603, 604, 628, 718);

    /** reg* types whose values print with a schema or without: not regrole, regnamespace, regdatabase. */
    private static final Set<Integer> NAMES = Set.of(24, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4191);

    private static final String QUERY = "WITH RECURSIVE part AS (SELECT ?::pg_catalog.int8::pg_catalog.oid AS oid UNION"
            + " SELECT e.oid FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.oid CROSS JOIN LATERAL ("
            + "SELECT t.typelem AS oid WHERE t.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc"
            + " UNION ALL SELECT t.typbasetype WHERE t.typtype = 'd'"
            + " UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid"
            + " $multirange"
            + " UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a"
            + " WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) e)"
            + " SELECT p.oid, t.typtype FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.oid"
            + " WHERE t.typoutput <> 'pg_catalog.array_out'::pg_catalog.regproc";

    private static final String MULTIRANGE =
            "UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid";

    private static final int MULTIRANGES_FROM = 14;
    private static final int FIRST_OF_USERS = 10_000;

    private final PostgresSession session;
    private final Map<Integer, Set<String>> known = new HashMap<>();

    public TypeLeaves(PostgresSession session) {
        this.session = session;
    }

    /** The settings that the text of its values depends on, by their names; {@code xmloption} when there is xml in it. */
    public Set<String> settings(PgType type) {
        PgType effective = type.effective();
        Set<String> found = known.get(effective.oid());
        if (found == null) {
            found = find(effective);
            known.put(effective.oid(), found);
        }
        return found;
    }

    private Set<String> find(PgType type) {
        Set<String> settings = new TreeSet<>();
        if (type.typtype() == 'p') {
            // Of a record nobody knows before it is there.
            settings.addAll(Set.of(
                    "DateStyle", "IntervalStyle", "extra_float_digits", "bytea_output", "lc_monetary", "search_path"));
        } else if (type.typtype() == 'b' && type.elementOid() == 0) {
            add(type.oid(), type.builtin(), settings);
        } else if (type.typtype() != 'e') {
            addParts(type, settings);
        }
        return settings;
    }

    private void addParts(PgType type, Set<String> settings) {
        String sql = QUERY.replace("$multirange", session.majorVersion() >= MULTIRANGES_FROM ? MULTIRANGE : "");
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setLong(1, Integer.toUnsignedLong(type.oid()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int oid = (int) row.getLong(1);
                    if (row.getString(2).equals("b")) {
                        add(oid, oid > 0 && oid < FIRST_OF_USERS, settings);
                    }
                }
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking what the type " + type.name() + " is made of");
        }
    }

    /** @param builtin whether it came with the server; others may print numbers */
    private static void add(int oid, boolean builtin, Set<String> settings) {
        if (DATES.contains(oid)) {
            settings.add("DateStyle");
        } else if (INTERVALS.contains(oid)) {
            settings.add("IntervalStyle");
        } else if (FLOATS.contains(oid) || !builtin) {
            settings.add("extra_float_digits");
        } else if (oid == MONEY_OID) {
            settings.add("lc_monetary");
        } else if (oid == BYTEA_OID) {
            settings.add("bytea_output");
        } else if (oid == XML_OID) {
            settings.add("xmloption");
        } else if (NAMES.contains(oid)) {
            settings.add("search_path");
        }
    }
}
