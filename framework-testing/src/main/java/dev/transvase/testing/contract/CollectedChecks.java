package dev.transvase.testing.contract;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a step reports, one line each. */
public final class CollectedChecks implements Checks {

    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @Override
    public void error(String parameter, ErrorCode code, String message, String remedy) {
        errors.add(parameter + " " + code + ": " + message + (remedy.isEmpty() ? "" : " -> " + remedy));
    }

    @Override
    public void warning(String parameter, String message) {
        warnings.add(parameter + ": " + message);
    }

    @Override
    public boolean failed() {
        return !errors.isEmpty();
    }

    /** The errors so far. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** The warnings so far. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }
}
