package dev.sluice.core.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.parameter.JsonFile;
import dev.sluice.core.parameter.Problems;
import dev.sluice.core.parameter.Shown;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A job as its file tells it, in one form for both shapes: the one of DataWorks ({@code steps}, {@code order}) and the
 * one of DataX ({@code job.content}).
 *
 * @param name the file's name without {@code .json}
 * @param file where it was read from
 * @param reader the step that reads
 * @param writer the step that writes
 * @param settings error limit and speed
 */
public record JobFile(String name, Path file, StepSpec reader, StepSpec writer, JobSettings settings) {

    /** What a shape holds, before it is known whose file it is. */
    record Content(StepSpec reader, StepSpec writer, JobSettings settings) {}

    /**
     * Reads a job file. The steps' own parameters are not checked yet, see {@link StepSpec#bind}. Blocks on the disk.
     *
     * @param variables what stands for {@code ${NAME}} in the file's texts
     * @return empty when there is no telling reader and writer. With errors in {@code problems} it is not fit to run, but
     *     its steps can still be bound, so that theirs are told together with these
     */
    public static Optional<JobFile> read(Path file, Map<String, String> variables, Problems problems) {
        return JsonFile.read(file, "job file", problems)
                .flatMap(json -> content(json, file, variables, problems))
                .map(found -> new JobFile(name(file), file, found.reader(), found.writer(), found.settings()));
    }

    private static Optional<Content> content(
            ObjectNode json, Path file, Map<String, String> variables, Problems problems) {
        String path = JsonFile.path(file);
        boolean dataX = json.has("job");
        JobVariables replacement = new JobVariables(variables, dataX, problems);
        replacement.replaceIn(json, path);
        replacement.warnOfUnused(path.substring(0, path.length() - 1));
        JobPlace place = new JobPlace(file.toAbsolutePath().normalize().getParent(), replacement.references());
        Fields root = new Fields(json, path, problems);
        boolean dataWorks = json.has("steps") || json.has("type") || json.has("version") || json.has("order");
        if (dataX) {
            return new DataXJob(place, problems).read(root);
        }
        if (dataWorks) {
            return new DataWorksJob(place, problems).read(root);
        }
        String found = json.isEmpty() ? "an empty object" : "the keys " + String.join(", ", names(json));
        problems.error(
                path,
                "UNKNOWN_JOB_SHAPE",
                "expected `type`, `version`, `steps`, `setting` and `order`, or `job` with `content`; found " + found,
                json.has("content") ? "put it all into {\"job\": ...}" : "");
        return Optional.empty();
    }

    private static Iterable<String> names(ObjectNode json) {
        return () -> json.properties().stream()
                .map(Map.Entry::getKey)
                .limit(10)
                .map(Shown::text)
                .iterator();
    }

    private static String name(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString();
        return name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
    }
}
