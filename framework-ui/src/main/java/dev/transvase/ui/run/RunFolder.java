package dev.transvase.ui.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.Problems;
import dev.transvase.ui.file.StoredFile;
import dev.transvase.ui.http.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folder of a run and what is in it.
 *
 * @param id the folder's name: when the run was started, in UTC and to the millisecond, and a few digits by chance
 * @param path the folder
 */
record RunFolder(String id, Path path) {

    static final Pattern ID = Pattern.compile("\\d{8}-\\d{6}-\\d{3}-[0-9a-f]{6}");

    /** What was started: the job, its variables, the process that waits for it. */
    Path start() {
        return path.resolve("run.json");
    }

    /** The job file as it was. */
    Path job() {
        return path.resolve("job.json");
    }

    Path report() {
        return path.resolve("report.json");
    }

    Path dirty() {
        return path.resolve("dirty.jsonl");
    }

    /** What the run tells on standard error: lines of progress as JSON, and lines for people. */
    Path output() {
        return path.resolve("output.log");
    }

    /** What the job prints itself. */
    Path printed() {
        return path.resolve("printed.txt");
    }

    /** The process of the job. */
    Path pid() {
        return path.resolve("pid");
    }

    /** The exit code, once there is one. */
    Path exit() {
        return path.resolve("exit");
    }

    /** The object in one of these files; empty when there is none, or none that can be read. */
    static Optional<ObjectNode> object(Path file) {
        Problems problems = new Problems();
        return StoredFile.read(file)
                .flatMap(bytes -> JsonFile.parse(new String(bytes, StandardCharsets.UTF_8), "", problems));
    }

    /** The number in one of these files. */
    static Optional<Long> number(Path file) {
        return StoredFile.read(file)
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip())
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    static String text(JsonNode node, String name) {
        return node.path(name).asText("");
    }

    /** Removes the folder and all that is in it. */
    void delete() {
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw Refusal.outside("RUN_NOT_DELETED", "the run's folder cannot be removed: " + e.getMessage(), e);
        }
    }
}
