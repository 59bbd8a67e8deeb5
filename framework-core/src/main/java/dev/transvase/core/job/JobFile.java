package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.UNKNOWN_JOB_SHAPE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A job as its file tells it, in one form for both shapes: the one of DataWorks ({@code steps}, {@code order}) and the
 * one of DataX ({@code job.content}).
 *
 * @param name the file's name without {@code .json}
 * @param folder where relative paths in it start
 * @param ownFolder the same when the file is there; empty for one from elsewhere
 * @param reader the step that reads
 * @param writer the step that writes
 * @param settings error limit and speed
 */
public record JobFile(
        String name, Path folder, Optional<Path> ownFolder, StepSpec reader, StepSpec writer, JobSettings settings) {

    /** What a shape holds, before it is known whose file it is. */
    record Content(StepSpec reader, StepSpec writer, JobSettings settings) {}

    /**
     * Reads a job file. The steps' own parameters are not checked yet, see {@link StepSpec#bind}.
     *
     * @return empty when reader or writer cannot be made out. With errors in {@code problems} the job cannot run, but
     *     its steps can still be bound, so that their errors are reported together with these
     */
    public static Optional<JobFile> read(
            JobSource source, VariableValues values, ExampleUrls exampleUrls, Problems problems) {
        JobVariables variables = new JobVariables(values, problems);
        String path = JsonPath.root(source.name());
        return JsonFile.parse(variables.replaceUnquoted(source.text(), path), path, problems)
                .flatMap(json -> content(json, source, variables, exampleUrls, problems))
                .map(found -> new JobFile(
                        source.jobName(),
                        source.folder(),
                        source.ownFolder(),
                        found.reader(),
                        found.writer(),
                        found.settings()));
    }

    /** As the other one, from a file, for a run that is scheduled now in the system's time zone. Blocks on the disk. */
    public static Optional<JobFile> read(
            Path file, Map<String, String> variables, ExampleUrls exampleUrls, Problems problems) {
        VariableValues values =
                new VariableValues(variables, Set.of(), new ScheduleTime(LocalDateTime.now(ZoneId.systemDefault())));
        return JobSource.file(file, problems).flatMap(source -> read(source, values, exampleUrls, problems));
    }

    /**
     * The names of the variables that a run has to be given values for: those of the schedule have theirs.
     *
     * @return empty when the text is not JSON, too
     */
    public static Set<String> variables(JobSource source, ScheduleTime schedule) {
        Problems problems = new Problems();
        JobVariables variables = new JobVariables(new VariableValues(Map.of(), Set.of(), schedule), problems);
        String path = JsonPath.root(source.name());
        JsonFile.parse(variables.replaceUnquoted(source.text(), path), path, problems)
                .ifPresent(
                        json -> variables.replaceIn(json, path, json.has("job") ? JobShape.DATAX : JobShape.DATAWORKS));
        return variables.missing();
    }

    private static Optional<Content> content(
            ObjectNode json, JobSource source, JobVariables variables, ExampleUrls exampleUrls, Problems problems) {
        String path = JsonPath.root(source.name());
        JobShape shape = json.has("job") ? JobShape.DATAX : JobShape.DATAWORKS;
        variables.replaceIn(json, path, shape);
        variables.warnOfUnused(source.name());
        JobPlace place = new JobPlace(source.folder(), variables.references(), exampleUrls);
        Fields root = new Fields(json, path, problems, shape);
        boolean dataWorks = json.has("steps") || json.has("type") || json.has("version") || json.has("order");
        if (shape == JobShape.DATAX) {
            return new DataXJob(place, problems).read(root);
        }
        if (dataWorks) {
            return new DataWorksJob(place, problems).read(root);
        }
        String found = json.isEmpty() ? "an empty object" : "the keys " + String.join(", ", names(json));
        problems.error(
                path,
                UNKNOWN_JOB_SHAPE,
                "expected `type`, `version`, `steps`, `setting` and `order`, or `job` with `content`; found " + found,
                json.has("content") ? "wrap it in {\"job\": ...}" : "");
        return Optional.empty();
    }

    private static Iterable<String> names(ObjectNode json) {
        return () -> json.properties().stream()
                .map(Map.Entry::getKey)
                .limit(10)
                .map(Shown::text)
                .iterator();
    }
}
