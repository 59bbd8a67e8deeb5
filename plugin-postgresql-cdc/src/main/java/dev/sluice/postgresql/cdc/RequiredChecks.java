package dev.sluice.postgresql.cdc;

import dev.sluice.spi.Checks;
import dev.sluice.spi.Notices;
import dev.sluice.spi.SluiceException;

/** Checks of a run that is under way: the first thing that is wrong ends it. */
final class RequiredChecks implements Checks {

    private final Notices notices;

    RequiredChecks(Notices notices) {
        this.notices = notices;
    }

    /** @throws SluiceException always */
    @Override
    public void error(String parameter, String code, String message, String remedy) {
        throw SluiceException.user(code, remedy.isEmpty() ? message : message + "; " + remedy);
    }

    @Override
    public void warning(String parameter, String message) {
        notices.warn(message);
    }

    @Override
    public boolean failed() {
        return false;
    }
}
