package dev.transvase.demo;

import static dev.transvase.demo.DemoErrors.DEMO_FILES_FAILED;
import static dev.transvase.demo.DemoErrors.DEMO_SERVER_FAILED;

import dev.transvase.cli.demo.Demo;
import dev.transvase.cli.demo.DemoOptions;
import dev.transvase.embedded.EmbeddedServerException;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;

/** The demo on embedded servers. Failures leave as {@link TransvaseException}, which the command line shows. */
public final class EmbeddedDemo implements Demo {
    private final KeptServers kept;

    /** For the service loader. */
    public EmbeddedDemo() {
        // Nothing opens it: Ctrl-C ends the JVM, and with it the servers.
        this(() -> new CountDownLatch(1).await());
    }

    EmbeddedDemo(KeptServers kept) {
        this.kept = kept;
    }

    /** What goes on while the servers stay up; they are stopped when it returns. */
    @FunctionalInterface
    interface KeptServers {
        void await() throws InterruptedException;
    }

    @Override
    public int run(DemoOptions options) {
        EndOfJvm end = EndOfJvm.watch(options.err());
        try {
            return new DemoRun(options, kept, end).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return EndOfJvm.INTERRUPTED;
        } catch (TransvaseException | EmbeddedServerException | SQLException | IOException | UncheckedIOException e) {
            if (end.hasCome()) {
                // The servers go while the demo still uses them, so whatever failed now says nothing.
                return EndOfJvm.INTERRUPTED;
            }
            throw reported(e);
        } finally {
            end.forget();
        }
    }

    private static TransvaseException reported(Exception e) {
        if (e instanceof TransvaseException reported) {
            return reported;
        }
        if (e instanceof EmbeddedServerException) {
            return TransvaseException.of(DEMO_SERVER_FAILED, e.getMessage(), e);
        }
        if (e instanceof SQLException) {
            return TransvaseException.of(
                    DEMO_SERVER_FAILED, "a server of the demo does not work as expected: " + e.getMessage(), e);
        }
        return TransvaseException.of(DEMO_FILES_FAILED, "The demo's files: " + FileProblems.text(e), e);
    }
}
