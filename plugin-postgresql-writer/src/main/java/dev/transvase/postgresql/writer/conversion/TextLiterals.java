package dev.transvase.postgresql.writer.conversion;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes the texts of arrays, composites, ranges and multiranges apart, as the server does. A text that is none is left to the server,
 * which refuses it.
 */
final class TextLiterals {

    private final String text;
    private int at;

    private TextLiterals(String text) {
        this.text = text;
    }

    /** An array's elements, of all dimensions, {@code null} for NULL; empty when the text is no array. */
    static Optional<List<String>> array(String text, char delimiter) {
        return new TextLiterals(text.strip()).elements(delimiter);
    }

    /** A composite's fields, {@code null} for NULL; empty when the text is no composite. */
    static Optional<List<String>> composite(String text) {
        String literal = text.strip();
        return literal.startsWith("(") && literal.endsWith(")")
                ? new TextLiterals(literal.substring(1, literal.length() - 1)).fields()
                : Optional.empty();
    }

    /** A range's bounds, {@code null} for none; empty when the text is no range, or the empty one. */
    static Optional<List<String>> range(String text) {
        String literal = text.strip();
        boolean bounds = literal.length() > 2
                && "[(".indexOf(literal.charAt(0)) >= 0
                && "])".indexOf(literal.charAt(literal.length() - 1)) >= 0;
        return bounds ? new TextLiterals(literal.substring(1, literal.length() - 1)).fields() : Optional.empty();
    }

    /** A multirange's ranges; empty when the text is no multirange. */
    static Optional<List<String>> multirange(String text) {
        String literal = text.strip();
        return literal.length() >= 2 && literal.startsWith("{") && literal.endsWith("}")
                ? Optional.of(new TextLiterals(literal.substring(1, literal.length() - 1)).ranges())
                : Optional.empty();
    }

    /** A bracket ends a range unless it is quoted. */
    private List<String> ranges() {
        List<String> ranges = new ArrayList<>();
        boolean quoted = false;
        int start = -1;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (start < 0) {
                start = c == '[' || c == '(' ? at : start;
            } else if (c == '\\') {
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ']' || c == ')')) {
                ranges.add(text.substring(start, at + 1));
                start = -1;
            }
        }
        return ranges;
    }

    private Optional<List<String>> elements(char delimiter) {
        if (text.startsWith("[")) {
            at = text.indexOf('=') + 1;
        }
        List<String> elements = new ArrayList<>();
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '{') {
                depth++;
                at++;
            } else if (c == '}') {
                depth--;
                at++;
            } else if (c == delimiter || Character.isWhitespace(c)) {
                at++;
            } else if (depth <= 0) {
                return Optional.empty();
            } else {
                elements.add(element(delimiter));
            }
        }
        return depth == 0 ? Optional.of(elements) : Optional.empty();
    }

    private String element(char delimiter) {
        StringBuilder element = new StringBuilder();
        boolean quoted = false;
        boolean ever = false;
        int kept = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                element.append(text.charAt(++at));
                kept = element.length();
            } else if (c == '"') {
                quoted = !quoted;
                ever = true;
                kept = element.length();
            } else if (!quoted && (c == delimiter || c == '}' || c == '{')) {
                break;
            } else {
                element.append(c);
                kept = quoted || !Character.isWhitespace(c) ? element.length() : kept;
            }
        }
        // White space behind an element is none of it.
        element.setLength(kept);
        return !ever && element.toString().equalsIgnoreCase("NULL") ? null : element.toString();
    }

    /** Fields of a composite, or bounds of a range. Nothing at all is NULL, a pair of quotes the empty text. */
    private Optional<List<String>> fields() {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == ',' && !quoted) {
                fields.add(any ? field.toString() : null);
                field.setLength(0);
                any = false;
                continue;
            }
            any = true;
            if (c == '\\' && at + 1 < text.length()) {
                field.append(text.charAt(++at));
            } else if (c == '"' && quoted && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                field.append(text.charAt(++at));
            } else if (c == '"') {
                quoted = !quoted;
            } else {
                field.append(c);
            }
        }
        fields.add(any ? field.toString() : null);
        return quoted ? Optional.empty() : Optional.of(fields);
    }
}
