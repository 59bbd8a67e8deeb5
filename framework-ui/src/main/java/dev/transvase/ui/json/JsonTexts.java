package dev.transvase.ui.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Iterator;
import java.util.Map;

/** Writes values as people do, and reads texts in quotes. */
final class JsonTexts {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int WIDEST = 100;

    private JsonTexts() {}

    static String unquoted(String quoted, int offset) throws JsonTextException {
        if (quoted.indexOf('\\') < 0) {
            return quoted.substring(1, quoted.length() - 1);
        }
        try {
            return MAPPER.readValue(quoted, String.class);
        } catch (JsonProcessingException e) {
            throw new JsonTextException(offset, "a text has a backslash that means nothing");
        }
    }

    static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    /**
     * The value in one line, or where that is too wide in several.
     *
     * @param indent what each further line begins with
     * @param unit what each level adds to it
     * @param lineBreak between lines; empty when all has to be one line
     */
    static String pretty(JsonNode value, String indent, String unit, String lineBreak) {
        String line = line(value);
        if (lineBreak.isEmpty()
                || indent.length() + line.length() <= WIDEST
                || !value.isContainerNode()
                || value.isEmpty()) {
            return line;
        }
        StringBuilder out = new StringBuilder();
        String inner = indent + unit;
        if (value.isArray()) {
            String separator = "[";
            for (JsonNode element : value) {
                out.append(separator).append(lineBreak).append(inner).append(pretty(element, inner, unit, lineBreak));
                separator = ",";
            }
            return out.append(lineBreak).append(indent).append(']').toString();
        }
        String separator = "{";
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            out.append(separator)
                    .append(lineBreak)
                    .append(inner)
                    .append(quoted(member.getKey()))
                    .append(": ");
            out.append(pretty(member.getValue(), inner, unit, lineBreak));
            separator = ",";
        }
        return out.append(lineBreak).append(indent).append('}').toString();
    }

    private static String line(JsonNode value) {
        if (!value.isContainerNode()) {
            return value.toString();
        }
        StringBuilder out = new StringBuilder();
        out.append(value.isArray() ? '[' : '{');
        if (value.isArray()) {
            for (Iterator<JsonNode> elements = value.elements(); elements.hasNext(); ) {
                out.append(line(elements.next())).append(elements.hasNext() ? ", " : "");
            }
        } else {
            for (Iterator<Map.Entry<String, JsonNode>> members =
                            value.properties().iterator();
                    members.hasNext(); ) {
                Map.Entry<String, JsonNode> member = members.next();
                out.append(quoted(member.getKey())).append(": ").append(line(member.getValue()));
                out.append(members.hasNext() ? ", " : "");
            }
        }
        return out.append(value.isArray() ? ']' : '}').toString();
    }
}
