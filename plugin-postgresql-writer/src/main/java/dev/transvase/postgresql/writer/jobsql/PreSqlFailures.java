package dev.transvase.postgresql.writer.jobsql;

import static dev.transvase.postgresql.writer.error.WriterErrors.TARGET_CHANGED;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what a check after {@code preSql} finds, which ends the run. */
public final class PreSqlFailures implements Checks {

    private static final Logger log = LoggerFactory.getLogger(PreSqlFailures.class);

    private final List<String> messages = new ArrayList<>();

    @Override
    public void error(String parameter, ErrorCode code, String message, String remedy) {
        messages.add(parameter + ": " + message);
    }

    @Override
    public void warning(String parameter, String message) {
        log.debug("{}: {}", parameter, message);
    }

    @Override
    public boolean failed() {
        return !messages.isEmpty();
    }

    public void throwIfAny() {
        if (failed()) {
            throw TransvaseException.of(
                    TARGET_CHANGED, "preSql made the target unsuitable: " + String.join("; ", messages));
        }
    }
}
