package dev.transvase.core.parameter;

import static dev.transvase.core.error.CoreErrors.RESTRICTED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.spi.parameter.Reach;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a job file of somebody else may not do: run code, reach files outside of its folder, connect to what is no named data
 * source. Looks at a step's parameters before they are bound, by what their record says of each, see {@link Reach}.
 */
public final class Restriction {

    private static final String REMEDY = "remove it, or have someone who trusts the job run it without --restricted";

    private static final Pattern NAME_OR_CONSTANT = Pattern.compile(
            "\\*|[\\p{L}_][\\p{L}\\p{N}_$]*|\"(?:[^\"]|\"\")+\"" + "|'(?:[^'\\\\]|'')*'|[+-]?[0-9]+(?:\\.[0-9]+)?");

    private final Optional<Path> folder;
    private final Problems problems;

    /** @param folder the job file's, absolute; empty when it is in none, and no file may be reached */
    public Restriction(Optional<Path> folder, Problems problems) {
        this.folder = folder;
        this.problems = problems;
    }

    /** Reports what is not allowed of the parameters that {@code type} describes, with the path of each. */
    public void check(Class<? extends Record> type, ObjectNode json, String path) {
        for (ParameterRecord.Key key : ParameterRecord.of(type).keys()) {
            JsonNode given = json.path(key.name());
            if (!isNothing(given)) {
                check(key.type(), key.rules().reach(), given, JsonPath.key(path, key.name()));
            }
        }
    }

    /** Reports that a step has a connection of its own. */
    public void refuseConnection(String path) {
        refuse(path, "connects to a database that is defined in the job file");
    }

    /** Reports a file that is not in the job file's folder, whatever links lead to it. It need not exist. */
    public void require(Path file, String path) {
        if (folder.isEmpty() || !FolderBounds.contains(folder.get(), file)) {
            refuse(path, "writes a file outside of the job file's folder, " + file);
        }
    }

    private static boolean isNothing(JsonNode given) {
        boolean blank = given.isTextual() && given.textValue().isBlank();
        return given.isMissingNode() || given.isNull() || blank || (given.isContainerNode() && given.isEmpty());
    }

    private void check(ValueType type, Reach reach, JsonNode given, String path) {
        if (reach == Reach.CODE) {
            refuse(path, "is code, which would run with the privileges of the data source's user");
        } else if (reach == Reach.CONNECTION) {
            refuse(path, "connects to a system that is not a named data source");
        } else if (given.isArray()) {
            for (int i = 0; i < given.size(); i++) {
                check(type, reach, given.get(i), JsonPath.index(path, i));
            }
        } else if (given instanceof ObjectNode object && record(type) != null) {
            check(record(type), object, path);
        } else if (given instanceof ObjectNode object) {
            object.properties()
                    .forEach(field -> check(type, reach, field.getValue(), JsonPath.key(path, field.getKey())));
        } else {
            checkScalar(type.leaf(), reach, given.asText(), path);
        }
    }

    private void checkScalar(ValueType type, Reach reach, String text, String path) {
        if (type == ValueType.Scalar.PATH || reach == Reach.FILE) {
            if (folder.isEmpty() || !FolderBounds.contains(folder.get(), text)) {
                refuse(path, "is outside of the job file's folder");
            }
        } else if (reach == Reach.EXPRESSION) {
            if (!NAME_OR_CONSTANT.matcher(text.strip()).matches()) {
                refuse(path, "is an expression, which would run with the privileges of the data source's user");
            }
        } else if (reach == Reach.UNDECLARED && (type == ValueType.Scalar.TEXT || type == ValueType.Scalar.SECRET)) {
            refuse(path, "is a text that the plugin does not declare as code, a file or a connection");
        }
    }

    private void refuse(String path, String why) {
        problems.error(path, RESTRICTED, why + "; the run is restricted", REMEDY);
    }

    private static Class<? extends Record> record(ValueType type) {
        return type.leaf() instanceof ValueType.Nested nested ? nested.type() : null;
    }
}
