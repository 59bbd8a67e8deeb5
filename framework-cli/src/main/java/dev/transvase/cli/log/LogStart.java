package dev.transvase.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Logback asks this first, as the first logger is made. It keeps Logback from looking for files and printing to the
 * terminal; where the log goes, {@link LogFile} says. Whoever gives {@code -Dlogback.configurationFile} has that instead.
 * Found through {@code META-INF/services}.
 */
public final class LogStart extends ContextAwareBase implements Configurator {

    static final String OWN_CONFIGURATION = "logback.configurationFile";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(OWN_CONFIGURATION) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
