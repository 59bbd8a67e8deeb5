package dev.transvase.core.parameter;

import static dev.transvase.core.error.CoreErrors.FILE_NOT_FOUND;
import static dev.transvase.core.error.CoreErrors.FILE_UNREADABLE;
import static dev.transvase.core.error.CoreErrors.JSON_SYNTAX;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the JSON files that people write: comments and trailing commas are allowed, a byte order mark is skipped, and
 * errors are reported with line and column, never with the text found there, which may hold a password.
 */
public final class JsonFile {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(100).build())
            .build();

    private static final JsonFactory STRICT = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(100).build())
            .build();

    /** No file that a person writes has more bytes. */
    public static final int LARGEST = 16 * 1024 * 1024;

    private JsonFile() {}

    /** The path of the file's outermost object, for messages. */
    public static String path(Path file) {
        Path name = file.getFileName();
        return JsonPath.root(name == null ? file.toString() : name.toString());
    }

    /**
     * Reads the object that the file holds. Blocks on the disk.
     *
     * @param what the kind of file, for example {@code job file}
     * @return empty after an error, which is then in {@code problems}
     */
    public static Optional<ObjectNode> read(Path file, String what, Problems problems) {
        return text(file, what, problems).flatMap(text -> parse(text, path(file), problems));
    }

    /** The list of the JSON values between commas, without comments, that a text is; empty when it is none. */
    public static Optional<JsonNode> listOfValues(String text) {
        Problems problems = new Problems();
        try (JsonParser parser = STRICT.createParser("[" + text + "]")) {
            parser.nextToken();
            JsonNode list = new JsonTree(parser, problems).read("");
            boolean good = parser.nextToken() == null && !problems.failed();
            return good ? Optional.of(list) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it says what is wrong with a text that may be a secret
        }
    }

    /** The one value that a text holds which a developer wrote: what is wrong with it has no place in a file. */
    static JsonNode value(String text) throws IOException {
        Problems problems = new Problems();
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            JsonNode value = new JsonTree(parser, problems).read("");
            if (parser.nextToken() != null || problems.failed()) {
                throw new IOException("expected one value without duplicate keys");
            }
            return value;
        }
    }

    /** The text of a file. Blocks on the disk. */
    public static Optional<String> text(Path file, String what, Problems problems) {
        String path = path(file);
        String place = file.toAbsolutePath().normalize().toString();
        try {
            if (Files.isDirectory(file)) {
                problems.error(path, FILE_UNREADABLE, "expected a " + what + ", found a folder: " + place, "");
            } else if (Files.exists(file) && !BoundedFile.isReadable(file)) {
                problems.error(
                        path,
                        FILE_UNREADABLE,
                        "expected a " + what + ", found a device or a named pipe: " + place,
                        "name a file; use /dev/stdin for the output of another program");
            } else {
                Optional<byte[]> bytes = BoundedFile.read(file, LARGEST);
                if (bytes.isPresent()) {
                    return decode(bytes.get(), path, problems);
                }
                problems.error(
                        path, FILE_UNREADABLE, "is larger than 16 MiB, the limit for a " + what + ": " + place, "");
            }
        } catch (NoSuchFileException e) {
            problems.error(path, FILE_NOT_FOUND, "there is no such " + what + ": " + place, "check the path");
        } catch (AccessDeniedException e) {
            problems.error(path, FILE_UNREADABLE, "may not be read: " + place, "check its permissions");
        } catch (IOException e) {
            problems.error(path, FILE_UNREADABLE, "cannot be read: " + place + ": " + e.getMessage(), "");
        }
        return Optional.empty();
    }

    /** The text that these bytes are in UTF-8. */
    public static Optional<String> decode(byte[] bytes, String path, Problems problems) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            problems.error(path, JSON_SYNTAX, "is not in UTF-8", "save the file as UTF-8");
            return Optional.empty();
        }
    }

    /**
     * The object that a text holds.
     *
     * @param path of that object, for messages
     */
    public static Optional<ObjectNode> parse(String text, String path, Problems problems) {
        int before = problems.errors().size();
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                problems.error(path, JSON_SYNTAX, "is empty", "it must hold a JSON object: { ... }");
                return Optional.empty();
            }
            JsonNode tree = new JsonTree(parser, problems).read(path);
            if (parser.nextToken() != null) {
                SyntaxProblem.afterTheEnd(parser.currentTokenLocation(), path, problems);
            }
            if (!tree.isObject()) {
                problems.error(path, JSON_SYNTAX, "expected an object {...}, found " + Shown.kind(tree), "");
            }
            return problems.errors().size() == before ? Optional.of((ObjectNode) tree) : Optional.empty();
        } catch (JsonProcessingException e) {
            SyntaxProblem.report(e, text, path, problems);
        } catch (IOException e) {
            problems.error(path, FILE_UNREADABLE, "cannot be read: " + e.getMessage(), "");
        }
        return Optional.empty();
    }
}
