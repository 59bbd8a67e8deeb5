package dev.transvase.ui.json;

import dev.transvase.ui.json.JsonSpan.Many;
import dev.transvase.ui.json.JsonSpan.Member;
import dev.transvase.ui.json.JsonSpan.Members;
import dev.transvase.ui.json.JsonSpan.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the values of a text. Comments, trailing commas and {@code ${NAME}} without quotes are taken as a job file's are; what a value
 * that is no list and no object says is not looked at.
 */
final class JsonScanner {

    private static final int DEEPEST = 200;

    private final String text;
    private int at;
    private int depth;

    private JsonScanner(String text) {
        this.text = text;
    }

    /** The outermost value. */
    static JsonSpan scan(String text) throws JsonTextException {
        JsonScanner scanner = new JsonScanner(text);
        if (text.startsWith("\uFEFF")) {
            scanner.at = 1;
        }
        scanner.skip();
        JsonSpan value = scanner.value();
        scanner.skip();
        if (scanner.at < text.length()) {
            throw scanner.unexpected("the end");
        }
        return value;
    }

    /** The place behind blanks and comments that begin here. */
    static int behindBlanks(String text, int from) throws JsonTextException {
        JsonScanner scanner = new JsonScanner(text);
        scanner.at = from;
        scanner.skip();
        return scanner.at;
    }

    private JsonSpan value() throws JsonTextException {
        if (at >= text.length()) {
            throw unexpected("a value");
        }
        char first = text.charAt(at);
        if (first == '{' || first == '[') {
            if (++depth > DEEPEST) {
                throw new JsonTextException(at, "a value is nested too deeply");
            }
            JsonSpan value = first == '{' ? members() : many();
            depth--;
            return value;
        }
        int start = at;
        if (first == '"') {
            quoted();
        } else {
            word();
        }
        return new Scalar(start, at);
    }

    private Members members() throws JsonTextException {
        int start = at++;
        List<Member> members = new ArrayList<>();
        skip();
        while (!takes('}')) {
            int nameStart = at;
            if (at >= text.length() || text.charAt(at) != '"') {
                throw unexpected("a name in double quotes, or }");
            }
            quoted();
            String name = JsonTexts.unquoted(text.substring(nameStart, at), nameStart);
            skip();
            if (!takes(':')) {
                throw unexpected("a colon");
            }
            skip();
            members.add(new Member(nameStart, name, value()));
            skip();
            if (!takes(',') && !isAt('}')) {
                throw unexpected("a comma or }");
            }
            skip();
        }
        return new Members(start, at, members);
    }

    private Many many() throws JsonTextException {
        int start = at++;
        List<JsonSpan> elements = new ArrayList<>();
        skip();
        while (!takes(']')) {
            elements.add(value());
            skip();
            if (!takes(',') && !isAt(']')) {
                throw unexpected("a comma or ]");
            }
            skip();
        }
        return new Many(start, at, elements);
    }

    private void quoted() throws JsonTextException {
        int start = at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
            }
            at++;
        }
        if (at >= text.length()) {
            throw new JsonTextException(start, "a text is not closed");
        }
        at++;
    }

    private void word() throws JsonTextException {
        int start = at;
        while (at < text.length() && ",:]}/\"[{ \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
            if (text.startsWith("${", at - 1)) {
                at = text.indexOf('}', at) + 1;
                if (at == 0) {
                    throw new JsonTextException(start, "a variable is not closed");
                }
            }
        }
        if (at == start) {
            throw unexpected("a value");
        }
    }

    private void skip() throws JsonTextException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else if (text.startsWith("//", at)) {
                at = lineEnd(text, at);
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw new JsonTextException(at, "a comment is not closed");
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }

    /** Where the line that this place is in ends: its line break, or the text's end. */
    static int lineEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    private boolean isAt(char expected) {
        return at < text.length() && text.charAt(at) == expected;
    }

    private boolean takes(char expected) {
        if (isAt(expected)) {
            at++;
            return true;
        }
        return false;
    }

    private JsonTextException unexpected(String expected) {
        String found = at >= text.length() ? "the end" : "`" + text.charAt(at) + "`";
        return new JsonTextException(Math.min(at, text.length()), "expected " + expected + ", found " + found);
    }
}
