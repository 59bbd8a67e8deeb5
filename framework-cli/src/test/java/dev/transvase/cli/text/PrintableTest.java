package dev.transvase.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import dev.transvase.cli.command.Console;
import dev.transvase.cli.log.LogLayout;
import dev.transvase.core.parameter.Masks;
import dev.transvase.core.parameter.Problem;
import dev.transvase.spi.error.ErrorType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintableTest {

    private static final String EVIL = "t\u001b[2J\u001b]0;x\u0007\r\nerror: all is well\u009b31m\u202egnp\u2028";
    private static final String SHOWN =
            "t\\u001b[2J\\u001b]0;x\\u0007\\u000d\\nerror: all is well\\u009b31m\\u202egnp\\u2028";

    @Test
    void controlCharactersAreShownAndDoNothing() {
        assertThat(Printable.line(EVIL)).isEqualTo(SHOWN);
        assertThat(Printable.line("größe 世😀\u200d a\tb")).isEqualTo("größe 世😀\u200d a b");
        assertThat(Printable.line("plain")).isSameAs("plain");
    }

    @Test
    void nothingThatPeopleAreShownHasThem() {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(shown, true, StandardCharsets.UTF_8),
                new ErrorCodePage(Path.of("")),
                false,
                new Masks(),
                false);
        console.warnings(List.of(Problem.of(EVIL, ErrorType.USER, "CODE", EVIL, EVIL, true)));
        console.warning(EVIL);
        console.lines(
                new TextTable("", EVIL.substring(0, 1), "b").row(EVIL, "c").lines());
        assertThat(shown.toString(StandardCharsets.UTF_8).lines())
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).matches("[^\\p{Cntrl}\u202e\u2028]*"));
    }

    @Test
    void everyLineOfALogThatIsNoEventsFirstIsSetIn() {
        LoggingEvent event = new LoggingEvent();
        event.setLevel(Level.ERROR);
        event.setLoggerName("a.B");
        event.setThreadName("main");
        event.setInstant(Instant.EPOCH);
        event.setMessage(EVIL);
        event.setThrowableProxy(new ThrowableProxy(new IllegalStateException(EVIL)));
        List<String> lines = new LogLayout(new Masks()).doLayout(event).lines().toList();
        assertThat(lines.get(0)).endsWith("ERROR [main] B: " + SHOWN);
        assertThat(lines.get(1)).startsWith("\tjava.lang.IllegalStateException: t\\u001b[2J");
        assertThat(lines.subList(1, lines.size()))
                .allSatisfy(line -> assertThat(line).matches("\t[^\\p{Cntrl}]*"));
    }
}
