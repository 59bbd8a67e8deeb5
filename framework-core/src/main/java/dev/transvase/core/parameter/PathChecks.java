package dev.transvase.core.parameter;

import static dev.transvase.core.error.CoreErrors.WARNING;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Finding;
import java.util.Set;

/** What a plugin reports, placed below a path of the job file. */
final class PathChecks implements Checks {

    private final Problems problems;
    private final String path;
    private final Set<String> reported;
    private boolean failed;

    /** @param reported parameters whose problems have all been reported */
    PathChecks(Problems problems, String path, Set<String> reported) {
        this.problems = problems;
        this.path = path;
        this.reported = reported;
    }

    @Override
    public void error(String parameter, ErrorCode code, String message, String remedy) {
        error(parameter, Finding.of(code, message, remedy));
    }

    @Override
    public void error(String parameter, Finding finding) {
        if (reported.contains(parameter)) {
            return;
        }
        failed = true;
        problems.found(JsonPath.append(path, parameter), finding, false);
    }

    @Override
    public void warning(String parameter, String message) {
        problems.warn(JsonPath.append(path, parameter), WARNING, message, "");
    }

    @Override
    public void warning(String parameter, Finding finding) {
        problems.found(JsonPath.append(path, parameter), finding, true);
    }

    @Override
    public void note(String message) {
        problems.note(path, message);
    }

    @Override
    public boolean failed() {
        return failed;
    }
}
