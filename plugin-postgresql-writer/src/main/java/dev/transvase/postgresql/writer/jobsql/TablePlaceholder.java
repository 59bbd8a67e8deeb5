package dev.transvase.postgresql.writer.jobsql;

import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.spi.table.TableName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts the target tables in the place of {@code @table} and {@code @{table}} in {@code preSql} and {@code postSql}.
 *
 * <p>Where {@code @table} stands alone it becomes the table's full name in quotes, as {@code @{table}} always does. As a part
 * of another name ({@code idx_@table}) and between quotes ({@code '@table'}) it becomes the name as the job has it, which is
 * what DataX puts everywhere.
 *
 * @param tables the target tables; a statement is made for each
 * @param written how the job has named them
 */
public record TablePlaceholder(Set<TableName> tables, List<String> written) {

    /** No tables: every statement stays as it is. */
    static final TablePlaceholder NONE = new TablePlaceholder(Set.of(), List.of());

    private static final Pattern PLACEHOLDER = Pattern.compile("@\\{table}|@table(?![A-Za-z])");

    /** What is around {@code @table} when it is a part of another name. */
    private static final Pattern BEFORE = Pattern.compile(".*[\\p{L}\\p{N}_$.]", Pattern.DOTALL);

    private static final Pattern AFTER = Pattern.compile("[\\p{L}\\p{N}_$].*", Pattern.DOTALL);

    public TablePlaceholder(List<TableName> tables, PostgresWriterParameters parameters) {
        this(new LinkedHashSet<>(tables), parameters.table());
    }

    /** Whether a statement names the table by a placeholder that stands alone. */
    static boolean isNamed(String statement) {
        Matcher found = PLACEHOLDER.matcher(statement);
        while (found.find()) {
            if (isWhole(statement, found)) {
                return true;
            }
        }
        return false;
    }

    /** A statement for each table; the statement itself when it has no placeholder or there is no table. */
    List<String> expand(String statement) {
        if (tables.isEmpty() || !PLACEHOLDER.matcher(statement).find()) {
            return List.of(statement);
        }
        List<String> expanded = new ArrayList<>();
        for (TableName table : tables) {
            expanded.add(expand(statement, table));
        }
        return expanded;
    }

    private String expand(String statement, TableName table) {
        Matcher found = PLACEHOLDER.matcher(statement);
        StringBuilder expanded = new StringBuilder();
        while (found.find()) {
            String name = isWhole(statement, found) ? SqlNames.quote(table) : asWritten(table);
            found.appendReplacement(expanded, Matcher.quoteReplacement(name));
        }
        return found.appendTail(expanded).toString();
    }

    private static boolean isWhole(String statement, Matcher found) {
        String before = statement.substring(0, found.start());
        String after = statement.substring(found.end());
        return found.group().equals("@{table}")
                || !(BEFORE.matcher(before).matches() || AFTER.matcher(after).matches() || endsInQuotes(before));
    }

    /** Whether a text ends within a literal or a quoted name; what dollar quotes hold is SQL most of the time. */
    private static boolean endsInQuotes(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = at + 1;
            if (text.startsWith("--", at)) {
                end = text.indexOf('\n', at);
            } else if (text.startsWith("/*", at)) {
                end = endOfComment(text, at);
            } else if (c == '"' || c == '\'') {
                end = endOfQuoted(text, at, c == '\'' && isEscaping(text, at));
                if (end < 0) {
                    return true;
                }
            }
            at = end < 0 ? text.length() : end;
        }
        return false;
    }

    /** Whether a literal is one with backslashes, {@code E'...'}. */
    private static boolean isEscaping(String text, int quote) {
        boolean marked = quote > 0 && (text.charAt(quote - 1) == 'E' || text.charAt(quote - 1) == 'e');
        return marked && (quote == 1 || !Character.isJavaIdentifierPart(text.charAt(quote - 2)));
    }

    /** Where what is quoted from there ends; -1 when it does not. A quote that is doubled starts over, which comes to the same. */
    private static int endOfQuoted(String text, int start, boolean escapes) {
        for (int i = start + 1; i < text.length(); i++) {
            if (escapes && text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == text.charAt(start)) {
                return i + 1;
            }
        }
        return -1;
    }

    /** Comments may hold others. */
    private static int endOfComment(String text, int start) {
        int open = 0;
        int at = start;
        while (at < text.length()) {
            if (text.startsWith("/*", at)) {
                open++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                open--;
                at += 2;
                if (open == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return -1;
    }

    private String asWritten(TableName table) {
        return Stream.<Predicate<TableName>>of(table::equals, named -> named.equals(new TableName("", table.name())))
                .flatMap(means -> written.stream().filter(text -> means.test(SqlNames.parseTable(text))))
                .findFirst()
                .map(String::strip)
                .orElseGet(table::toString);
    }
}
