package dev.transvase.core.parameter;

import static dev.transvase.core.error.CoreErrors.DUPLICATE_KEY;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Builds a tree from a parser. Unlike Jackson's own it goes on after a key that is given twice, so that all of them are
 * reported, and keeps numbers as they are written.
 */
final class JsonTree {

    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final JsonParser parser;
    private final Problems problems;

    JsonTree(JsonParser parser, Problems problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /** The value that starts at the parser's current token. */
    JsonNode read(String path) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(path);
            case START_ARRAY -> array(path);
            case VALUE_STRING -> nodes.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> DecimalNode.valueOf(parser.getDecimalValue());
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            default -> nodes.nullNode();
        };
    }

    private JsonNode integer() throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> nodes.numberNode(parser.getIntValue());
            case LONG -> nodes.numberNode(parser.getLongValue());
            default -> nodes.numberNode(parser.getBigIntegerValue());
        };
    }

    private ObjectNode object(String path) throws IOException {
        ObjectNode object = nodes.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            String where = JsonPath.key(path, name);
            if (object.has(name)) {
                int line = parser.currentTokenLocation().getLineNr();
                problems.error(where, DUPLICATE_KEY, "is a duplicate key in line " + line, "remove one of the two");
            }
            parser.nextToken();
            JsonNode value = read(where);
            object.putIfAbsent(name, value);
        }
        return object;
    }

    private ArrayNode array(String path) throws IOException {
        ArrayNode array = nodes.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(read(JsonPath.index(path, array.size())));
        }
        return array;
    }
}
