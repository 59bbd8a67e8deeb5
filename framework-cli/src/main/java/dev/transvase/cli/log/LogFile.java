package dev.transvase.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.Context;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.text.Printable;
import dev.transvase.core.parameter.Masks;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Where a command's log goes: a file, and with {@code --verbose} standard error too. Closing it takes both away again. */
public final class LogFile implements AutoCloseable {

    private static final long FULL_BYTES = 10L << 20;
    private static final int KEPT_FILES = 5;
    private static final String NAME = "transvase.log";

    private final Logger root;
    private final List<AppenderBase<ILoggingEvent>> appenders = new ArrayList<>();
    private final Optional<Path> path;

    private LogFile(Environment environment, boolean verbose, Masks masks) {
        this.root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
        if (System.getProperty(LogStart.OWN_CONFIGURATION) != null) {
            this.path = Optional.empty();
            return;
        }
        root.setLevel(verbose ? Level.DEBUG : Level.INFO);
        Context context = root.getLoggerContext();
        LogLayout layout = new LogLayout(masks);
        List<String> unwritable = new ArrayList<>();
        Consumer<String> notice = message -> environment.err().println("notice: " + Printable.line(message));
        this.path = openFirst(folders(environment), context, layout, notice, unwritable);
        if (path.isEmpty()) {
            environment
                    .err()
                    .println("notice: no log is written, as none of its folders is writable: "
                            + Printable.line(String.join(", ", unwritable)));
        }
        if (verbose) {
            add(new ErrorStreamAppender(environment.err(), layout), context);
        }
    }

    /**
     * Starts logging, where this process's log can be written; tells the user when it cannot be anywhere.
     *
     * @param masks what the log must not show
     */
    public static LogFile open(Environment environment, boolean verbose, Masks masks) {
        return new LogFile(environment, verbose, masks);
    }

    /** Below the distribution's folder if that can be written, else where the system keeps such things of a user. */
    private static List<Path> folders(Environment environment) {
        String state = environment.variables().getOrDefault("XDG_STATE_HOME", "");
        List<Path> folders = new ArrayList<>(List.of(environment.home().resolve("log")));
        Path home = Path.of(System.getProperty("user.home", ""));
        if (!state.isEmpty()) {
            folders.add(Path.of(state).resolve("transvase"));
        } else if (home.isAbsolute()) { // a user that the system does not know has none, which Java calls "?"
            folders.add(home.resolve(".local").resolve("state").resolve("transvase"));
        }
        return folders;
    }

    private Optional<Path> openFirst(
            List<Path> folders, Context context, LogLayout layout, Consumer<String> notice, List<String> unwritable) {
        for (Path folder : folders) {
            Path file = folder.resolve(NAME);
            try {
                Files.createDirectories(folder);
                add(new SharedLogAppender(file, FULL_BYTES, KEPT_FILES, layout, notice), context);
                return Optional.of(file);
            } catch (IOException e) {
                unwritable.add(folder + " (" + e + ")");
            }
        }
        return Optional.empty();
    }

    private void add(AppenderBase<ILoggingEvent> appender, Context context) {
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
        appenders.add(appender);
    }

    /** The file, unless there is none. */
    public Optional<Path> path() {
        return path;
    }

    @Override
    public void close() {
        for (AppenderBase<ILoggingEvent> appender : appenders) {
            root.detachAppender(appender);
            appender.stop();
        }
    }

    /** The log on standard error. */
    private static final class ErrorStreamAppender extends AppenderBase<ILoggingEvent> {

        private final PrintStream err;
        private final LogLayout layout;

        ErrorStreamAppender(PrintStream err, LogLayout layout) {
            this.err = err;
            this.layout = layout;
        }

        @Override
        protected void append(ILoggingEvent event) {
            err.print(layout.doLayout(event));
        }
    }
}
