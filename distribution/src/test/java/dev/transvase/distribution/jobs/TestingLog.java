package dev.transvase.distribution.jobs;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is logged in this JVM, by jobs too that run on other threads. */
final class TestingLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    private TestingLog(Logger logger) {
        this.logger = logger;
    }

    /** Listens from now on to what is logged under this name, until it is closed. */
    static TestingLog of(String name) {
        TestingLog log = new TestingLog((Logger) LoggerFactory.getLogger(name));
        log.start();
        log.logger.addAppender(log);
        return log;
    }

    @Override
    protected void append(ILoggingEvent event) {
        messages.add(event.getFormattedMessage());
    }

    /** All so far. */
    List<String> messages() {
        return List.copyOf(messages);
    }

    /** How many begin like this. */
    long count(String start) {
        return messages.stream().filter(message -> message.startsWith(start)).count();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
