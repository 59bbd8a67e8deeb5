package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins that end the process, or keep it from ending: neither makes a failure look like a success. */
class EndedByPluginIT {

    @TempDir
    private Path folder;

    private TestingDistribution transvase;
    private Path report;

    @BeforeEach
    void install() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(folder.resolve("transvase"));
        report = folder.resolve("report.json");
        new TestingPlugin(transvase, Files.createDirectory(folder.resolve("classes")))
                .compile("Quitter", QUITTER)
                .install("quitter", "Quitter");
    }

    @ParameterizedTest
    @CsvSource({
        "constructor, Quitter$At.<init>",
        "plan, Quitter$At.plan",
        "split, Quitter$At.split",
        "poll, Quitter$At$1.poll",
        "closeSplit, Quitter$At$1.close",
        "close, Quitter$At.close",
        "thread, Quitter$At$1.lambda"
    })
    void exitInAPluginIsADefectAndNoSuccess(String where, String caller) throws IOException, InterruptedException {
        Ended run = run(where);
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err())
                .contains("plugin quitter ended the process", caller, "called System.exit", "[PROCESS_ENDED]")
                .doesNotContain("stopping ...");
        assertThat(Files.readString(report))
                .contains("\"status\" : \"FAILED\"", "PROCESS_ENDED", "INTERNAL", "plugin quitter")
                .doesNotContain("SUCCEEDED");
    }

    @Test
    void exitAsAPluginIsLoadedIsADefectForEveryCommand() throws IOException, InterruptedException {
        Ended plugins = TestingDistribution.run(at("load", transvase.command("plugins")));
        assertThat(plugins.code()).isEqualTo(4);
        assertThat(plugins.err()).contains("error: plugin quitter ended the process", "Quitter.stepTypes");
    }

    @Test
    void whatHadFailedBeforeIsToldToo() throws IOException, InterruptedException {
        Ended run = run("closeAfterFailure");
        assertThat(run.code()).isEqualTo(4);
        assertThat(Files.readString(report)).contains("PROCESS_ENDED", "nothing there to read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hook", "hookAndFail"})
    void aShutdownHookThatNeverEndsIsGivenUp(String where) throws IOException, InterruptedException {
        Ended run = run(where);
        assertThat(run.code()).isEqualTo(where.equals("hook") ? 0 : 3);
        assertThat(Files.readString(report)).contains(where.equals("hook") ? "SUCCEEDED" : "FAILED");
    }

    private Ended run(String where) throws IOException, InterruptedException {
        Path job = Files.writeString(
                folder.resolve("quit.json"),
                CommandLineIT.streamJob(1, 1, "")
                        .replaceFirst("\"stepType\": \"stream\"", "\"stepType\": \"quitter\"")
                        .replaceFirst("\"column\": \\[.*], \"sliceRecordCount\": 1", ""));
        return TestingDistribution.run(at(where, transvase.command("run", job, "--report", report)));
    }

    private static ProcessBuilder at(String where, ProcessBuilder builder) {
        builder.environment().put("TRANSVASE_JAVA_OPTS", "-Dquit=" + where);
        return builder;
    }

    private static final String QUITTER = """
            import dev.transvase.spi.*;
            import dev.transvase.spi.error.*;
            import dev.transvase.spi.record.*;
            import dev.transvase.spi.table.*;
            import jakarta.inject.Inject;
            import java.time.Duration;
            import java.util.List;
            import java.util.Optional;
            import java.util.concurrent.CountDownLatch;

            public final class Quitter implements Plugin {
                private static final String WHERE = System.getProperty("quit");

                public record None() {}

                public List<StepType> stepTypes() {
                    if (WHERE.equals("load")) {
                        System.exit(0);
                    }
                    return List.of(new ReaderType(
                            "quitter", List.of(), "Quits.", None.class, Optional.empty(), At.class));
                }

                public static final class At implements Reader {
                    @Inject public At() {
                        if (WHERE.equals("constructor")) {
                            System.exit(0);
                        }
                        if (WHERE.startsWith("hook")) {
                            Runtime.getRuntime().addShutdownHook(new Thread(At::forever));
                        }
                    }

                    private static void forever() {
                        while (true) {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                // never ends
                            }
                        }
                    }

                    public ReadPlan plan(Checks checks) {
                        if (WHERE.equals("plan")) {
                            System.exit(0);
                        }
                        if (WHERE.equals("hookAndFail")) {
                            throw TransvaseException.of(ErrorCode.external("NOTHING"), "nothing there to read");
                        }
                        Schema schema = Schema.of(new TableName("", "t"), List.of(Column.of("id", Type.Scalar.INT64)));
                        return ReadPlan.of(List.of(schema));
                    }

                    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
                        if (WHERE.equals("split")) {
                            System.exit(0);
                        }
                        return List.of(Split.of("one", 0, new byte[0], "one"));
                    }

                    public SplitReader open(Split split, Schema schema, Position position) {
                        return new SplitReader() {
                            public Optional<RecordBatch> poll(Duration atMost) {
                                if (WHERE.equals("poll")) {
                                    System.exit(0);
                                }
                                if (WHERE.equals("thread")) {
                                    new Thread(() -> System.exit(0)).start();
                                    forever();
                                }
                                if (WHERE.equals("closeAfterFailure")) {
                                    throw TransvaseException.of(ErrorCode.external("NOTHING"), "nothing there to read");
                                }
                                return Optional.empty();
                            }

                            public boolean finished() {
                                return !WHERE.equals("poll") && !WHERE.equals("thread")
                                        && !WHERE.equals("closeAfterFailure");
                            }

                            public BatchEnd end() {
                                return BatchEnd.commitPoint();
                            }

                            public void cancel() {}

                            public void close() {
                                if (WHERE.equals("closeSplit")) {
                                    System.exit(0);
                                }
                            }
                        };
                    }

                    public void close() {
                        if (WHERE.equals("close") || WHERE.equals("closeAfterFailure")) {
                            System.exit(0);
                        }
                    }
                }
            }
            """;
}
