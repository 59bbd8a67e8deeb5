package dev.transvase.postgresql.split;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.catalog.TypeLeaves;
import dev.transvase.postgresql.sql.SqlErrors;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which settings the text of a type's values depends on that the session has otherwise than we need them: those that would make
 * another server, or another session, read another value. All else is the server's own and stays so, for the job's SQL depends
 * on it as well. Used by the session's thread.
 */
public final class OutputForms {

    /** With these a value prints so that it means the same everywhere. */
    private static final Map<String, String> NEEDED = new LinkedHashMap<>();

    static {
        NEEDED.put("DateStyle", "ISO");
        NEEDED.put("IntervalStyle", "postgres");
        NEEDED.put("extra_float_digits", "3");
        NEEDED.put("bytea_output", "hex");
        NEEDED.put("lc_monetary", "C");
        // All but the server's own names are printed with their schema then.
        NEEDED.put("search_path", "");
    }

    private static final int SHORTEST_EXACT_FLOATS_FROM = 12;

    private final TypeLeaves leaves;
    private final Map<String, String> own;
    private final boolean sendsBytes;

    private OutputForms(TypeLeaves leaves, Map<String, String> own, boolean sendsBytes) {
        this.leaves = leaves;
        this.own = own;
        this.sendsBytes = sendsBytes;
    }

    /**
     * A setting that has to be another one while values are printed.
     *
     * @param needed for our purposes
     * @param own what the session has
     */
    record Setting(String name, String needed, String own) {}

    /** Asks the server for its settings. Blocks on it. */
    public static OutputForms of(PostgresSession session) {
        Map<String, String> own = new LinkedHashMap<>();
        String sql = "SELECT n, pg_catalog.current_setting(n) FROM pg_catalog.unnest(?::pg_catalog.text[]) AS s(n)";
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setArray(
                    1, session.jdbc().createArrayOf("text", NEEDED.keySet().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    own.put(row.getString(1), row.getString(2));
                }
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking for the settings of the session");
        }
        own.entrySet().removeIf(s -> suffices(s.getKey(), s.getValue(), session.majorVersion()));
        boolean bytes = "SQL_ASCII".equals(session.pg().getParameterStatus("server_encoding"));
        return new OutputForms(new TypeLeaves(session), own, bytes);
    }

    private static boolean suffices(String name, String value, int major) {
        return switch (name) {
            case "DateStyle" -> value.startsWith("ISO");
            case "extra_float_digits" ->
                major >= SHORTEST_EXACT_FLOATS_FROM ? Integer.parseInt(value) > 0 : value.equals("3");
            case "lc_monetary" -> value.equals("C") || value.equals("POSIX");
            default -> value.equals(NEEDED.get(name));
        };
    }

    /**
     * Whether texts are to be sent as the bytes that they are: out of a database without an encoding the server sends no
     * others than UTF-8, and does not say which column has them.
     */
    boolean sendsBytes() {
        return sendsBytes;
    }

    /** The same for texts that are known to be in UTF-8. */
    public OutputForms withoutBytes() {
        return new OutputForms(leaves, own, false);
    }

    /** What has to be set while values of a type are printed. May ask the server. */
    List<Setting> settings(PgType type) {
        Set<String> dependsOn = leaves.settings(type);
        List<Setting> settings = new ArrayList<>();
        own.forEach((name, value) -> {
            if (dependsOn.contains(name)) {
                settings.add(new Setting(name, NEEDED.get(name), value));
            }
        });
        return settings;
    }
}
