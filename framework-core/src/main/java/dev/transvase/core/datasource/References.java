package dev.transvase.core.datasource;

import static dev.transvase.core.error.CoreErrors.ENVIRONMENT_VARIABLE_NOT_SET;
import static dev.transvase.core.error.CoreErrors.SECRET_FILE_UNREADABLE;
import static dev.transvase.core.error.CoreErrors.UNKNOWN_REFERENCE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.transvase.core.parameter.BoundedFile;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.Problems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values in the place of {@code ${env:NAME}} and {@code ${file:PATH}}. It remembers where it did, since such values
 * are never shown; a value put in is not looked at again.
 */
final class References {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^{}]*)}");
    private static final int LARGEST_FILE = 1024 * 1024;

    private final Path baseFolder;
    private final UnaryOperator<String> environment;
    private final Problems problems;
    private final Set<String> resolved = new HashSet<>();

    /** @param environment gives a variable's value, null for one that is not set */
    References(Path baseFolder, UnaryOperator<String> environment, Problems problems) {
        this.baseFolder = baseFolder;
        this.environment = environment;
        this.problems = problems;
    }

    /** The paths of the values that held a reference. */
    Set<String> resolved() {
        return Set.copyOf(resolved);
    }

    /**
     * A copy of {@code object} without references.
     *
     * @param literal its keys whose values are taken as they are
     */
    ObjectNode resolve(ObjectNode object, Set<String> literal, String path) {
        ObjectNode copy = object.deepCopy();
        replaceIn(copy, literal, path);
        return copy;
    }

    private void replaceIn(JsonNode node, Set<String> literal, String path) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                String where = JsonPath.key(path, field.getKey());
                if (literal.contains(field.getKey())) {
                    continue;
                }
                if (field.getValue().isTextual()) {
                    object.set(field.getKey(), text(field.getValue().textValue(), where));
                } else {
                    replaceIn(field.getValue(), Set.of(), where);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                String where = JsonPath.index(path, i);
                if (array.get(i).isTextual()) {
                    array.set(i, text(array.get(i).textValue(), where));
                } else {
                    replaceIn(array.get(i), Set.of(), where);
                }
            }
        }
    }

    private TextNode text(String text, String path) {
        Matcher matcher = REFERENCE.matcher(text);
        if (!matcher.find()) {
            return TextNode.valueOf(text);
        }
        resolved.add(path);
        return TextNode.valueOf(matcher.replaceAll(found -> {
            String value = value(found.group(1), path).orElse("");
            problems.masks().add(value);
            return Matcher.quoteReplacement(value);
        }));
    }

    private Optional<String> value(String reference, String path) {
        if (reference.startsWith("env:")) {
            return variable(reference.substring("env:".length()), path);
        }
        if (reference.startsWith("file:")) {
            return file(reference.substring("file:".length()), path);
        }
        // What stands there may be part of a password, so it is not repeated.
        problems.error(
                path,
                UNKNOWN_REFERENCE,
                "contains a ${...} other than ${env:NAME} and ${file:PATH}",
                "put a value that contains ${ into a file and refer to it with ${file:PATH}");
        return Optional.empty();
    }

    private Optional<String> variable(String name, String path) {
        Optional<String> value = Optional.ofNullable(name.isEmpty() ? null : environment.apply(name));
        if (value.isEmpty()) {
            problems.error(
                    path,
                    ENVIRONMENT_VARIABLE_NOT_SET,
                    "the environment variable " + name + " is not set",
                    "set it for the command, for example: export " + name + "=...");
        }
        return value;
    }

    private Optional<String> file(String name, String path) {
        try {
            Path file = baseFolder.resolve(name).toAbsolutePath().normalize();
            return read(file, path);
        } catch (InvalidPathException e) {
            problems.error(path, SECRET_FILE_UNREADABLE, "`" + name + "` is not the path of a file", "");
            return Optional.empty();
        }
    }

    private Optional<String> read(Path file, String path) {
        String reason;
        try {
            if (Files.isDirectory(file)) {
                reason = "is a folder";
            } else if (Files.exists(file) && !BoundedFile.isReadable(file)) {
                reason = "is a device or a named pipe";
            } else {
                Optional<byte[]> bytes = BoundedFile.read(file, LARGEST_FILE);
                if (bytes.isPresent()) {
                    return Optional.of(withoutLineEnd(text(bytes.get())));
                }
                reason = "is larger than 1 MiB";
            }
        } catch (NoSuchFileException e) {
            reason = "does not exist";
        } catch (CharacterCodingException e) {
            reason = "is not in UTF-8";
        } catch (IOException e) {
            reason = "cannot be read (" + e.getClass().getSimpleName() + ")";
        }
        problems.error(
                path,
                SECRET_FILE_UNREADABLE,
                "the file " + file + " " + reason,
                "relative paths start at the folder " + baseFolder);
        return Optional.empty();
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static String withoutLineEnd(String text) {
        int end = text.length();
        if (text.endsWith("\n")) {
            end -= text.endsWith("\r\n") ? 2 : 1;
        }
        return text.substring(0, end);
    }
}
