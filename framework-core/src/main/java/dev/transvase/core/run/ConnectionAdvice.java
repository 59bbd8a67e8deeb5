package dev.transvase.core.run;

import dev.transvase.core.job.StepSpec;
import java.util.List;
import java.util.regex.Pattern;

/** Plugins do not know whether their data source has a name that a user could test it by. */
final class ConnectionAdvice {

    private static final Pattern TEST = Pattern.compile(", (?:try it with|run) `transvase datasource test NAME`");

    private ConnectionAdvice() {}

    /**
     * The message without the advice to test a data source by its name, when one of these steps has none.
     *
     * @param steps that may have failed
     */
    static String fitting(String message, StepSpec... steps) {
        boolean named =
                List.of(steps).stream().allMatch(step -> step.inlineDataSource().isEmpty());
        return named || message == null ? message : TEST.matcher(message).replaceAll("");
    }
}
