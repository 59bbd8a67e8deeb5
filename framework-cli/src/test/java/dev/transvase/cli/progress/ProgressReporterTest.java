package dev.transvase.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.cli.process.Environment;
import dev.transvase.core.run.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressReporterTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void plainLinesGoToStandardError() {
        shown(ProgressMode.PLAIN, false);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("1/2 splits, 7 read")
                .endsWith(System.lineSeparator());
        assertThat(out.size()).isZero();
    }

    @Test
    void aLiveLineIsGoneAfterwardsAndStandardOutputIsAsBefore() {
        PrintStream before = System.out;
        shown(ProgressMode.LIVE, true);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("1/2 splits, 7 read")
                .endsWith("\r\u001b[K");
        assertThat(System.out).isSameAs(before);
    }

    @Test
    void noneShowsNothing() {
        shown(ProgressMode.NONE, true);
        assertThat(err.size()).isZero();
    }

    @Test
    void jsonIsAnObjectInALineOfItsOwn() {
        shown(ProgressMode.JSON, true);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("{\"elapsedMillis\":1000,")
                .endsWith("}" + System.lineSeparator());
    }

    @Test
    void autoIsLiveOnATerminalWithoutLogLinesOnIt() {
        Environment.Terminal terminal = new Environment.Terminal(false, true, 80);
        assertThat(ProgressMode.Choice.AUTO.on(terminal, false)).isEqualTo(ProgressMode.LIVE);
        assertThat(ProgressMode.Choice.AUTO.on(terminal, true)).isEqualTo(ProgressMode.PLAIN);
        assertThat(ProgressMode.Choice.AUTO.on(Environment.Terminal.NONE, false))
                .isEqualTo(ProgressMode.PLAIN);
        assertThat(ProgressMode.Choice.NONE.on(terminal, false)).isEqualTo(ProgressMode.NONE);
    }

    private void shown(ProgressMode mode, boolean terminal) {
        Progress progress = new Progress(
                Duration.ofSeconds(1),
                2,
                1,
                1,
                0,
                List.of(),
                7,
                70,
                7,
                0,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        Environment environment = new Environment(
                Path.of(""),
                Map.of(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Environment.Terminal(terminal, terminal, 120),
                listener -> () -> {});
        try (ProgressReporter reporter = ProgressReporter.start(environment, mode, () -> progress)) {
            reporter.show(progress);
        }
    }
}
