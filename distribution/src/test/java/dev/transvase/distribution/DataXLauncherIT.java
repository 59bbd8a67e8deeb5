package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.transvase.distribution.TestingDistribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/datax.py}, started as tools that know DataX start theirs. */
class DataXLauncherIT {

    /** What DolphinScheduler writes into its command line, quotes included. */
    private static final String DOLPHIN_SCHEDULER =
            "\"%s\" --jvm=\"-Xms64m -Xmx256m\" -p \"-Dsystem.task.definition.name='a task' -Drows='3' -Dword='x y'\" \"%s\"";

    @TempDir
    private static Path folder;

    private static TestingDistribution transvase;
    private static Path launcher;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        assumeTrue(
                TestingDistribution.run(new ProcessBuilder("/bin/sh", "-c", "command -v python3"))
                                .code()
                        == 0,
                "there is no python3 on the PATH");
        transvase = TestingDistribution.unpack(folder.resolve("datax"));
        launcher = transvase.script().resolveSibling("datax.py");
    }

    @Test
    void aTaskOfDolphinSchedulerRunsAndEndsWithTheTableOfDataX() throws IOException, InterruptedException {
        Path job = job("\"sliceRecordCount\": ${rows}, \"column\": [{\"type\": \"string\", \"value\": \"${word}\"}]");
        Ended ended = shell("python3 " + DOLPHIN_SCHEDULER.formatted(launcher, job));

        assertThat(ended.code()).as(ended.out()).isZero();
        assertThat(ended.out()).doesNotContain("system.task");
        List<String> lines = ended.out().lines().toList();
        assertThat(lines).filteredOn("x y"::equals).hasSize(3);
        List<String> table = lines.subList(lines.size() - 7, lines.size());
        assertThat(table)
                .extracting(line -> line.replaceFirst(" *:.*", ""))
                .containsExactly("任务启动时刻", "任务结束时刻", "任务总计耗时", "任务平均流量", "记录写入速度", "读出记录总数", "读写失败总数");
        assertThat(table.get(5)).isEqualTo("读出记录总数" + " ".repeat(20) + ": " + " ".repeat(18) + "3");
    }

    /** It puts quotes around each word, and both options into one argument; quotes within these are kept. */
    @Test
    void aJobOfDataxWebGetsItsOptionsForJavaAndItsVariables() throws IOException, InterruptedException {
        Path job = job("\"sliceRecordCount\": ${rows}, \"column\": [{\"type\": \"string\", \"value\": \"${time}\"}]");
        for (String options : List.of(
                "-j\"-Xms64m\" \"-Xmx256m\"\" \"-p\"-Drows=2\" \"-Dtime='2026-01-31%10:00:00'\"",
                "-p\"-Drows=2\" \"-Dtime='2026-01-31%10:00:00'\"")) {
            Ended ended = TestingDistribution.run(
                    new ProcessBuilder("python3", launcher.toString(), options, job.toString()));
            assertThat(ended.code()).as(ended.out()).isZero();
            assertThat(ended.out().lines())
                    .filteredOn("'2026-01-31%10:00:00'"::equals)
                    .hasSize(2);
        }
        Ended open = TestingDistribution.run(
                new ProcessBuilder("python3", launcher.toString(), "-j\"-Xmx256m", job.toString()));
        assertThat(open.code()).isEqualTo(1);
        assertThat(open.out()).isEqualTo("error: the options of -j end within quotes; close them\n");
    }

    /** datax-web reads it only when standard output has ended, so what fills it keeps a job from ending. */
    @Test
    void nothingGoesToStandardError() throws IOException, InterruptedException {
        assertThat(shell("python3 '" + launcher + "' '" + job("\"sliceRecordCount\": 2") + "'")
                        .err())
                .isEmpty();
        assertThat(shell("python3 '" + launcher + "' '" + job("\"sliceRecordCount\": -2") + "'")
                        .err())
                .isEmpty();
    }

    @Test
    void aFailedJobEndsAsThereWithOne() throws IOException, InterruptedException {
        Path job = job("\"sliceRecordCount\": \"many\"");
        Ended ended = shell("python3 '" + launcher + "' --loglevel=info -m standalone --jobid 7 '" + job + "'");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).contains("sliceRecordCount", "读出记录总数");
    }

    @Test
    void withoutAJobItSaysWhatItTakes() throws IOException, InterruptedException {
        Ended ended = shell("python3 '" + launcher + "'");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).contains("--jvm=OPTIONS", "--params=VARIABLES");
    }

    private static Ended shell(String command) throws IOException, InterruptedException {
        return TestingDistribution.run(new ProcessBuilder("/bin/sh", "-c", command));
    }

    private static Path job(String reader) throws IOException {
        return Files.writeString(folder.resolve("job of a task.json"), """
                {"job": {"content": [{
                  "reader": {"name": "streamreader", "parameter": {%s}},
                  "writer": {"name": "streamwriter", "parameter": {"print": true}}}],
                 "setting": {"speed": {"channel": 1}}}, "core": {"transport": {"channel": {"speed": {"channel": 5}}}}}
                """.formatted(reader));
    }
}
