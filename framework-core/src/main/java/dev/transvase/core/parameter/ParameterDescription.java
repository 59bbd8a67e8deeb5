package dev.transvase.core.parameter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a parameter record takes, for {@code transvase describe}.
 *
 * @param entries its parameters in the record's order
 */
public record ParameterDescription(List<Entry> entries) {

    /**
     * A parameter.
     *
     * @param name its key; for one of a nested record with the way to it, for example {@code ssl.mode} or {@code
     *     column[].type}
     * @param type its type in words, for example {@code list of text}
     * @param required whether a job must give it
     * @param defaultValue the default as a job file would have it; empty when there is none
     * @param range the numbers allowed, for example {@code from 1 to 100}; empty when all are
     * @param meaning what it means
     * @param allowed the words allowed; empty when it is not a choice
     * @param nested the parameters inside of it; empty when it is not a record
     */
    public record Entry(
            String name,
            String type,
            boolean required,
            String defaultValue,
            String range,
            String meaning,
            List<String> allowed,
            List<Entry> nested) {}

    /** Describes a parameter record. */
    public static ParameterDescription of(Class<? extends Record> type) {
        return new ParameterDescription(entries(type, "", List.of()));
    }

    /** The description as lines for a terminal of 100 columns. */
    public String table() {
        return new DescriptionTable(100).of(this);
    }

    /** A JSON Schema, draft 2020-12, for the object that holds the parameters of {@code type}. */
    public static ObjectNode jsonSchema(Class<? extends Record> type, String title) {
        return ParameterSchema.of(type, title);
    }

    private static List<Entry> entries(Class<? extends Record> type, String prefix, List<Class<?>> around) {
        List<Class<?>> inside = new ArrayList<>(around);
        inside.add(type);
        return ParameterRecord.of(type).keys().stream()
                .map(key -> entry(key, prefix, inside))
                .toList();
    }

    private static Entry entry(ParameterRecord.Key key, String prefix, List<Class<?>> around) {
        ValueType type = key.type().present();
        String name = prefix + key.name();
        Range range = type == ValueType.Scalar.INT ? Range.of(key.rules()).ints() : Range.of(key.rules());
        boolean ranged = type instanceof ValueType.Scalar
                && (Range.of(key.rules()).hasMin() || Range.of(key.rules()).hasMax());
        return new Entry(
                name,
                words(type) + (key.rules().acceptsSingle() ? ", or one alone" : ""),
                key.rules().required(),
                key.rules().defaultValue(),
                ranged ? range.toString().strip() : "",
                key.meaning(),
                allowed(type),
                nested(type, name, around));
    }

    private static String words(ValueType type) {
        if (type instanceof ValueType.Many many) {
            return "list of " + words(many.of());
        } else if (type instanceof ValueType.Named named) {
            return "object of " + words(named.of());
        } else if (type instanceof ValueType.Maybe maybe) {
            return words(maybe.of());
        } else if (type instanceof ValueType.Choice) {
            return "word";
        } else if (type instanceof ValueType.Nested) {
            return "object";
        }
        return switch ((ValueType.Scalar) type) {
            case BOOLEAN -> "true or false";
            case INT, LONG -> "whole number";
            case DOUBLE -> "number";
            case TEXT -> "text";
            case SECRET -> "secret text";
            case PATH -> "file";
        };
    }

    private static List<String> allowed(ValueType type) {
        if (type instanceof ValueType.Choice choice) {
            return choice.words();
        } else if (type instanceof ValueType.Many many) {
            return allowed(many.of());
        } else if (type instanceof ValueType.Maybe maybe) {
            return allowed(maybe.of());
        }
        return type instanceof ValueType.Named named ? allowed(named.of()) : List.of();
    }

    /** A record that holds itself is described once. */
    private static List<Entry> nested(ValueType type, String name, List<Class<?>> around) {
        if (type instanceof ValueType.Nested nested) {
            return around.contains(nested.type()) ? List.of() : entries(nested.type(), name + ".", around);
        } else if (type instanceof ValueType.Many many) {
            return nested(many.of(), name + "[]", around);
        } else if (type instanceof ValueType.Maybe maybe) {
            return nested(maybe.of(), name, around);
        }
        return type instanceof ValueType.Named named ? nested(named.of(), name + ".*", around) : List.of();
    }
}
