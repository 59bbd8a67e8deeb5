package dev.transvase.postgresql.sql;

import static dev.transvase.postgresql.error.PostgresErrors.INVALID_NAME;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Names in SQL: the one place that quotes them, and the one that reads what a job file says. */
public final class SqlNames {

    /** In bytes, of a server that was built as usual. */
    private static final int LONGEST_NAME = 63;

    private SqlNames() {}

    /** The name in double quotes, with those within doubled. */
    public static String quote(String name) {
        if (name.indexOf('\0') >= 0) {
            throw TransvaseException.of(
                    INVALID_NAME, "a name cannot contain a null character: " + name.replace('\0', ' '));
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The quoted name, with its schema when it has one. */
    public static String quote(TableName table) {
        return table.namespace().isEmpty() ? quote(table.name()) : quote(table.namespace()) + '.' + quote(table.name());
    }

    /**
     * Reads {@code name} or {@code schema.name}. As in SQL, a part without double quotes is folded to lower case; unlike
     * in SQL it may hold any character but a dot, a quote and white space, so that {@code 123Test} and {@code my-table}
     * do not fail for want of quotes. A part is cut off after 63 bytes, as the server does.
     *
     * @throws TransvaseException with code {@code INVALID_NAME} when it is neither
     */
    public static TableName parseTable(String text) {
        List<String> parts = parts(text);
        return switch (parts.size()) {
            case 1 -> new TableName("", parts.get(0));
            case 2 -> new TableName(parts.get(0), parts.get(1));
            default -> throw invalid(text, "it has " + parts.size() + " parts");
        };
    }

    /**
     * What is between the quotes when the text is one name in double quotes and nothing else; empty otherwise, so for
     * {@code a}, {@code "a" + 1} and {@code "a"."b"}.
     */
    public static Optional<String> quotedName(String text) {
        String trimmed = text.strip();
        if (trimmed.length() < 3 || trimmed.charAt(0) != '"') {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder();
        int end = endOfQuoted(trimmed, 0, name);
        return end == trimmed.length() ? Optional.of(name.toString()) : Optional.empty();
    }

    /**
     * The name as the server folds it when it is not in double quotes: ASCII letters in lower case, and no others, whatever the
     * language. {@code Ä} and {@code İ} stay as they are.
     */
    public static String fold(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            folded.append(fold(name.charAt(i)));
        }
        return folded.toString();
    }

    /**
     * What a name in a job file stands for among things that have names, such as the columns of a table. In double quotes it is taken
     * just as it is. Without them, too, when something is called exactly so; failing that it is folded as the server folds it.
     * A text that is no name, such as {@code "a"."b"}, is looked for as it stands.
     *
     * @param text what the job file says; white space around it does not count
     * @param exact finds what has just this name
     * @return empty when nothing is called so
     */
    public static <T> Optional<T> resolve(String text, Function<String, Optional<T>> exact) {
        Optional<String> quoted = quotedName(text);
        if (quoted.isPresent()) {
            return exact.apply(quoted.get());
        }
        String name = text.strip();
        return exact.apply(name).or(() -> exact.apply(fold(name)));
    }

    /** A string as an SQL literal that means the same whatever standard_conforming_strings says. */
    public static String literal(String value) {
        String doubled = value.replace("'", "''");
        return value.indexOf('\\') < 0 ? '\'' + doubled + '\'' : " E'" + doubled.replace("\\", "\\\\") + '\'';
    }

    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        String trimmed = text.strip();
        while (true) {
            StringBuilder part = new StringBuilder();
            at = trimmed.startsWith("\"", at) ? quoted(text, trimmed, at, part) : bare(trimmed, at, part);
            if (part.isEmpty()) {
                throw invalid(text, "one of its parts is empty");
            }
            parts.add(cut(part.toString()));
            if (at == trimmed.length()) {
                return parts;
            }
            if (trimmed.charAt(at) != '.') {
                throw invalid(text, "a dot was expected before " + trimmed.substring(at));
            }
            at++;
        }
    }

    /** As much of a name as the server keeps of one in a statement, without half a character at its end. */
    public static String cut(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(bytes.length, LONGEST_NAME);
        while (end < bytes.length && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** Reads a part in double quotes, which must be closed, and returns where it ends. */
    public static int quoted(String text, String trimmed, int start, StringBuilder part) {
        int end = endOfQuoted(trimmed, start, part);
        if (end < 0) {
            throw invalid(text, "a double quote is not closed");
        }
        return end;
    }

    /** Reads a part in double quotes and returns where it ends; -1 when it does not. */
    private static int endOfQuoted(String text, int start, StringBuilder part) {
        int at = start + 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '"') {
                part.append(c);
                at++;
            } else if (text.startsWith("\"\"", at)) {
                part.append('"');
                at += 2;
            } else {
                return at + 1;
            }
        }
        return -1;
    }

    /** Reads a part without quotes, folded as the server folds: ASCII only. Returns where it ends. */
    private static int bare(String text, int start, StringBuilder part) {
        int at = start;
        while (at < text.length() && text.charAt(at) != '.') {
            part.append(bare(text, text.charAt(at)));
            at++;
        }
        return at;
    }

    /** A character without quotes around it, folded. */
    public static char bare(String text, char c) {
        if (c == '"' || c <= ' ' || Character.isWhitespace(c)) {
            throw invalid(text, "a part that contains quotes or white space must be in double quotes");
        }
        return fold(c);
    }

    private static char fold(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    public static TransvaseException invalid(String text, String why) {
        return TransvaseException.of(
                INVALID_NAME,
                "not a table name: " + text + " (" + why + "); expected name or schema.name, with double quotes"
                        + " around a part that contains capitals, dots or spaces");
    }
}
