package dev.transvase.ui.json;

import java.util.ArrayList;
import java.util.List;

/**
 * The way to a value from the outermost one, written as findings do: {@code steps[0].parameter["my key"]}.
 *
 * @param steps names ({@link String}) and places in lists ({@link Integer})
 */
public record ValuePath(List<Object> steps) {

    public ValuePath {
        steps = List.copyOf(steps);
    }

    /** Reads it. */
    public static ValuePath parse(String text) throws JsonTextException {
        List<Object> steps = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '[') {
                int end = text.startsWith("[\"", at) ? quotedEnd(text, at + 1) : text.indexOf(']', at);
                if (end < 0 || end >= text.length() || text.charAt(end) != ']') {
                    throw new JsonTextException(at, "a bracket of the path is not closed");
                }
                steps.add(inBrackets(text.substring(at + 1, end), at));
                at = end + 1;
            } else {
                int start = c == '.' && at > 0 ? at + 1 : at;
                int end = start;
                while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
                    end++;
                }
                if (end == start) {
                    throw new JsonTextException(at, "a name of the path is empty");
                }
                steps.add(text.substring(start, end));
                at = end;
            }
        }
        return new ValuePath(steps);
    }

    private static int quotedEnd(String text, int quote) {
        int at = quote + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static Object inBrackets(String inside, int offset) throws JsonTextException {
        if (inside.startsWith("\"")) {
            return JsonTexts.unquoted(inside, offset);
        }
        if (inside.matches("\\d{1,9}")) {
            return Integer.valueOf(inside);
        }
        throw new JsonTextException(
                offset, "expected a number or a name in double quotes between the brackets of the path");
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    Object last() {
        return steps.get(steps.size() - 1);
    }

    ValuePath parent() {
        return new ValuePath(steps.subList(0, steps.size() - 1));
    }
}
