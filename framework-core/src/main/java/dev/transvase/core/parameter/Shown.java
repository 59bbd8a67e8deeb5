package dev.transvase.core.parameter;

import com.fasterxml.jackson.databind.JsonNode;

/** How values of a file are shown in messages: shortened, on one line, lists and objects by their kind only. */
public final class Shown {

    private static final int LONGEST = 60;

    private Shown() {}

    /** {@code text} on one line, at most 60 characters of it. */
    public static String text(String text) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(text.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? ' ' : c);
        }
        return text.length() > LONGEST ? shown.append("...").toString() : shown.toString();
    }

    /** A scalar as the file has it, quotes included; a list or an object by its kind. */
    public static String value(JsonNode node) {
        if (node.isTextual()) {
            return '"' + text(node.textValue()) + '"';
        }
        return node.isValueNode() ? text(node.asText()) : kind(node);
    }

    /** What kind of value it is, without showing it. */
    public static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object {...}";
            case ARRAY -> "a list [...]";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            default -> "nothing";
        };
    }
}
