package dev.transvase.core.job;

import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A job file written for a test, and what reading it gave. */
record TestingJobFile(Optional<JobFile> job, Problems problems) {

    private static final ScheduleTime SCHEDULE = new ScheduleTime(LocalDateTime.of(2026, 3, 1, 0, 30, 5));

    static TestingJobFile read(Path folder, String text) {
        return read(folder, text, Map.of());
    }

    static TestingJobFile read(Path folder, String text, Map<String, String> variables) {
        Problems problems = new Problems();
        try {
            Path file = Files.writeString(folder.resolve("job.json"), text);
            VariableValues values = new VariableValues(variables, Set.of(), SCHEDULE);
            return new TestingJobFile(
                    JobSource.file(file, problems)
                            .flatMap(source -> JobFile.read(source, values, TestingJobFile::exampleUrl, problems)),
                    problems);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> exampleUrl(String category, String stepType) {
        return stepType.startsWith("postgresql")
                ? Optional.of("jdbc:postgresql://host:5432/database")
                : Optional.empty();
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
