package dev.transvase.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A job that follows the source table, run by {@code bin/transvase} of the distribution. */
final class FollowJob {

    /** Throws the changes away. */
    static final String DISCARD = """
            {"stepType": "stream", "name": "Writer", "category": "writer", "parameter": {"print": false}}""";

    /** Applies the changes at the target. */
    static final String APPLY = """
            {"stepType": "postgresql", "name": "Writer", "category": "writer", "parameter": {
              "datasource": "target", "column": ["*"], "writeMode": "copy"}}""";

    private final ChangeRun run;
    private final String solutionId;
    private final Path file;
    private final Path reportFile;
    private final String javaOptions;

    private FollowJob(ChangeRun run, String solutionId, Path file, Path reportFile, String javaOptions) {
        this.run = run;
        this.solutionId = solutionId;
        this.file = file;
        this.reportFile = reportFile;
        this.javaOptions = javaOptions;
    }

    /** @param javaOptions for the JVM, or empty for those of this process' environment */
    static FollowJob write(ChangeRun run, String solutionId, String writer, String javaOptions) throws IOException {
        Path file = Files.writeString(
                run.folder().resolve(solutionId + ".json"), """
                {"type": "job", "version": "2.0", "steps": [
                   {"stepType": "postgresql-cdc", "name": "Reader", "category": "reader", "parameter": {
                     "datasource": "source", "solutionId": "%s", "table": "public.orders", "snapshot": "never",
                     "spillFolder": "%s"}},
                   %s],
                 "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
                """.formatted(solutionId, run.folder(), writer));
        return new FollowJob(run, solutionId, file, run.folder().resolve(solutionId + "-report.json"), javaOptions);
    }

    /** The slot that it makes when it is run first. */
    String slot() {
        return "di_slot_" + solutionId;
    }

    /** The publication that it makes when it is run first. */
    String publication() {
        return "di_pub_" + solutionId;
    }

    /** Lets it make its slot, and remember where it stands. */
    void prepare() throws IOException, InterruptedException {
        try (ToolProcess process = start("--until-current")) {
            process.await();
        }
    }

    /** Starts it with these options. */
    ToolProcess start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                BuildFolder.distribution().resolve("bin").resolve("transvase").toString(),
                "run",
                file.toString(),
                "--datasources",
                run.dataSourcesFile().toString(),
                "--report",
                reportFile.toString(),
                "--progress",
                "none"));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(run.folder().toFile());
        if (!javaOptions.isEmpty()) {
            builder.environment().put("TRANSVASE_JAVA_OPTS", javaOptions);
        }
        return ToolProcess.start("transvase", run.folder(), builder);
    }

    /** What the run that has ended says of itself. A run that did not write all that it had to is a failure. */
    JsonNode report(long changes) throws IOException {
        JsonNode report = new ObjectMapper().readTree(reportFile.toFile());
        long written = report.path("written").path("records").asLong();
        if (!"SUCCEEDED".equals(report.path("status").asText()) || written != changes) {
            throw new IllegalStateException("Expected a run that writes " + changes + " changes: " + report);
        }
        return report;
    }
}
