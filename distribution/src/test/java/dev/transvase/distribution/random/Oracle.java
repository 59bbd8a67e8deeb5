package dev.transvase.distribution.random;

import dev.transvase.distribution.random.RandomCase.Move;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says what a job should have written: the target's server has the source's table as well, and puts each of its rows into a
 * table like the target by a statement of its own, with its own casts.
 */
final class Oracle implements AutoCloseable {

    /** As the job's sessions have them. */
    private static final String SETTINGS =
            "SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 3;"
                    + " SET bytea_output = 'hex'; SET xmloption = 'content'; SET array_nulls = on; SET lc_monetary = 'C';"
                    + " SET client_min_messages = error; SET search_path = public; SET quote_all_identifiers = off; SET TimeZone = '";

    private final Connection connection;
    private final RandomCase job;
    private final String mirror;
    private final String expected;

    /**
     * What should become of the rows.
     *
     * @param read how many there are
     * @param written how many the target takes, its unique keys aside
     * @param refused how many it does not take, or only in part
     * @param skipped how many its triggers leave out
     * @param reasons why rows are refused
     */
    record Verdict(long read, long written, long refused, long skipped, List<String> reasons) {}

    /** @param prefix for the names of its schemas */
    Oracle(Connection connection, RandomCase job, String prefix) {
        this.connection = connection;
        this.job = job;
        this.mirror = prefix + "_mirror";
        this.expected = prefix + "_expected";
    }

    static String settings(String timeZone) {
        return SETTINGS + timeZone + "'";
    }

    /** The table that has what is expected. */
    String table() {
        return expected + "." + job.to();
    }

    Verdict judge() throws SQLException {
        execute("CREATE SCHEMA " + mirror, "CREATE SCHEMA " + expected);
        for (String sql : job.source()) {
            execute(sql.replace("@schema", mirror));
        }
        for (String sql : job.target()) {
            execute(sql.replace("@schema", expected));
        }
        String where = job.where().isEmpty() ? "" : " WHERE (" + job.where() + "\n)";
        execute(
                "CREATE TABLE " + mirror + ".flat AS SELECT row_number() OVER () AS \"#\", * FROM " + mirror + "."
                        + job.from() + where,
                "CREATE TABLE " + expected + ".outcome (kind text, reason text)");
        List<String> values = new ArrayList<>();
        List<String> lossless = new ArrayList<>();
        lossless.add("true");
        for (Move move : job.moves()) {
            String value = converted(move);
            values.add(value);
            if (!move.sameType()) {
                lossless(move, value).ifPresent(lossless::add);
            }
        }
        execute(loop(values, lossless));
        return new Verdict(
                count(mirror + ".flat"),
                count(table()),
                count(expected + ".outcome WHERE kind IN ('refused', 'lossy')"),
                count(expected + ".outcome WHERE kind = 'skipped'"),
                texts("SELECT DISTINCT kind || ' ' || reason FROM " + expected + ".outcome LIMIT 5"));
    }

    private String loop(List<String> values, List<String> lossless) {
        String row = " FROM " + mirror + ".flat WHERE \"#\" = \"#row\".\"#\"";
        String columns = job.moves().stream().map(m -> m.target().quoted()).collect(Collectors.joining(", "));
        return "DO $do$ DECLARE \"#row\" record; \"#kept\" boolean; \"#taken\" bigint; BEGIN FOR \"#row\" IN SELECT \"#\" FROM "
                + mirror
                + ".flat LOOP BEGIN SELECT (" + String.join(") AND (", lossless) + ") INTO \"#kept\"" + row
                + "; IF \"#kept\" IS FALSE THEN INSERT INTO " + expected
                + ".outcome VALUES ('lossy', ''); CONTINUE; END IF;"
                + " INSERT INTO " + table() + " (" + columns + ") OVERRIDING SYSTEM VALUE SELECT "
                + String.join(", ", values) + row
                + "; GET DIAGNOSTICS \"#taken\" = ROW_COUNT; IF \"#taken\" = 0 THEN INSERT INTO "
                + expected + ".outcome VALUES ('skipped', ''); END IF; EXCEPTION WHEN OTHERS THEN INSERT INTO "
                + expected
                + ".outcome VALUES ('refused', SQLSTATE || ' ' || SQLERRM); END; END LOOP; END $do$";
    }

