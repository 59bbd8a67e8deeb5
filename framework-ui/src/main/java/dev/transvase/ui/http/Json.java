package dev.transvase.ui.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Answers as JSON: a record is an object, an absent {@link Optional} is left out, an enum is its name in lower case, and whatever
 * else is no number, list or map is its text.
 */
public final class Json {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /** The value as a tree. */
    public static JsonNode tree(Object value) {
        if (value instanceof JsonNode node) {
            return node;
        } else if (value instanceof Optional<?> optional) {
            return optional.map(Json::tree).orElse(NODES.nullNode());
        } else if (value instanceof Record answer) {
            return object(answer);
        } else if (value instanceof Iterable<?> elements) {
            return array(elements.iterator());
        } else if (value instanceof Map<?, ?> map) {
            ObjectNode object = NODES.objectNode();
            map.forEach((key, element) -> object.set(String.valueOf(key), tree(element)));
            return object;
        } else if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        } else if (value instanceof Number number) {
            return number(number);
        } else if (value instanceof Enum<?> constant) {
            return NODES.textNode(word(constant));
        }
        return value == null ? NODES.nullNode() : NODES.textNode(value.toString());
    }

    /** An enum's constant as answers have it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static JsonNode number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            return NODES.numberNode(number.doubleValue());
        } else if (number instanceof BigDecimal decimal) {
            return DecimalNode.valueOf(decimal);
        } else if (number instanceof BigInteger integer) {
            return BigIntegerNode.valueOf(integer);
        }
        return NODES.numberNode(number.longValue());
    }

    private static ArrayNode array(Iterator<?> elements) {
        ArrayNode array = NODES.arrayNode();
        elements.forEachRemaining(element -> array.add(tree(element)));
        return array;
    }

    private static ObjectNode object(Record answer) {
        ObjectNode object = NODES.objectNode();
        for (RecordComponent component : answer.getClass().getRecordComponents()) {
            Object value = value(answer, component);
            if (value instanceof Optional<?> optional) {
                optional.ifPresent(present -> object.set(component.getName(), tree(present)));
            } else if (value instanceof OptionalLong optional) {
                optional.ifPresent(present -> object.put(component.getName(), present));
            } else {
                object.set(component.getName(), tree(value));
            }
        }
        return object;
    }

    private static Object value(Record answer, RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true); // answers need not be public
            return accessor.invoke(answer);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(answer.getClass() + " cannot be read", e);
        }
    }
}
