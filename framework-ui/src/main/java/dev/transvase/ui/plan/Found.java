package dev.transvase.ui.plan;

import dev.transvase.core.parameter.Problem;
import dev.transvase.spi.error.Fix;
import dev.transvase.ui.json.JsonSpan;
import dev.transvase.ui.json.JsonText;
import dev.transvase.ui.json.JsonTextException;
import dev.transvase.ui.json.ValuePath;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A finding of a check, with its place in the script.
 *
 * @param path the way to the value it is about, for example {@code steps[0].parameter.column[2]}; empty when it is about none
 * @param from where that value, or the nearest one around it, begins in the script, in characters; 0 without a path
 * @param to where what is behind it begins
 * @param warning whether the job may run all the same
 * @param code what is wrong as a constant
 * @param message what was expected and what was found
 * @param remedy what to do about it; may be empty
 * @param statements the statements that mend it, to be run at {@code place}
 * @param place the database that they are for
 */
public record Found(
        String path,
        int from,
        int to,
        boolean warning,
        String code,
        String message,
        String remedy,
        List<String> statements,
        String place) {

    private static final Pattern LINE = Pattern.compile("^line (\\d+), column (\\d+): ");

    /** What a problem says of a script, with {@code shown} making texts fit to be shown. */
    static Found of(Problem problem, String script, UnaryOperator<String> shown) {
        String path = problem.path().replaceFirst("^[^:]*: ?", "");
        int[] span = span(problem, path, script);
        return new Found(
                path,
                span[0],
                span[1],
                problem.warning(),
                problem.code(),
                shown.apply(problem.message()),
                shown.apply(problem.remedy()),
                problem.fix().map(Fix::statements).orElse(List.of()).stream()
                        .map(shown)
                        .toList(),
                problem.fix().map(fix -> shown.apply(fix.place().name())).orElse(""));
    }

    private static int[] span(Problem problem, String path, String script) {
        Matcher line = LINE.matcher(problem.message());
        if (path.isEmpty() && line.find()) {
            int at = offset(script, Integer.parseInt(line.group(1)), Integer.parseInt(line.group(2)));
            return new int[] {at, Math.min(at + 1, script.length())};
        }
        try {
            JsonSpan nearest = JsonText.of(script).nearest(ValuePath.parse(path));
            return path.isEmpty() ? new int[] {0, 0} : new int[] {nearest.start(), nearest.end()};
        } catch (JsonTextException e) {
            return new int[] {0, 0}; // the path is about something else, such as an option
        }
    }

    private static int offset(String script, int line, int column) {
        int at = 0;
        for (int i = 1; i < line; i++) {
            int next = script.indexOf('\n', at);
            if (next < 0) {
                return script.length();
            }
            at = next + 1;
        }
        return Math.min(at + column - 1, script.length());
    }

    /** The value that it is about, as the script has it. */
    String in(String script) {
        return script.substring(from, to);
    }

    /** The same, with which the job may run all the same. */
    Found asWarning() {
        return new Found(path, from, to, true, code, message, remedy, statements, place);
    }
}
