package dev.transvase.postgresql.reader;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told. */
final class RecordedChecks implements Checks {

    record Finding(String parameter, String code, String message, String remedy) {}

    final List<Finding> errors = new ArrayList<>();
    final List<Finding> warnings = new ArrayList<>();

    @Override
    public void error(String parameter, ErrorCode code, String message, String remedy) {
        errors.add(new Finding(parameter, code.name(), message, remedy));
    }

    @Override
    public void warning(String parameter, String message) {
        warnings.add(new Finding(parameter, "", message, ""));
    }

    @Override
    public boolean failed() {
        return !errors.isEmpty();
    }
}
