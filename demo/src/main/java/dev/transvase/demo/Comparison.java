package dev.transvase.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What both servers hold, table by table. Each server counts its rows and sums up a digest of each row's text, all
 * columns in it: the sum does not depend on the rows' order, and misses neither a changed character nor a row that is
 * there twice.
 *
 * @param tables in the order in which they were asked for
 */
record Comparison(List<TablePair> tables) {
    /** The same text for the same value, whatever a server's defaults are. */
    private static final List<String> SETTINGS = List.of(
            "SET TimeZone = 'UTC'",
            "SET IntervalStyle = 'postgres'",
            "SET bytea_output = 'hex'",
            "SET extra_float_digits = 3");

    Comparison {
        tables = List.copyOf(tables);
    }

    /** One table on one server. */
    record TableState(long rows, String digest) {
        /** Enough of it for people to compare. */
        String shortDigest() {
            return digest.substring(0, Math.min(12, digest.length()));
        }
    }

    /** One table on both. */
    record TablePair(String table, TableState source, TableState target) {
        boolean equal() {
            return source.equals(target);
        }
    }

    /** Asks both servers, and changes their sessions' settings for it. Blocks while they read their tables whole. */
    static Comparison of(List<DemoTable> tables, Connection source, Connection target) throws SQLException {
        List<TableState> left = states(tables, source);
        List<TableState> right = states(tables, target);
        List<TablePair> pairs = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            pairs.add(new TablePair(tables.get(i).name(), left.get(i), right.get(i)));
        }
        return new Comparison(pairs);
    }

    boolean equal() {
        return tables.stream().allMatch(TablePair::equal);
    }

    /** Lines fit to paste where letters have one width. */
    String text() {
        StringBuilder text =
                new StringBuilder(line("table", "source rows", "target rows", "source hash", "target hash", "equal"));
        for (TablePair pair : tables) {
            text.append(line(
                    pair.table(),
                    count(pair.source().rows()),
                    count(pair.target().rows()),
                    pair.source().shortDigest(),
                    pair.target().shortDigest(),
                    pair.equal() ? "yes" : "NO"));
        }
        return text.toString();
    }

    private static List<TableState> states(List<DemoTable> tables, Connection connection) throws SQLException {
        List<TableState> states = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            for (String setting : SETTINGS) {
                statement.execute(setting);
            }
            for (DemoTable table : tables) {
                states.add(state(table, statement));
            }
        }
        return states;
    }

    private static TableState state(DemoTable table, Statement statement) throws SQLException {
        String sql = "SELECT count(*), coalesce(md5(concat(sum(" + number("left(digest, 16)") + "), ' ', sum("
                + number("right(digest, 16)") + "))), '') FROM (SELECT md5(line::text) AS digest FROM " + table.name()
                + " AS line) AS lines";
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return new TableState(rows.getLong(1), rows.getString(2));
        }
    }

    /** Sixteen hexadecimal digits as a number; their sum is a numeric, which has room for any. */
    private static String number(String hex) {
        return "('x' || " + hex + ")::bit(64)::bigint";
    }

    private static String line(Object... cells) {
        return String.format(Locale.ROOT, "%-21s %11s %11s  %-12s  %-12s  %s%n", cells);
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
