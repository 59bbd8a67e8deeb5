package dev.transvase.ui.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.transvase.ui.json.JsonSpan.Many;
import dev.transvase.ui.json.JsonSpan.Member;
import dev.transvase.ui.json.JsonSpan.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JSON text that a person wrote, with comments perhaps. A change replaces, adds or removes one value; all that is not part of it, a
 * comma aside, stays byte for byte. Immutable.
 */
public final class JsonText {

    private static final String DEFAULT_UNIT = "  ";

    private final String text;
    private final JsonSpan root;

    private JsonText(String text, JsonSpan root) {
        this.text = text;
        this.root = root;
    }

    /** Reads a text. */
    public static JsonText of(String text) throws JsonTextException {
        return new JsonText(text, JsonScanner.scan(text));
    }

    /** The whole text. */
    public String text() {
        return text;
    }

    /** The outermost value. */
    public JsonSpan root() {
        return root;
    }

    /** The value at a path. */
    public Optional<JsonSpan> find(ValuePath path) {
        JsonSpan at = root;
        for (Object step : path.steps()) {
            Optional<JsonSpan> next = step(at, step);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    /** The value at a path, or where there is none the nearest one around it. */
    public JsonSpan nearest(ValuePath path) {
        JsonSpan at = root;
        for (Object step : path.steps()) {
            Optional<JsonSpan> next = step(at, step);
            if (next.isEmpty()) {
                return at;
            }
            at = next.get();
        }
        return at;
    }

    /** A name that is all digits may stand for a place in a list, and a list of one for its element is none of our business. */
    private static Optional<JsonSpan> step(JsonSpan from, Object step) {
        if (from instanceof Members members && step instanceof String name) {
            return members.member(name).map(Member::value);
        }
        if (from instanceof Many many
                && step instanceof Integer place
                && place < many.elements().size()) {
            return Optional.of(many.elements().get(place));
        }
        return Optional.empty();
    }

    /** The text of a scalar in quotes; empty when there is none at the path. */
    public Optional<String> string(ValuePath path) {
        return find(path).filter(span -> text.charAt(span.start()) == '"').flatMap(span -> {
            try {
                return Optional.of(JsonTexts.unquoted(span.in(text), span.start()));
            } catch (JsonTextException e) {
                return Optional.empty();
            }
        });
    }

    /**
     * Puts a value at a path. What is there is replaced; where there is nothing it is added behind what the object or list has, and
     * objects on the way that are missing are made. A list takes a place of its own length as one more element.
     *
     * @throws JsonTextException when the way leads through what is neither object nor list, or past the end of a list
     */
    public JsonText set(ValuePath path, JsonNode value) throws JsonTextException {
        Optional<JsonSpan> there = find(path);
        if (there.isPresent()) {
            JsonSpan old = there.get();
            String written = JsonTexts.pretty(value, indentAt(old.start()), unit(), lineBreak(old));
            return of(text.substring(0, old.start()) + written + text.substring(old.end()));
        }
        ValuePath parentPath = path.parent();
        Optional<JsonSpan> parent = find(parentPath);
        if (parent.isEmpty()) {
            JsonNode holder = path.last() instanceof String name
                    ? JsonNodeFactory.instance.objectNode().set(name, value)
                    : first(path, value);
            return set(parentPath, holder);
        }
        return add(parent.get(), path.last(), value);
    }

    private static ArrayNode first(ValuePath path, JsonNode value) throws JsonTextException {
        if (!path.last().equals(0)) {
            throw new JsonTextException(0, "there is no list to have a place " + path.last());
        }
        return JsonNodeFactory.instance.arrayNode().add(value);
    }

    private JsonText add(JsonSpan parent, Object step, JsonNode value) throws JsonTextException {
        List<JsonSpan> siblings;
        String name = "";
        if (parent instanceof Members members && step instanceof String key) {
            siblings = members.members().stream().map(Member::value).toList();
            name = JsonTexts.quoted(key) + ": ";
        } else if (parent instanceof Many many && step.equals(many.elements().size())) {
            siblings = many.elements();
        } else {
            throw new JsonTextException(
                    parent.start(),
                    parent instanceof Many
                            ? "the list has no place " + step
                            : "expected " + (step instanceof String ? "an object" : "a list")
                                    + " to put the value into");
        }
        boolean lines = !lineBreak(parent).isEmpty();
        int close = parent.end() - 1;
        if (siblings.isEmpty()) {
            return addFirst(parent, name, value, close);
        }
        JsonSpan last = siblings.get(siblings.size() - 1);
        int comma = JsonScanner.behindBlanks(text, last.end());
        boolean trailing = text.charAt(comma) == ',';
        int behind = behindComments(trailing ? comma + 1 : last.end(), close);
        boolean ownLine = lines && text.substring(parent.start(), first(parent)).contains("\n");
        String indent = ownLine ? indentAt(first(parent)) : "";
        String written = name + JsonTexts.pretty(value, indentAt(first(parent)), unit(), lines ? lineBreak() : "");
        StringBuilder changed = new StringBuilder(text.substring(0, last.end()));
        if (!trailing) {
            changed.append(',');
        }
        changed.append(text, last.end(), behind);
        boolean afterLineComment = endsWithLineComment(trailing ? comma + 1 : last.end(), behind);
        if (ownLine || afterLineComment) {
            changed.append(lineBreak()).append(ownLine ? indent : "");
        } else {
            changed.append(' ');
        }
        changed.append(written);
        if (trailing) {
            changed.append(',');
        }
        return of(changed.append(text.substring(behind)).toString());
    }

    private JsonText addFirst(JsonSpan parent, String name, JsonNode value, int close) throws JsonTextException {
        int inner = parent.start() + 1;
        int behind = JsonScanner.behindBlanks(text, inner) == close ? behindAllComments(inner, close) : inner;
        boolean comments = behind > inner;
        boolean lines = text.substring(inner, close).contains("\n") || comments;
        String outer = indentAt(parent.start());
        String indent = outer + unit();
        boolean wide = lines || (!lineBreak(root).isEmpty() && parent.equals(root));
        String written = name
                + JsonTexts.pretty(
                        value, wide ? indent : outer, unit(), lineBreak(root).isEmpty() ? "" : lineBreak());
        StringBuilder changed = new StringBuilder(text.substring(0, behind));
        if (wide) {
            changed.append(lineBreak()).append(indent).append(written);
            if (!text.substring(behind, close).contains("\n")) {
                changed.append(lineBreak()).append(outer);
            }
        } else {
            changed.append(written);
        }
        return of(changed.append(text.substring(behind)).toString());
    }

    /**
     * Removes the value at a path, with its name, its comma, and its line where it has one for itself. Comments stay.
     *
     * @throws JsonTextException when there is none, or when it is the outermost one
     */
    public JsonText remove(ValuePath path) throws JsonTextException {
        if (path.isEmpty()) {
            throw new JsonTextException(0, "the outermost value cannot be removed");
        }
        JsonSpan value = find(path).orElseThrow(() -> new JsonTextException(0, "there is no such value"));
        JsonSpan parent = find(path.parent()).orElseThrow();
        int start = value.start();
        int previousEnd = -1;
        if (parent instanceof Members members) {
            for (Member member : members.members()) {
                if (member.value().equals(value)) {
                    start = member.start();
                    break;
                }
                previousEnd = member.value().end();
            }
        } else if (path.last() instanceof Integer place && place > 0) {
            previousEnd = ((Many) parent).elements().get(place - 1).end();
        }
        int comma = JsonScanner.behindBlanks(text, value.end());
        boolean followed = text.charAt(comma) == ',';
        List<int[]> cuts = new ArrayList<>();
        if (followed && text.substring(value.end(), comma).isBlank()) {
            cuts.add(whole(start, comma + 1));
        } else if (followed) { // a comment stands before the comma
            cuts.add(whole(start, value.end()));
            cuts.add(new int[] {comma, comma + 1});
        } else if (previousEnd < 0) {
            cuts.add(whole(start, value.end()));
        } else {
            int before = JsonScanner.behindBlanks(text, previousEnd);
            if (text.substring(before + 1, start).isBlank()) {
                cuts.add(new int[] {before, value.end()});
            } else { // a comment stands behind the comma
                cuts.add(new int[] {before, before + 1});
                cuts.add(whole(start, value.end()));
            }
        }
        return of(without(cuts));
    }

    /** From one place to another, and the blanks beside that belong to nothing else then. */
    private int[] whole(int start, int to) {
        int from = start;
        while (from > 0 && isBlank(text.charAt(from - 1))) {
            from--;
        }
        int behind = to;
        while (behind < text.length() && isBlank(text.charAt(behind))) {
            behind++;
        }
        boolean startsLine = from == 0 || text.charAt(from - 1) == '\n';
        boolean endsLine = behind < text.length() && (text.charAt(behind) == '\n' || text.charAt(behind) == '\r');
        if (startsLine && endsLine) {
            int next = text.startsWith("\r\n", behind) ? behind + 2 : behind + 1;
            return new int[] {from, next};
        }
        return startsLine || endsLine
                ? new int[] {endsLine ? from : start, endsLine ? to : behind}
                : new int[] {start, behind};
    }

    private String without(List<int[]> cuts) {
        StringBuilder kept = new StringBuilder();
        int at = 0;
        for (int[] cut : cuts) {
            kept.append(text, at, cut[0]);
            at = cut[1];
        }
        return kept.append(text.substring(at)).toString();
    }

    /** The place behind comments that begin in the same line. */
    private int behindComments(int from, int close) throws JsonTextException {
        int at = from;
        while (true) {
            int next = at;
            while (next < close && isBlank(text.charAt(next))) {
                next++;
            }
            if (text.startsWith("//", next)) {
                return JsonScanner.lineEnd(text, next);
            }
            if (!text.startsWith("/*", next)) {
                return at;
            }
            at = text.indexOf("*/", next + 2) + 2;
        }
    }

    /** The place behind the last comment before a bracket, or the start when there is none. */
    private int behindAllComments(int from, int close) {
        int end = close;
        while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private boolean endsWithLineComment(int from, int to) {
        String between = text.substring(from, to);
        int block = between.lastIndexOf("*/");
        return between.indexOf("//", Math.max(block, 0)) >= 0;
    }

    /** Where the first member or element begins. */
    private static int first(JsonSpan parent) {
        return parent instanceof Members members
                ? members.members().get(0).start()
                : ((Many) parent).elements().get(0).start();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** What the line of this place begins with. */
    private String indentAt(int offset) {
        int line = offset;
        while (line > 0 && text.charAt(line - 1) != '\n' && text.charAt(line - 1) != '\r') {
            line--;
        }
        int end = line;
        while (end < offset && isBlank(text.charAt(end))) {
            end++;
        }
        return text.substring(line, end);
    }

    /** What each level adds to the indent: as the first line that has one. */
    private String unit() {
        if (root instanceof Members members && !members.members().isEmpty()) {
            String indent = indentAt(members.members().get(0).start());
            return indent.isEmpty() || indent.length() > 8 ? DEFAULT_UNIT : indent;
        }
        return DEFAULT_UNIT;
    }

    private String lineBreak() {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    /** The line break of the text where the value has one; otherwise nothing. */
    private String lineBreak(JsonSpan value) {
        String whole = value instanceof JsonSpan.Scalar ? text : value.in(text);
        return whole.contains("\n") ? lineBreak() : "";
    }
}
