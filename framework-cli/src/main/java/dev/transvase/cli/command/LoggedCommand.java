package dev.transvase.cli.command;

import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.text.ErrorCodePage;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Masks;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** A command that does something, keeps a log of it, and turns what goes wrong into a message and an exit code. */
public abstract class LoggedCommand extends HelpfulCommand implements Callable<Integer> {

    @Option(names = "--verbose", description = "Show the log and stack traces on standard error.")
    private boolean verbose;

    private final Environment environment;

    protected LoggedCommand(Environment environment) {
        this.environment = environment;
    }

    /**
     * Does it.
     *
     * @return the exit code
     */
    protected abstract int run(Console console, LogFile log);

    /** Whether problems of one kind are shown one by one. */
    boolean showsAll() {
        return false;
    }

    protected final Environment environment() {
        return environment;
    }

    final boolean verbose() {
        return verbose;
    }

    @Override
    public final Integer call() {
        Masks masks = new Masks();
        Console console =
                new Console(environment.err(), new ErrorCodePage(environment.home()), verbose, masks, showsAll());
        try (LogFile log = LogFile.open(environment, verbose, masks)) {
            try {
                return run(console, log);
            } catch (RuntimeException | Error e) {
                return failed(e, console, log);
            }
        }
    }

    /** Logs and tells why it failed; gives the exit code. */
    static int failed(Throwable e, Console console, LogFile log) {
        Logger logger = LoggerFactory.getLogger(LoggedCommand.class);
        if (e instanceof InvalidJobException) {
            logger.error("the job is not valid: {}", e.getMessage());
        } else {
            logger.error("failed", e);
        }
        console.failure(e, log.path());
        return ExitCode.of(e);
    }
}
