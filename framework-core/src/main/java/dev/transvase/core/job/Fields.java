package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.IGNORED_PARAMETER;
import static dev.transvase.core.error.CoreErrors.INVALID_PARAMETER;
import static dev.transvase.spi.error.CommonErrors.MISSING_PARAMETER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An object of a job file's frame, read key by key; a key that is JSON null counts as absent. */
record Fields(ObjectNode json, String path, Problems problems, JobShape shape) {

    /** The same place with another object. */
    Fields with(ObjectNode other) {
        return new Fields(other, path, problems, shape);
    }

    String pathOf(String key) {
        return JsonPath.key(path, key);
    }

    boolean has(String key) {
        return json.hasNonNull(key);
    }

    /** An object without keys, as if it stood at {@code key}. */
    Fields empty(String key) {
        return new Fields(json.objectNode(), pathOf(key), problems, shape);
    }

    /** Warns that the value at {@code key} has no effect. */
    void ignore(String key) {
        problems.warn(pathOf(key), IGNORED_PARAMETER, "has no meaning here and is ignored", "");
    }

    /** Reports the keys that are not known, as the job's shape says. Those that other tools write give a warning. */
    void only(List<String> known, List<String> ignored) {
        for (var field : json.properties()) {
            String key = field.getKey();
            if (ignored.contains(key)) {
                if (!field.getValue().isNull()) {
                    ignore(key);
                }
            } else if (!known.contains(key)) {
                shape.unknownKeys().report(key, pathOf(key), known, problems);
            }
        }
    }

    /** The object at {@code key}; absent or of another kind gives empty, the latter with an error. */
    Optional<Fields> object(String key) {
        return has(key) ? asObject(json.get(key), pathOf(key)) : Optional.empty();
    }

    /** As {@link #object(String)}, but absent is an error. */
    Optional<Fields> requiredObject(String key) {
        return present(key, "") ? object(key) : Optional.empty();
    }

    /** The text at {@code key}; absent, empty or of another kind is an error with {@code remedy}. */
    Optional<String> requiredText(String key, String remedy) {
        return present(key, remedy) ? text(key) : Optional.empty();
    }

    /** The text at {@code key}; absent gives empty, an empty text or another kind gives empty with an error. */
    Optional<String> text(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        JsonNode value = json.get(key);
        if (!value.isTextual()) {
            problems.error(pathOf(key), INVALID_PARAMETER, "expected a text, found " + Shown.value(value), "");
            return Optional.empty();
        }
        if (value.textValue().isBlank()) {
            problems.error(pathOf(key), MISSING_PARAMETER, "must not be empty", "");
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    /** The objects of the list at {@code key}; absent gives none. */
    List<Fields> objects(String key) {
        if (!has(key)) {
            return List.of();
        }
        if (!(json.get(key) instanceof ArrayNode array)) {
            problems.error(
                    pathOf(key), INVALID_PARAMETER, "expected a list [...], found " + Shown.kind(json.get(key)), "");
            return List.of();
        }
        List<Fields> objects = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            asObject(array.get(i), JsonPath.index(pathOf(key), i)).ifPresent(objects::add);
        }
        return objects;
    }

    /** Whether {@code key} is there; an error when it is not. */
    boolean present(String key, String remedy) {
        if (!has(key)) {
            problems.error(pathOf(key), MISSING_PARAMETER, "is required but missing", remedy);
        }
        return has(key);
    }

    private Optional<Fields> asObject(JsonNode value, String path) {
        if (value instanceof ObjectNode object) {
            return Optional.of(new Fields(object, path, problems, shape));
        }
        problems.error(path, INVALID_PARAMETER, "expected an object {...}, found " + Shown.kind(value), "");
        return Optional.empty();
    }
}
