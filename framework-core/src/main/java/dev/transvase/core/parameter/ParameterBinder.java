package dev.transvase.core.parameter;

import static dev.transvase.core.error.CoreErrors.IGNORED_PARAMETER;
import static dev.transvase.core.error.CoreErrors.INVALID_PARAMETER;
import static dev.transvase.spi.error.CommonErrors.MISSING_PARAMETER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.spi.error.Spelling;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.spi.parameter.Validated;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a parameter record from JSON by the rules of {@link dev.transvase.spi.parameter.Parameter}. All that is wrong is reported at
 * once; a value that belongs to a {@link dev.transvase.spi.parameter.Secret} never appears in a message.
 *
 * <p>Beyond those rules a component may be a {@link Path}: relative ones start at a base folder. A component whose name
 * would be a Java keyword ends in an underscore, which is not part of the key.
 */
public final class ParameterBinder {

    private final Problems problems;
    private final ScalarReader scalars;
    private final Leniency leniency;

    private ParameterBinder(Path baseFolder, Problems problems, Leniency leniency) {
        this.problems = problems;
        this.scalars = new ScalarReader(baseFolder);
        this.leniency = leniency;
    }

    /**
     * What a file may hold although the record does not ask for it, and what of it must not be shown.
     *
     * @param ignored keys of the outermost object that other tools write and that mean nothing here: a warning each
     * @param hidden paths of values that came from outside the file and are not shown
     * @param unknown what any other key is that the record does not ask for, in nested objects too
     * @param blankIsAbsent whether a blank text counts as absent where no text is asked for, and null in a list of texts
     *     as a blank one
     */
    public record Leniency(Set<String> ignored, Set<String> hidden, UnknownKeys unknown, boolean blankIsAbsent) {

        /** Nothing is ignored and nothing is hidden but secrets. */
        public static final Leniency NONE = new Leniency(Set.of(), Set.of());

        /** Other unknown keys are errors. */
        public Leniency(Set<String> ignored, Set<String> hidden) {
            this(ignored, hidden, UnknownKeys.REFUSED, false);
        }
    }

    /** As {@link #bind(Class, ObjectNode, String, Path, Problems, Leniency)}; every unknown key is an error. */
    public static <R extends Record> Optional<R> bind(
            Class<R> type, ObjectNode json, String path, Path baseFolder, Problems problems) {
        return bind(type, json, path, baseFolder, problems, Leniency.NONE);
    }

    /**
     * Binds {@code json}.
     *
     * @param path where {@code json} stands, for messages
     * @param baseFolder where relative paths start
     * @return empty after an error, which is then in {@code problems}
     * @throws dev.transvase.spi.error.TransvaseException INTERNAL when the record itself breaks the rules
     */
    public static <R extends Record> Optional<R> bind(
            Class<R> type, ObjectNode json, String path, Path baseFolder, Problems problems, Leniency leniency) {
        return new ParameterBinder(baseFolder, problems, leniency).record(type, json, path, leniency.ignored());
    }

    private <R extends Record> Optional<R> record(Class<R> type, ObjectNode json, String path, Set<String> ignored) {
        ParameterRecord<R> record = ParameterRecord.of(type);
        boolean good = reportUnknown(record.names(), json, path, ignored);
        Object[] values = new Object[record.keys().size()];
        for (int i = 0; i < values.length; i++) {
            ParameterRecord.Key key = record.keys().get(i);
            Optional<Object> value = component(key, json.get(key.name()), JsonPath.key(path, key.name()));
            values[i] = value.orElse(null);
            good &= value.isPresent();
        }
        if (good) {
            return create(record, values, path);
        }
        validateAllTheSame(record, values, path);
        return Optional.empty();
    }

    /**
     * Looks for what else is wrong when nothing is but that required texts are missing: they are taken as empty, and what is said
     * of them is left out.
     */
    private <R extends Record> void validateAllTheSame(ParameterRecord<R> record, Object[] values, String path) {
        Set<String> missing = new HashSet<>();
        for (int i = 0; i < values.length; i++) {
            ParameterRecord.Key key = record.keys().get(i);
            if (values[i] == null) {
                if (!key.rules().required() || key.type().present() != ValueType.Scalar.TEXT) {
                    return;
                }
                missing.add(key.name());
                values[i] = key.type() instanceof ValueType.Maybe ? Optional.of("") : "";
            }
        }
        try {
            if (record.create(values) instanceof Validated validated) {
                validated.validate(new PathChecks(problems, path, missing));
            }
        } catch (RuntimeException e) {
            // The record is not made for an empty text there, which has been reported already.
        }
    }

