package dev.transvase.distribution.jobs;

import dev.transvase.spi.table.TableName;
import dev.transvase.testing.TestingDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The tables of {@code regression/*.sql} in a database, as far as both servers of a test have their kind. */
final class RegressionSchema {

    /** Of a table's rows: how many there are and what all of them print, in an order that does not depend on the table's. */
    private static final String DIGEST =
            "SELECT count(*), md5(convert_to(string_agg(f.t, ',' ORDER BY f.t COLLATE \"C\"), 'UTF8')) FROM (";

    private static final String PRINTING =
            "SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';"
                    + " SET extra_float_digits = 3; SET bytea_output = 'hex'; SET xmloption = 'content'; SET lc_monetary = 'C';"
                    + " SET search_path = pg_catalog; SET row_security = off; SET quote_all_identifiers = off";

    private static final List<String> FILES = List.of("tables.sql", "rows.sql", "reactions.sql");

    /** So many characters before and behind the place where two rows differ are shown. */
    private static final int SHOWN = 60;

    private final TestingDatabase database;

    private RegressionSchema(TestingDatabase database) {
        this.database = database;
    }

    /** Which of the two databases. */
    enum Side {
        SOURCE,
        TARGET
    }

    /**
     * Makes it in an empty database; the target's tables stay empty.
     *
     * @param major the older of the servers
     * @param replacements for characters that the databases' encodings lack
     */
    static RegressionSchema create(TestingDatabase database, Side side, int major, Map<String, String> replacements)
            throws SQLException {
        database.execute("SET client_min_messages = error", "SET TimeZone = 'UTC'", "SET lc_monetary = 'C'");
        for (String file : FILES) {
            if (side == Side.SOURCE || !file.equals("rows.sql")) {
                String sql = script(file, side, major);
                for (Map.Entry<String, String> replacement : replacements.entrySet()) {
                    sql = sql.replace(replacement.getKey(), replacement.getValue());
                }
                database.execute("SET TimeZone = 'UTC'; SET client_min_messages = error;" + sql);
            }
        }
        return new RegressionSchema(database);
    }

    private static String script(String file, Side side, int major) {
        StringBuilder sql = new StringBuilder();
        boolean wanted = true;
        for (String line : resource(file).split("\n", -1)) {
            if (line.startsWith("--@ ")) {
                String[] words = line.substring(4).split(" ", -1);
                wanted = switch (words[0]) {
                    case "both" -> true;
                    case "since" -> major >= Integer.parseInt(words[1]);
                    default -> words[0].equalsIgnoreCase(side.name());
                };
            } else if (wanted) {
                sql.append(line).append('\n');
            }
        }
        return sql.toString();
    }

    private static String resource(String file) {
        try (InputStream in = RegressionSchema.class.getResourceAsStream("/regression/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empties the tables with these names. */
    void truncate() throws SQLException {
        String all = database.queryForString(
                "SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ') FROM pg_class c JOIN pg_namespace n"
                        + " ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%'"
                        + " AND n.nspname <> 'information_schema'");
        database.execute("TRUNCATE " + all);
    }

    /**
     * What could be moved, by name in quotes where it needs them, with its kind as the catalog has it: tables that are no
     * partitions, views, foreign tables, sequences.
     */
    Map<String, String> relations() throws SQLException {
        Map<String, String> kinds = new TreeMap<>();
        database.query(
                        "SELECT n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT c.relispartition"
                                + " AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema')")
                .forEach(row -> kinds.put(new TableName(row.get(0), row.get(1)).toString(), row.get(2)));
        return kinds;
    }

    /** What each table holds by itself, without its children; of partitioned ones, what each partition holds. */
    Map<String, Content> contents() throws SQLException {
        Map<TableName, List<String>> forms = new LinkedHashMap<>();
        database.query("SELECT n.nspname, c.relname, a.attname, t.typname"
                        + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                        + " LEFT JOIN pg_type t ON t.oid = a.atttypid"
                        + " WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema',"
                        + " 'unread') ORDER BY n.nspname, c.relname, a.attname")
                .forEach(row -> {
                    List<String> columns =
                            forms.computeIfAbsent(new TableName(row.get(0), row.get(1)), t -> new ArrayList<>());
                    if (row.get(2) != null) {
                        columns.add(form(quote(row.get(2)), row.get(3)));
                    }
                });
        Map<String, Content> contents = new TreeMap<>();
        for (Map.Entry<TableName, List<String>> table : forms.entrySet()) {
            if (!table.getValue().isEmpty()) {
                contents.put(table.getKey().toString(), content(table.getKey(), table.getValue()));
            }
        }
        return contents;
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private Content content(TableName table, List<String> forms) throws SQLException {
        // An array has no limit to its elements as a call has to its arguments.
        String rows = "SELECT ARRAY[" + String.join(", ", forms) + "]::text AS t FROM ONLY " + quote(table.namespace())
                + '.' + quote(table.name());
        List<String> digest = printed(DIGEST + rows + ") f").get(0);
        return new Content(Long.parseLong(digest.get(0)), String.valueOf(digest.get(1)), rows);
    }

    /**
     * The rows of a table.
     *
     * @param rows how many
     * @param digest of what they print
     * @param query that prints them
     */
    record Content(long rows, String digest, String query) {

        boolean same(Content other) {
            return rows == other.rows && digest.equals(other.digest);
        }
    }

    /** Where what this database has for a table first differs from what another has. */
    String difference(Content mine, RegressionSchema other, Content theirs) throws SQLException {
        List<String> more = new ArrayList<>(rows(mine));
        List<String> less = new ArrayList<>(other.rows(theirs));
        List<String> all = List.copyOf(more);
        less.forEach(more::remove);
        all.forEach(less::remove);
        String found = more.isEmpty() ? "" : more.get(0);
        String expected = less.isEmpty() ? "" : less.get(0);
        int same = 0;
        while (same < Math.min(found.length(), expected.length()) && found.charAt(same) == expected.charAt(same)) {
            same++;
        }
        return more.size() + " rows of " + mine.rows() + " are others, " + less.size() + " of " + theirs.rows()
                + " are missing; found " + around(found, same) + ", expected " + around(expected, same);
    }

    private static String around(String text, int place) {
        int from = Math.max(0, place - SHOWN);
        return text.substring(Math.min(from, text.length()), Math.min(text.length(), place + SHOWN));
    }

    private List<String> rows(Content content) throws SQLException {
        return printed("SELECT f.t FROM (" + content.query() + ") f ORDER BY f.t COLLATE \"C\"").stream()
                .map(row -> row.get(0))
                .collect(Collectors.toList());
    }

    /**
     * What the type's output function gives, of xml all of it; NULL for NULL, which a row of NULLs is not. Floats are compared by
     * their bits, since servers before 12 print more digits than tell them.
     */
    private static String form(String column, String type) {
        String printed = switch (type) {
            case "xml" -> column + "::text";
            case "_xml" -> "format('%s', " + column + "::text[])";
            case "float4", "float8" -> "encode(" + type + "send(" + column + "), 'hex')";
            case "point", "line", "lseg", "box", "path", "circle" -> "encode(" + type + "_send(" + column + "), 'hex')";
            case "polygon" -> "encode(poly_send(" + column + "), 'hex')";
            default -> "format('%s', " + column + ")";
        };
        return "CASE WHEN " + column + " IS DISTINCT FROM NULL THEN '=' || " + printed + " ELSE 'NULL' END";
    }

    private List<List<String>> printed(String sql) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(PRINTING);
            List<List<String>> rows = new ArrayList<>();
            try (var result = statement.executeQuery(sql)) {
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }
}
