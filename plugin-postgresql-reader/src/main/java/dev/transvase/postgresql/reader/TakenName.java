package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name that stands where a column's is expected, that is none, and that the server takes all the same.
 *
 * @param meaning what it takes it for
 */
record TakenName(String meaning) {

    private static final String PART = "(?:[\\p{L}_][\\p{L}\\p{N}_$]*|\"(?:[^\"]|\"\")+\")";

    /** One name, with the names of a table and perhaps its schema before it. */
    private static final Pattern NAME = Pattern.compile("((?:" + PART + "\\s*\\.\\s*){0,2})(" + PART + ")");

    private static final Set<String> CONSTANTS = Set.of("null", "true", "false");

    private static final Set<String> VALUES = Set.of(
            "current_catalog",
            "current_date",
            "current_role",
            "current_schema",
            "current_time",
            "current_timestamp",
            "current_user",
            "localtime",
            "localtimestamp",
            "session_user",
            "system_user",
            "user");

    private static final Set<String> SYSTEM_COLUMNS = Set.of("ctid", "oid", "tableoid", "xmin", "xmax", "cmin", "cmax");

    /** Empty for what is no mere name, for a constant, and for a column with the table's name before it. */
    static Optional<TakenName> of(String text, TableDescription table) {
        Matcher matcher = NAME.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean qualified = !matcher.group(1).isEmpty();
        boolean quoted = matcher.group(2).startsWith("\"");
        String name = SqlNames.quotedName(matcher.group(2)).orElseGet(() -> SqlNames.fold(matcher.group(2)));
        if (qualified ? table.column(name).isPresent() : !quoted && CONSTANTS.contains(name)) {
            return Optional.empty();
        }
        return Optional.of(new TakenName(meaning(name, qualified, quoted, table)));
    }

    private static String meaning(String name, boolean qualified, boolean quoted, TableDescription table) {
        if (SYSTEM_COLUMNS.contains(name)) {
            return "the system column " + name;
        }
        if (!qualified && !quoted && VALUES.contains(name)) {
            return "the SQL value " + name.toUpperCase(java.util.Locale.ROOT);
        }
        if (!qualified && name.equals(table.table().name())) {
            return "the whole row of the table";
        }
        return qualified ? "a call of the function " + name + " with the whole row" : "an SQL expression";
    }
}
