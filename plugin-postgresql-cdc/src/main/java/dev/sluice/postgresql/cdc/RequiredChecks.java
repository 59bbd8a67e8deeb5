package dev.sluice.postgresql.cdc;

import dev.sluice.spi.Checks;
import dev.sluice.spi.SluiceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks of a run that is under way: the first thing that is wrong ends it. */
final class RequiredChecks implements Checks {

    private static final Logger log = LoggerFactory.getLogger(RequiredChecks.class);

    /** @throws SluiceException always */
    @Override
    public void error(String parameter, String code, String message, String remedy) {
        throw SluiceException.user(code, remedy.isEmpty() ? message : message + "; " + remedy);
    }

    @Override
    public void warning(String parameter, String message) {
        log.warn("{}", message);
    }

    @Override
    public boolean failed() {
        return false;
    }
}
