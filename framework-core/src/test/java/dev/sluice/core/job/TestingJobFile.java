package dev.sluice.core.job;

import dev.sluice.core.parameter.Problem;
import dev.sluice.core.parameter.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job file written for a test, and what reading it gave. */
record TestingJobFile(Optional<JobFile> job, Problems problems) {

    static TestingJobFile read(Path folder, String text) {
        return read(folder, text, Map.of());
    }

    static TestingJobFile read(Path folder, String text, Map<String, String> variables) {
        Problems problems = new Problems();
        try {
            Path file = Files.writeString(folder.resolve("job.json"), text);
            return new TestingJobFile(JobFile.read(file, variables, problems), problems);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JobFile good() {
        if (problems.failed()) {
            throw new AssertionError(problems.errors().toString());
        }
        return job.orElseThrow();
    }

    /** Errors as {@code path: message -> remedy} without the file's name. */
    List<String> errors() {
        if (job.isEmpty() && !problems.failed()) {
            throw new AssertionError("there is neither a job nor an error");
        }
        return told(problems.errors());
    }

    List<String> warnings() {
        return told(problems.warnings());
    }

    private static List<String> told(List<Problem> problems) {
        return problems.stream()
                .map(problem ->
                        problem.toString().replaceAll("\\R  -> ", " -> ").replaceFirst("^job\\.json: ", ""))
                .toList();
    }
}
