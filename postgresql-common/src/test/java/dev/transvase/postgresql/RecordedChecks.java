package dev.transvase.postgresql;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Keeps the places and codes of errors. */
public final class RecordedChecks implements Checks {

    public final List<String> errors = new ArrayList<>();
    public final List<String> texts = new ArrayList<>();

    @Override
    public void error(String parameter, ErrorCode code, String message, String remedy) {
        errors.add(parameter + ' ' + code);
        texts.add(message + ' ' + remedy);
    }

    @Override
    public void warning(String parameter, String message) {
        throw new AssertionError("no warning was expected: " + message);
    }

    @Override
    public boolean failed() {
        return !errors.isEmpty();
    }
}
