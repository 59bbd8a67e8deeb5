package dev.transvase.core.job;

import java.util.function.UnaryOperator;

/** Finds {@code ${NAME}} in JSON where no text and no comment is: as a value, or as elements of a list. */
final class UnquotedVariables {

    private UnquotedVariables() {}

    /** Replaces each by what {@code value} gives for its name; all else stays as it is. */
    static String replace(String json, UnaryOperator<String> value) {
        StringBuilder replaced = new StringBuilder(json.length());
        int at = 0;
        while (at < json.length()) {
            int end = end(json, at);
            if (json.startsWith("${", at) && end > at + 1) {
                replaced.append(value.apply(json.substring(at + 2, end - 1)));
            } else {
                replaced.append(json, at, end);
            }
            at = end;
        }
        return replaced.toString();
    }

    /** Where what begins here ends: a text, a comment, a variable, else a character. */
    private static int end(String json, int at) {
        char c = json.charAt(at);
        if (c == '"') {
            return endOfText(json, at + 1);
        } else if (json.startsWith("//", at)) {
            return after(json, "\n", at);
        } else if (json.startsWith("/*", at)) {
            return after(json, "*/", at + 2);
        } else if (json.startsWith("${", at)) {
            int close = json.indexOf('}', at);
            return close < 0 || json.substring(at, close).contains("\n") ? at + 1 : close + 1;
        }
        return at + 1;
    }

    private static int endOfText(String json, int from) {
        for (int i = from; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                return i + 1;
            }
        }
        return json.length();
    }

    private static int after(String json, String end, int from) {
        int found = json.indexOf(end, from);
        return found < 0 ? json.length() : found + end.length();
    }
}
