package dev.transvase.stream;

/** Tells whether a text is JSON, as RFC 8259 has it. Keeps nothing of it: the text itself is the value. */
final class JsonText {

    private static final int MAX_DEPTH = 512;

    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /** The text as it is. @throws IllegalArgumentException when it is not JSON */
    static String checked(String text) {
        JsonText json = new JsonText(text);
        json.value(0);
        if (json.at < text.length()) {
            throw json.wrong("the end");
        }
        return text;
    }

    private void value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("the JSON is nested deeper than " + MAX_DEPTH + " levels");
        }
        space();
        switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
        space();
    }

    private void object(int depth) {
        at++;
        space();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            space();
            string();
            space();
            expect(':');
            value(depth + 1);
            if (peek() != ',') {
                expect('}');
                return;
            }
            at++;
        }
    }

    private void array(int depth) {
        at++;
        space();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            value(depth + 1);
            if (peek() != ',') {
                expect(']');
                return;
            }
            at++;
        }
    }

    private void string() {
        expect('"');
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
                escape();
            } else if (peek() < ' ') {
                throw wrong("a printable character or an escape");
            } else {
                at++;
            }
        }
        at++;
    }

    private void escape() {
        char escaped = peek();
        at++;
        if (escaped == 'u') {
            for (int i = 0; i < 4; i++) {
                if (Character.digit(peek(), 16) < 0 || peek() > 'f') {
                    throw wrong("a hexadecimal digit");
                }
                at++;
            }
        } else if ("\"\\/bfnrt".indexOf(escaped) < 0) {
            at--;
            throw wrong("an escape");
        }
    }

    private void number() {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (peek() == '.') {
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
    }

    private void digits() {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == from) {
            throw wrong("a value");
        }
    }

    private void word(String word) {
        if (!text.startsWith(word, at)) {
            throw wrong("a value");
        }
        at += word.length();
    }

    private void space() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            at++;
        }
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw wrong("'" + wanted + "'");
        }
        at++;
    }

    /** The character here; at the end one that fits nowhere. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private IllegalArgumentException wrong(String wanted) {
        return new IllegalArgumentException("the text is not JSON: " + wanted + " expected at character " + (at + 1)
                + " (a JSON text needs its own quotes, as in \"value\": \"\\\"text\\\"\")");
    }
}
