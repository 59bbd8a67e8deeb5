package dev.transvase.core.parameter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Writes a parameter record as JSON Schema, draft 2020-12, so that an editor can help with a job file. */
final class ParameterSchema {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String WHOLE = "^[+-]?[0-9]+$";
    private static final String NUMBER = "^[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$";

    private ParameterSchema() {}

    static ObjectNode of(Class<? extends Record> type, String title) {
        ObjectNode schema = NODES.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.setAll(record(type, List.of()));
        return schema;
    }

    private static ObjectNode record(Class<? extends Record> type, List<Class<?>> around) {
        ObjectNode schema = NODES.objectNode().put("type", "object");
        if (around.contains(type)) {
            return schema; // a record that holds itself is spelled out once
        }
        List<Class<?>> inside = new ArrayList<>(around);
        inside.add(type);
        ParameterRecord<?> record = ParameterRecord.of(type);
        ObjectNode properties = schema.putObject("properties");
        record.keys().forEach(key -> properties.set(key.name(), property(key, inside)));
        List<String> required = record.keys().stream()
                .filter(key -> key.rules().required())
                .map(ParameterRecord.Key::name)
                .toList();
        if (!required.isEmpty()) {
            required.forEach(schema.putArray("required")::add);
        }
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode property(ParameterRecord.Key key, List<Class<?>> around) {
        ValueType type = key.type().present();
        ObjectNode schema = value(type, Range.of(key.rules()), around);
        boolean holder = type instanceof ValueType.Many;
        if (key.rules().required()) {
            if (holder) {
                schema.put("minItems", 1);
            } else if (type == ValueType.Scalar.TEXT || type == ValueType.Scalar.PATH) {
                schema.put("minLength", 1);
            }
        }
        if (holder && key.rules().acceptsSingle()) {
            ObjectNode either = NODES.objectNode();
            either.putArray("anyOf").add(schema).add(value(((ValueType.Many) type).of(), Range.ANY, around));
            schema = either;
        }
        schema.put("description", key.meaning());
        if (key.hasDefault()) {
            schema.set("default", SchemaDefault.of(key));
        }
        return schema;
    }

    private static ObjectNode value(ValueType type, Range range, List<Class<?>> around) {
        ObjectNode schema = NODES.objectNode();
        if (type instanceof ValueType.Many many) {
            schema.put("type", "array").set("items", value(many.of(), Range.ANY, around));
        } else if (type instanceof ValueType.Named named) {
            schema.put("type", "object").set("additionalProperties", value(named.of(), Range.ANY, around));
        } else if (type instanceof ValueType.Choice choice) {
            choice.words().forEach(schema.putArray("enum")::add);
        } else if (type instanceof ValueType.Maybe maybe) {
            return value(maybe.of(), range, around);
        } else if (type instanceof ValueType.Nested nested) {
            return record(nested.type(), around);
        } else {
            scalar((ValueType.Scalar) type, range, schema);
        }
        return schema;
    }

    private static void scalar(ValueType.Scalar type, Range range, ObjectNode schema) {
        switch (type) {
            case BOOLEAN -> {
                schema.putArray("anyOf").addObject().put("type", "boolean");
                schema.withArray("anyOf")
                        .addObject()
                        .putArray("enum")
                        .add("true")
                        .add("false");
            }
            case INT -> number("integer", WHOLE, range.ints(), schema);
            case LONG -> number("integer", WHOLE, range, schema);
            case DOUBLE -> number("number", NUMBER, range, schema);
            case TEXT -> schema.putArray("type").add("string").add("number").add("boolean");
            case SECRET -> {
                schema.putArray("type").add("string").add("number").add("boolean");
                schema.put("writeOnly", true);
            }
            case PATH -> schema.put("type", "string").put("format", "path");
        }
    }

    private static void number(String type, String pattern, Range range, ObjectNode schema) {
        ObjectNode number = schema.putArray("anyOf").addObject().put("type", type);
        if (range.hasMin()) {
            number.put("minimum", range.min());
        }
        if (range.hasMax()) {
            number.put("maximum", range.max());
        }
        schema.withArray("anyOf").addObject().put("type", "string").put("pattern", pattern);
    }
}
