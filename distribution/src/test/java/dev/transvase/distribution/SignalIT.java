package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that is told to stop by the system: no end of its own is in sight in any of these. */
class SignalIT {

    private static final int SIGHUP_CODE = 129;
    private static final int SIGINT_CODE = 130;
    private static final int SIGTERM_CODE = 143;

    @TempDir
    private Path folder;

    private TestingDistribution transvase;
    private Path report;
    private Path err;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(folder.resolve("transvase"));
        report = folder.resolve("report.json");
        err = folder.resolve("err.txt");
    }

    @Test
    void sigtermStopsARunningJobWhichReports() throws IOException, InterruptedException {
        stopWhileRunning("TERM", SIGTERM_CODE);
    }

    @Test
    void sigintStopsARunningJobWhichReports() throws IOException, InterruptedException {
        stopWhileRunning("INT", SIGINT_CODE);
    }

    @Test
    void sighupStopsARunningJobWhichReports() throws IOException, InterruptedException {
        stopWhileRunning("HUP", SIGHUP_CODE);
    }

    private void stopWhileRunning(String signal, int code) throws IOException, InterruptedException {
        Path job = Files.writeString(
                folder.resolve("endless.json"),
                CommandLineIT.streamJob(1_000_000_000_000L, 2, ", \"throttle\": true, \"record\": 2000"));
        Process process =
                interruptible(transvase.command("run", job, "--report", report)).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isNotEmpty();
            send(signal, process);
            while (out.readLine() != null) {
                // What is on its way still comes.
            }
        }
        assertThat(process.waitFor()).isEqualTo(code);
        assertThat(Files.readString(report))
                .contains("\"status\" : \"STOPPED\"")
                .doesNotContain("\"error\"");
        assertThat(Files.readString(err)).contains("STOPPED", "committed");
    }

    @Test
    void aJobIsStoppedWhileItsServerDoesNotAnswer() throws IOException, InterruptedException {
        new TestingPlugin(transvase, Files.createDirectory(folder.resolve("classes")))
                .compile("Stuck", STUCK)
                .install("stuck", "Stuck");
        Path job = Files.writeString(
                folder.resolve("stuck.json"),
                CommandLineIT.streamJob(1, 1, "")
                        .replaceFirst("\"stepType\": \"stream\"", "\"stepType\": \"stuck\"")
                        .replaceFirst("\"column\": \\[.*], \"sliceRecordCount\": 1", ""));
        ProcessBuilder builder = interruptible(transvase.command("run", job, "--report", report));
        Process process = builder.start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("planning");
            send("TERM", process);
            assertThat(out.readLine()).isNull();
        }
        assertThat(process.waitFor()).isEqualTo(SIGTERM_CODE);
        assertThat(Files.readString(report)).contains("\"status\" : \"STOPPED\"");
        assertThat(Files.readString(err)).contains("STOPPED", "nothing was moved");
    }

    /** A process started by one that ignores SIGINT, as jobs in the background do, or SIGHUP would ignore it too. */
    private ProcessBuilder interruptible(ProcessBuilder builder) {
        if (System.getProperty("os.name").startsWith("Linux")) {
            List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
            command.addAll(builder.command());
            builder.command(command);
        }
        return builder.redirectError(err.toFile());
    }

    private static void send(String signal, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static final String STUCK = """
            import dev.transvase.spi.*;
            import dev.transvase.spi.error.Checks;
            import dev.transvase.spi.table.Schema;
            import jakarta.inject.Inject;
            import java.util.List;
            import java.util.Optional;
            import java.util.concurrent.CountDownLatch;

            public final class Stuck implements Plugin {
                public record None() {}

                public List<StepType> stepTypes() {
                    return List.of(new ReaderType(
                            "stuck", List.of(), "Never gets ready.", None.class, Optional.empty(), StuckReader.class));
                }

                public static final class StuckReader implements Reader {
                    @Inject public StuckReader() {}

                    public ReadPlan plan(Checks checks) {
                        System.out.println("planning");
                        while (true) {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                // goes on, as a read from a socket would
                            }
                        }
                    }

                    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
                        return List.of();
                    }

                    public SplitReader open(Split split, Schema schema, Position position) {
                        throw new UnsupportedOperationException();
                    }

                    public void close() {}
                }
            }
            """;
}
