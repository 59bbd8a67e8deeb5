package dev.sluice.stream;

import dev.sluice.spi.Checks;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a step reports: {@code path CODE: message}. */
final class RecordedChecks implements Checks {

    final List<String> errors = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();

    @Override
    public void error(String parameter, String code, String message, String remedy) {
        errors.add(parameter + " " + code + ": " + message + (remedy.isEmpty() ? "" : " | " + remedy));
    }

    @Override
    public void warning(String parameter, String message) {
        warnings.add(parameter + ": " + message);
    }

    @Override
    public boolean failed() {
        return !errors.isEmpty();
    }
}
