package dev.transvase.core.parameter;

import static dev.transvase.core.error.CoreErrors.JSON_SYNTAX;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells a person where a file stops being JSON and what usually is the reason. */
final class SyntaxProblem {

    private static final Pattern OPENED = Pattern.compile("start marker at .*?line: (\\d+), column: (\\d+)");

    private SyntaxProblem() {}

    static void report(JsonProcessingException error, String text, String path, Problems problems) {
        JsonLocation at = error.getLocation();
        String reason = error.getOriginalMessage();
        String found = character(at, text);
        add(at, path, problems, message(reason, found), remedy(reason, found));
    }

    static void afterTheEnd(JsonLocation at, String path, Problems problems) {
        add(at, path, problems, "there is text after the end of the outermost value", "probably a bracket too many");
    }

    private static void add(JsonLocation at, String path, Problems problems, String message, String remedy) {
        String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
        problems.error(path, JSON_SYNTAX, where + message, remedy);
    }

    private static String message(String reason, String found) {
        if (reason.startsWith("Unexpected end-of-input")) {
            Matcher opened = OPENED.matcher(reason);
            return opened.find()
                    ? "the file ends before what line " + opened.group(1) + ", column " + opened.group(2)
                            + " opened is closed"
                    : "the file ends too early";
        }
        if (reason.contains("nesting depth") || reason.contains("exceeds the maximum")) {
            return "a value is too long or nested too deeply";
        }
        return found.isEmpty() ? "this is not JSON" : "this is not JSON, from " + found + " on";
    }

    private static String remedy(String reason, String found) {
        if (reason.startsWith("Unexpected end-of-input")) {
            return "a bracket, a quote or the end of a comment is missing";
        } else if (found.equals("`$`")) {
            return "put quotes around it: \"${NAME}\"; a number may stand in quotes too";
        } else if (found.equals("`'`")) {
            return "use double quotes";
        } else if (reason.contains("was expecting comma")) {
            return "a comma is missing before it, or a quote inside a text needs a backslash: \\\"";
        } else if (reason.contains("was expecting double-quote to start field name")) {
            return "expected a name in double quotes; perhaps there is a comma too many";
        } else if (reason.contains("was expecting a colon")) {
            return "a colon is missing between a name and its value";
        } else if (reason.startsWith("Unexpected close marker")) {
            return "the brackets do not match: a { needs a }, a [ needs a ]";
        } else if (reason.contains("CTRL-CHAR")) {
            return "a text must end on the line it starts on: close its quotes, or write \\n for a line break";
        } else if (reason.contains("character escape")) {
            return "write \\\\ for a backslash inside a text";
        } else if (reason.startsWith("Unrecognized token")) {
            return "put texts in double quotes; write true, false and null in lower case";
        }
        return "";
    }

    private static String character(JsonLocation at, String text) {
        if (at == null) {
            return "";
        }
        int position = (int) at.getCharOffset();
        // The parser may point behind a word that it does not know; what matters is how the word starts.
        if (position < 0 || position >= text.length()) {
            return "";
        }
        char c = text.charAt(position);
        return Character.isISOControl(c) ? "" : "`" + c + "`";
    }
}