    /** How the server makes the target's value: by assignment, by a cast, or by reading what it prints. */
    private String converted(Move move) throws SQLException {
        String value = move.expression().strip();
        if (value.contains("--")) {
            value = value + "\n";
        }
        if (move.sameType()) {
            return value;
        }
        String type = withoutModifier(move.target().type());
        String printed = printed(value, move.type());
        if (move.type().matches("bool(\\[\\])?") && type.matches("int[28](\\[\\])?")) {
            return "CAST(CAST(" + value + " AS " + move.type().replace("bool", "int4") + ") AS " + type + ")";
        }
        boolean padded = move.type().equals("bpchar") || move.type().startsWith("char(");
        // Casts of floats to numeric cut off digits that the float has.
        boolean intoText = RandomTypes.isText(move.target().type());
        boolean asPrinted = (intoText
                        && (padded || move.type().equals("inet") || move.type().equals("address")))
                || move.type().startsWith("float");
        if (!asPrinted) {
            if (works("INSERT INTO " + table() + " (" + move.target().quoted() + ") OVERRIDING SYSTEM VALUE SELECT "
                    + value + " FROM " + mirror + ".flat WHERE false")) {
                return value;
            }
            String cast = "CAST(" + value + " AS " + type + ")";
            if (works("SELECT " + cast + " FROM " + mirror + ".flat WHERE false")) {
                return cast;
            }
        }
        return "CAST(" + printed + " AS " + type + ")";
    }

    /** A condition that the conversion has lost nothing, where the server can tell. */
    private Optional<String> lossless(Move move, String value) throws SQLException {
        String type = move.target().type();
        if (RandomTypes.isText(move.type())) {
            String limited = "CAST(" + move.expression() + " AS " + type + ")";
            String free = "CAST(" + move.expression() + " AS " + withoutModifier(type) + ")";
            return limited.equals(free)
                    ? Optional.empty()
                    : first(limited + " = " + free, limited + "::text = " + free + "::text");
        }
        if (type.equals("bytea") || type.equals("char(5)") || type.equals("bpchar")) {
            return Optional.empty(); // the bytes of what the server prints, and padded text
        }
        String there = "CAST(" + value + " AS " + type + ")";
        // Arrays are not compared whose elements cannot be, and only running tells.
        boolean text = move.type().endsWith("[]") && !move.type().matches("(float|int|numeric|bool|date|time|bit).*");
        String as = text ? "::text = " : " = ";
        String it = text ? move.expression() + "::text" : move.expression();
        Optional<String> back = first(
                "CAST(" + there + " AS " + move.type() + ")" + as + it,
                "CAST(" + there + "::text AS " + move.type() + ")" + as + it);
        return back.map(b -> b + " OR " + there + "::text = " + printed(move.expression(), move.type()));
    }

    private Optional<String> first(String... conditions) throws SQLException {
        for (String condition : conditions) {
            if (works("SELECT 1 FROM " + mirror + ".flat WHERE false AND (" + condition + ")")) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    /** What the type's output function gives. */
    private static String printed(String value, String type) {
        return "CASE WHEN " + value + " IS DISTINCT FROM NULL THEN "
                + (type.startsWith("xml") || type.equals("bool") ? value + "::text" : "format('%s', " + value + ")")
                + " END";
    }

    static String withoutModifier(String type) {
        return type.replaceAll("\\([^)]*\\)", "")
                .replace("interval year to month", "interval")
                .replace("char[]", "varchar[]")
                .replaceAll("^char$", "bpchar")
                .replace("varvarchar", "varchar");
    }

    private boolean works(String sql) throws SQLException {
        try {
            execute(sql);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    throw new SQLException(e.getMessage() + " in " + sql, e.getSQLState(), e);
                }
            }
        }
    }

    private long count(String from) throws SQLException {
        return Long.parseLong(texts("SELECT count(*) FROM " + from).get(0));
    }

    private List<String> texts(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (result.next()) {
                texts.add(result.getString(1));
            }
            return texts;
        }
    }

    @Override
    public void close() throws SQLException {
        execute("DROP SCHEMA IF EXISTS " + mirror + ", " + expected + " CASCADE");
    }
}
