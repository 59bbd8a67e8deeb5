package dev.transvase.core.parameter;

import static dev.transvase.core.error.CoreErrors.PARAMETER_RECORD_INVALID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Reach;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A parameter record seen as the keys it takes. A record that breaks the rules of {@link Parameter} is a plugin's defect
 * and gives an INTERNAL {@link TransvaseException}.
 */
record ParameterRecord<R extends Record>(Class<R> type, List<Key> keys) {

    /**
     * A component as a job file sees it.
     *
     * @param name the component's name; the trailing underscore that a Java keyword needs is not part of it
     */
    record Key(String name, ValueType type, Parameter rules) {

        boolean hasDefault() {
            return !rules.defaultValue().isEmpty();
        }

        /** What it means, and what of it is not allowed in a restricted run. */
        String meaning() {
            boolean file = type.leaf() == ValueType.Scalar.PATH;
            String limit = switch (file ? Reach.FILE : rules.reach()) {
                case CODE, CONNECTION -> " Not allowed with --restricted.";
                case EXPRESSION -> " With --restricted, only names and constants.";
                case FILE -> " With --restricted, only in the job file's folder.";
                case UNDECLARED ->
                    type.leaf() == ValueType.Scalar.TEXT || type.leaf() == ValueType.Scalar.SECRET
                            ? " Not allowed with --restricted."
                            : "";
                case VALUE -> "";
            };
            return rules.description() + limit;
        }

        /** The default as JSON: a scalar's text as it is, anything else parsed. */
        JsonNode defaultValue() {
            String text = rules.defaultValue();
            boolean structured = text.startsWith("[") || text.startsWith("{");
            ValueType present = type.present();
            if (!structured || present instanceof ValueType.Scalar || present instanceof ValueType.Choice) {
                return TextNode.valueOf(text);
            }
            try {
                return JsonFile.value(text);
            } catch (IOException e) {
                throw defect("the default of " + name + " is not JSON: " + text);
            }
        }
    }

    static <R extends Record> ParameterRecord<R> of(Class<R> type) {
        List<Key> keys = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            keys.add(key(type, component));
        }
        return new ParameterRecord<>(type, List.copyOf(keys));
    }

    List<String> names() {
        return keys.stream().map(Key::name).toList();
    }

    /**
     * Makes the record.
     *
     * @throws IllegalArgumentException when its constructor refuses the values
     */
    R create(Object[] values) {
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true); // a plugin need not make its parameter record public
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw TransvaseException.of(
                    PARAMETER_RECORD_INVALID, "the constructor of " + type.getName() + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw TransvaseException.of(PARAMETER_RECORD_INVALID, "cannot make a " + type.getName(), e);
        }
    }

    static TransvaseException defect(String what) {
        return TransvaseException.of(PARAMETER_RECORD_INVALID, what, null);
    }

    private static Key key(Class<?> owner, RecordComponent component) {
        String where = owner.getName() + "." + component.getName();
        Parameter rules = Optional.ofNullable(component.getAnnotation(Parameter.class))
                .orElseThrow(() -> defect(where + " has no @Parameter"));
        ValueType type = ValueType.of(component.getGenericType(), where);
        boolean mayBeAbsent = type instanceof ValueType.Maybe
                || type instanceof ValueType.Many
                || type instanceof ValueType.Named
                || rules.required()
                || !rules.defaultValue().isEmpty();
        if (!mayBeAbsent) {
            throw defect(where + " must be required or have a default");
        }
        String name = component.getName();
        return new Key(name.endsWith("_") ? name.substring(0, name.length() - 1) : name, type, rules);
    }
}
