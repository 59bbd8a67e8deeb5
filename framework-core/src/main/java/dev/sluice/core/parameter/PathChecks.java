package dev.sluice.core.parameter;

import dev.sluice.spi.Checks;

/** What a plugin reports, placed below a path of the job file. */
final class PathChecks implements Checks {

    private final Problems problems;
    private final String path;
    private boolean failed;

    PathChecks(Problems problems, String path) {
        this.problems = problems;
        this.path = path;
    }

    @Override
    public void error(String parameter, String code, String message, String remedy) {
        failed = true;
        problems.error(JsonPath.append(path, parameter), code, message, remedy);
    }

    @Override
    public void warning(String parameter, String message) {
        problems.warn(JsonPath.append(path, parameter), "WARNING", message, "");
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
