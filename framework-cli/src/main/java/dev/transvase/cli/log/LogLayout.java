package dev.transvase.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import dev.transvase.cli.text.Printable;
import dev.transvase.core.parameter.Masks;

/** A line of the log: time in UTC, process, level, thread, logger, message; below it the stack trace. */
public final class LogLayout extends LayoutBase<ILoggingEvent> {

    private final long process = ProcessHandle.current().pid();
    private final Masks masks;

    public LogLayout(Masks masks) {
        this.masks = masks;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        String logger = event.getLoggerName();
        StringBuilder line = new StringBuilder()
                .append(event.getInstant())
                .append(' ')
                .append(process)
                .append(' ')
                .append(event.getLevel())
                .append(" [")
                .append(Printable.line(event.getThreadName()))
                .append("] ")
                .append(logger, logger.lastIndexOf('.') + 1, logger.length())
                .append(": ")
                .append(Printable.line(masks.apply(String.valueOf(event.getFormattedMessage()))))
                .append('\n');
        if (event.getThrowableProxy() != null) {
            // Each line is set in, so that none of an exception's message looks like the log's own.
            masks.apply(ThrowableProxyUtil.asString(event.getThrowableProxy()))
                    .lines()
                    .forEach(trace -> line.append('\t')
                            .append(Printable.line(trace.strip()))
                            .append('\n'));
        }
        return line.toString();
    }
}
