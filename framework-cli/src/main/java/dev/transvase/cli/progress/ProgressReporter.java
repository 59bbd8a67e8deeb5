package dev.transvase.cli.progress;

import dev.transvase.cli.process.Environment;
import dev.transvase.cli.text.Printable;
import dev.transvase.core.run.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a run's progress until it is closed, and logs it from time to time. A thread of its own does it, so that nothing
 * of it is in the way of the data.
 */
public final class ProgressReporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressReporter.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);

    private final Environment environment;
    private final ProgressMode mode;
    private final Supplier<Progress> source;
    private final Rate rate;
    private final Rate loggedRate = new Rate(LOG_INTERVAL);
    private final LiveLine line;
    private final PrintStream outBefore = System.out;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private Duration logNext = LOG_INTERVAL;

    private ProgressReporter(Environment environment, ProgressMode mode, Supplier<Progress> source) {
        this.environment = environment;
        this.mode = mode;
        this.source = source;
        this.rate = new Rate(mode.rateWindow());
        this.line = new LiveLine(environment.err());
        this.thread = new Thread(this::report, "transvase-progress");
        thread.setDaemon(true);
    }

    /** Starts to show the progress that {@code source} gives. */
    public static ProgressReporter start(Environment environment, ProgressMode mode, Supplier<Progress> source) {
        ProgressReporter reporter = new ProgressReporter(environment, mode, source);
        if (mode == ProgressMode.LIVE && environment.terminal().out()) {
            System.setOut(reporter.line.beside(environment.out()));
        }
        reporter.thread.start();
        return reporter;
    }

    private void report() {
        Progress start = source.get();
        rate.add(start);
        loggedRate.add(start);
        try {
            while (!closed.await(mode.interval().toMillis(), TimeUnit.MILLISECONDS)) {
                show(source.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that; were it done, it would mean to end
        }
    }

    void show(Progress progress) {
        rate.add(progress);
        if (mode == ProgressMode.LIVE) {
            line.draw(ProgressText.live(progress, rate, environment.terminal().columns()));
        } else if (mode == ProgressMode.JSON) {
            environment.err().println(ProgressJson.line(progress, rate));
        } else if (mode == ProgressMode.PLAIN) {
            environment.err().println(Printable.line(ProgressText.plain(progress, rate)));
        }
        if (progress.elapsed().compareTo(logNext) >= 0) {
            loggedRate.add(progress);
            LOG.info("{}", ProgressText.plain(progress, loggedRate));
            logNext = progress.elapsed().plus(LOG_INTERVAL);
        }
    }

    /** Prints lines to the same terminal, out of the way of what is shown. Called from any thread. */
    public void beside(Runnable printing) {
        line.around(printing);
    }

    /** Ends it and leaves the terminal as it was. */
    @Override
    public void close() {
        closed.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        line.erase();
        System.setOut(outBefore);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
