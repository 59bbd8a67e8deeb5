package dev.transvase.cli.text;

/**
 * Makes text that comes from outside, such as names, values, paths and a server's messages, safe to show: nothing in it moves a
 * terminal's cursor, changes its colours, reorders letters or begins a line that looks like one of ours.
 */
public final class Printable {

    private Printable() {}

    /** The text as one line, with what cannot be shown as JSON would write it. */
    public static String line(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHidden(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isHidden(c)) {
                escaped.append(c);
            } else if (c == '\n') {
                escaped.append("\\n");
            } else if (c == '\t') {
                escaped.append(' ');
            } else {
                escaped.append(String.format("\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }

    private static boolean isHidden(char c) {
        boolean reorders = (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
        return Character.isISOControl(c) || reorders || c == '\u2028' || c == '\u2029';
    }
}
