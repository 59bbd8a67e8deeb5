package dev.transvase.postgresql.cdc.prerequisite;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;

/** Checks of a run that is under way: the first thing that is wrong ends it. */
public final class RequiredChecks implements Checks {

    private final Notices notices;

    public RequiredChecks(Notices notices) {
        this.notices = notices;
    }

    /** @throws TransvaseException always */
    @Override
    public void error(String parameter, ErrorCode code, String message, String remedy) {
        throw TransvaseException.of(code, remedy.isEmpty() ? message : message + "; " + remedy);
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