    private <R extends Record> Optional<R> create(ParameterRecord<R> record, Object[] values, String path) {
        R made;
        try {
            made = record.create(values);
        } catch (IllegalArgumentException refused) {
            problems.error(path, INVALID_PARAMETER, refused.getMessage(), "");
            return Optional.empty();
        }
        if (made instanceof Validated validated) {
            int before = problems.errors().size();
            validated.validate(problems.at(path));
            return problems.errors().size() == before ? Optional.of(made) : Optional.empty();
        }
        return Optional.of(made);
    }

    private boolean reportUnknown(List<String> known, ObjectNode json, String path, Set<String> ignored) {
        boolean good = true;
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            String name = field.getKey();
            if (known.contains(name)) {
                continue;
            }
            String where = JsonPath.key(path, name);
            if (ignored.contains(name) && field.getValue().isNull()) {
                continue;
            }
            if (ignored.contains(name)) {
                problems.warn(where, IGNORED_PARAMETER, "has no meaning here and is ignored", "");
            } else {
                good &= leniency.unknown().report(name, where, known, problems);
            }
        }
        return good;
    }

    /** The value of a component; empty after an error, an empty {@link Optional} inside when it is absent. */
    private Optional<Object> component(ParameterRecord.Key key, JsonNode given, String path) {
        boolean absent = given == null || given.isNull() || given.isMissingNode() || isBlankInPlaceOf(key, given);
        if (absent && key.hasDefault()) {
            return value(key, key.defaultValue(), path).or(() -> {
                throw ParameterRecord.defect("the default of " + path + " is not one of its values");
            });
        }
        if (absent) {
            return absent(key, path);
        }
        if (key.rules().required() && isEmpty(given, key.type().present())) {
            problems.error(
                    path, MISSING_PARAMETER, "must not be empty", key.rules().description());
            return Optional.empty();
        }
        return value(key, given, path);
    }

    private Optional<Object> absent(ParameterRecord.Key key, String path) {
        if (key.rules().required()) {
            problems.error(
                    path,
                    MISSING_PARAMETER,
                    "is required but missing",
                    key.rules().description());
            return Optional.empty();
        }
        if (key.type() instanceof ValueType.Many) {
            return Optional.of(List.of());
        }
        return Optional.of(key.type() instanceof ValueType.Named ? Map.of() : Optional.empty());
    }

    private boolean isBlankInPlaceOf(ParameterRecord.Key key, JsonNode given) {
        ValueType type = key.type().present();
        boolean takesText =
                isText(type) || (type instanceof ValueType.Many && key.rules().acceptsSingle());
        return leniency.blankIsAbsent() && !takesText && isBlank(given);
    }

    private static boolean isText(ValueType type) {
        return type == ValueType.Scalar.TEXT || type == ValueType.Scalar.SECRET || type == ValueType.Scalar.PATH;
    }

    private static boolean isBlank(JsonNode given) {
        return given.isTextual() && given.textValue().isBlank();
    }

    private static boolean isEmpty(JsonNode given, ValueType type) {
        boolean holder = type instanceof ValueType.Many || type instanceof ValueType.Named;
        boolean blank = isBlank(given);
        return holder ? blank || (given.isContainerNode() && given.isEmpty()) : isText(type) && blank;
    }

    private Optional<Object> value(ParameterRecord.Key key, JsonNode node, String path) {
        ValueType present = key.type().present();
        Optional<Object> value;
        if (present instanceof ValueType.Many many && key.rules().acceptsSingle() && !node.isArray()) {
            value = any(many.of(), node, path, Range.ANY).map(List::of);
        } else {
            value = any(present, node, path, Range.of(key.rules()));
        }
        return key.type() instanceof ValueType.Maybe ? value.map(Optional::of) : value;
    }

    private Optional<Object> any(ValueType type, JsonNode node, String path, Range range) {
        if (type instanceof ValueType.Scalar scalar) {
            return scalar(scalar, node, path, range);
        } else if (type instanceof ValueType.Choice choice) {
            return choice(choice, node, path);
        } else if (type instanceof ValueType.Many many) {
            return list(many, node, path);
        } else if (type instanceof ValueType.Named named) {
            return map(named, node, path);
        } else if (type instanceof ValueType.Maybe maybe) {
            return any(maybe.of(), node, path, range).map(Optional::of);
        }
        return nested((ValueType.Nested) type, node, path);
    }

    private Optional<Object> scalar(ValueType.Scalar type, JsonNode node, String path, Range range) {
        try {
            Object value = scalars.read(type, node, range);
            if (value instanceof Secret secret) {
                problems.masks().add(secret.reveal());
            }
            return Optional.of(value);
        } catch (ScalarReader.Refused refused) {
            return refuse(path, refused.expected(), node, type.hidden(), "");
        }
    }

    private Optional<Object> choice(ValueType.Choice type, JsonNode node, String path) {
        Optional<Object> constant = node.isTextual() ? type.constant(node.textValue()) : Optional.empty();
        if (constant.isPresent()) {
            return constant;
        }
        String remedy = node.isTextual() && !leniency.hidden().contains(path)
                ? Spelling.nearest(node.textValue(), type.words())
                        .map(word -> "did you mean `" + word + "`?")
                        .orElse("")
                : "";
        return refuse(path, "one of " + String.join(", ", type.words()), node, false, remedy);
    }

    private Optional<Object> list(ValueType.Many type, JsonNode node, String path) {
        if (!node.isArray()) {
            return refuse(path, "a list [...]", node, type.hidden(), "");
        }
        List<Object> values = new ArrayList<>(node.size());
        boolean good = true;
        for (int i = 0; i < node.size(); i++) {
            Optional<Object> value = element(type.of(), node.get(i), JsonPath.index(path, i));
            value.ifPresent(values::add);
            good &= value.isPresent();
        }
        return good ? Optional.of(List.copyOf(values)) : Optional.empty();
    }

    private Optional<Object> map(ValueType.Named type, JsonNode node, String path) {
        if (!node.isObject()) {
            return refuseObject(path, node);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        boolean good = true;
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            Optional<Object> value = element(type.of(), field.getValue(), JsonPath.key(path, field.getKey()));
            value.ifPresent(present -> values.put(field.getKey(), present));
            good &= value.isPresent();
        }
        return good ? Optional.of(Collections.unmodifiableMap(values)) : Optional.empty();
    }

    /** What stands in a list or map: null there is most likely a mistake, so it is rejected. */
    private Optional<Object> element(ValueType type, JsonNode node, String path) {
        if (node.isNull() && leniency.blankIsAbsent() && type == ValueType.Scalar.TEXT) {
            return Optional.of("");
        }
        if (node.isNull() && !(type instanceof ValueType.Maybe)) {
            problems.error(path, INVALID_PARAMETER, "expected a value, found null", "");
            return Optional.empty();
        }
        return node.isNull() ? Optional.of(Optional.empty()) : any(type, node, path, Range.ANY);
    }

    private Optional<Object> nested(ValueType.Nested type, JsonNode node, String path) {
        if (node instanceof ObjectNode object) {
            return record(type.type(), object, path, Set.of()).map(Object.class::cast);
        }
        return refuseObject(path, node);
    }

    /** There may be secrets in what somebody squeezed into one text, so only its kind is shown. */
    private Optional<Object> refuseObject(String path, JsonNode node) {
        problems.error(path, INVALID_PARAMETER, "expected an object {...}, found " + Shown.kind(node), "");
        return Optional.empty();
    }

    private Optional<Object> refuse(String path, String expected, JsonNode node, boolean secret, String remedy) {
        boolean hidden = secret || leniency.hidden().contains(path);
        String found = hidden ? Shown.kind(node) + " (not shown)" : Shown.value(node);
        problems.error(path, INVALID_PARAMETER, "expected " + expected + ", found " + found, remedy);
        return Optional.empty();
    }
}
