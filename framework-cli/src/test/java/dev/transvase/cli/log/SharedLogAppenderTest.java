package dev.transvase.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.transvase.core.parameter.Masks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SharedLogAppenderTest {

    private static final int FULL = 1_000;
    private static final int KEPT = 3;

    private final LoggerContext context = new LoggerContext();

    @TempDir
    private Path folder;

    @Test
    void twoWritersOfOneFileLoseNothingWhileItIsPutAway() throws IOException {
        SharedLogAppender one = appender();
        SharedLogAppender two = appender();
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            written.add("from one, number " + i);
            one.doAppend(event("from one, number " + i));
            written.add("from two, number " + i);
            two.doAppend(event("from two, number " + i));
        }
        one.stop();
        two.stop();
        assertThat(folder.resolve("transvase.log.1")).exists();
        String all =
                Files.readString(folder.resolve("transvase.log.1")) + Files.readString(folder.resolve("transvase.log"));
        assertThat(all).contains(written);
    }

    @Test
    void anInterruptedThreadDoesNotEndTheLog() throws IOException {
        SharedLogAppender appender = appender();
        Thread.currentThread().interrupt();
        appender.doAppend(event("interrupted"));
        assertThat(Thread.interrupted()).isTrue();
        appender.doAppend(event("and on"));
        appender.stop();
        assertThat(Files.readString(folder.resolve("transvase.log"))).contains("interrupted", "and on");
    }

    @Test
    void noMoreThanSoManyFilesAreKept() throws IOException {
        SharedLogAppender appender = appender();
        for (int i = 0; i < 500; i++) {
            appender.doAppend(event("line " + i));
        }
        appender.stop();
        assertThat(Files.readString(folder.resolve("transvase.log"))).contains("line 499");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> logs =
                    files.filter(file -> !file.toString().endsWith(".lock")).toList();
            assertThat(logs).hasSize(1 + KEPT);
            for (Path log : logs) {
                assertThat(Files.size(log)).isLessThan(FULL + 200);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsToldOnceAndEndsNothing() throws IOException {
        Files.createSymbolicLink(folder.resolve("transvase.log"), Path.of("/dev/full"));
        SharedLogAppender appender = appender();
        appender.doAppend(event("one"));
        appender.doAppend(event("two"));
        appender.stop();
        assertThat(notices)
                .singleElement()
                .asString()
                .contains("transvase.log cannot be written, the job continues without it: ", "No space left");
    }

    private final List<String> notices = new ArrayList<>();

    private SharedLogAppender appender() throws IOException {
        SharedLogAppender appender = new SharedLogAppender(
                folder.resolve("transvase.log"), FULL, KEPT, new LogLayout(new Masks()), notices::add);
        appender.setContext(context);
        appender.start();
        return appender;
    }

    private ILoggingEvent event(String message) {
        LoggingEvent event = new LoggingEvent(
                SharedLogAppenderTest.class.getName(), context.getLogger("test"), Level.INFO, message, null, null);
        event.setThreadName("main");
        return event;
    }
}
