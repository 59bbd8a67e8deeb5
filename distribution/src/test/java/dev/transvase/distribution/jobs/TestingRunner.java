package dev.transvase.distribution.jobs;

import dev.transvase.distribution.TestingDistribution;
import dev.transvase.distribution.TestingDistribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a job with {@code bin/transvase} in a process of its own, which can be killed. One at a time. */
final class TestingRunner {

    private final TestingDistribution transvase;
    private final Path folder;
    private final List<String> before;
    private final String javaOptions;

    /**
     * @param folder where {@link TestingJobs} has put the job's files
     * @param before what the command is an argument of, such as {@code env}; often nothing
     * @param javaOptions with blanks between
     */
    TestingRunner(TestingDistribution transvase, Path folder, List<String> before, String javaOptions) {
        this.transvase = transvase;
        this.folder = folder;
        this.before = List.copyOf(before);
        this.javaOptions = javaOptions;
    }

    private ProcessBuilder command(String verb, String... more) {
        ProcessBuilder builder = transvase.command(
                verb, folder.resolve("job.json"), "--datasources", folder.resolve("datasources.json"));
        List<String> command = new ArrayList<>(before);
        command.addAll(builder.command());
        command.addAll(List.of(more));
        builder.command(command).environment().put("TRANSVASE_JAVA_OPTS", javaOptions);
        return builder;
    }

    /** Makes the checks that a run makes, and moves nothing. */
    Ended check() throws IOException, InterruptedException {
        return TestingDistribution.run(command("check"));
    }

    /** Starts it; what it says is in {@link #output}. */
    Process start(String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of("--progress", "none"));
        options.addAll(List.of(more));
        return command("run", options.toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(outputFile().toFile())
                .start();
    }

    private Path outputFile() {
        return folder.resolve("out.txt");
    }

    /** What the process that was started last has said. */
    String output() throws IOException {
        return Files.readString(outputFile());
    }

    /** Runs it until all is at the target that the source has now. */
    Ended runUntilCurrent() throws IOException, InterruptedException {
        return TestingDistribution.run(command("run", "--progress", "none", "--until-current"));
    }
}
