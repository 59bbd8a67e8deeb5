package dev.transvase.core.parameter;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects problems in the order in which they are found, so that all of them are reported at once. Not thread-safe: it
 * belongs to the thread that prepares the job.
 */
public final class Problems {

    private final List<Problem> all = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, String> origins = new HashMap<>();
    private final Set<String> silenced = new HashSet<>();
    private final Set<String> silencedBelow = new HashSet<>();
    private final Masks masks;

    /** Problems that nobody else keeps secrets of. */
    public Problems() {
        this(new Masks());
    }

    /** @param masks takes what must not be shown of what is looked up for the job */
    public Problems(Masks masks) {
        this.masks = masks;
    }

    /** What must not be shown of what was looked up so far. */
    public Masks masks() {
        return masks;
    }

    /** What is found at {@code path}, or below, was put there from {@code origin}, where the user has to look for it. */
    public void moved(String origin, String path) {
        origins.put(path, origin);
    }

    /** What is found wrong at {@code path} from now on follows from an error that was added already, and is left out. */
    public void silence(String path) {
        silenced.add(path);
    }

    /** What is found at {@code path} or below, already or from now on, follows from another error, and is left out. */
    public void silenceBelow(String path) {
        all.removeIf(problem -> isBelow(problem.path(), path));
        silencedBelow.add(path);
    }

    private static boolean isBelow(String path, String above) {
        return path.equals(above) || path.startsWith(above + ".") || path.startsWith(above + "[");
    }

    /** Adds an error or a warning. */
    public void add(Problem problem) {
        if (silenced.contains(problem.path())
                || silencedBelow.stream().anyMatch(above -> isBelow(problem.path(), above))) {
            return;
        }
        all.add(problem.at(origin(problem.path())));
    }

    /** Adds an error that the user fixes. */
    public void error(String path, ErrorCode code, String message, String remedy) {
        add(Problem.of(path, ErrorType.USER, code.name(), message, remedy, false));
    }

    /** Adds what a plugin has found. */
    void found(String path, Finding finding, boolean warning) {
        add(new Problem(
                path,
                ErrorType.USER,
                finding.code().name(),
                finding.message(),
                finding.remedy(),
                warning,
                finding.subject(),
                finding.plural(),
                finding.fix()));
    }

    /** Adds a warning: the job may run all the same. */
    public void warn(String path, ErrorCode code, String message, String remedy) {
        add(Problem.of(path, ErrorType.USER, code.name(), message, remedy, true));
    }

    private String origin(String path) {
        for (int end = path.length();
                end > 0;
                end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1))) {
            String origin = origins.get(path.substring(0, end));
            if (origin != null) {
                return origin + path.substring(end);
            }
        }
        return path;
    }

    /** Adds what is worth seeing beside the plan. */
    public void note(String path, String message) {
        notes.add(path + ": " + message);
    }

    /** A view for plugins: the parameter paths they give are appended to {@code path}. */
    public Checks at(String path) {
        return new PathChecks(this, path, Set.of());
    }

    /** The errors so far. */
    public List<Problem> errors() {
        return all.stream().filter(problem -> !problem.warning()).toList();
    }

    /** The warnings so far. */
    public List<Problem> warnings() {
        return all.stream().filter(Problem::warning).toList();
    }

    /** What is worth seeing beside the plan. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Whether there is an error. */
    public boolean failed() {
        return all.stream().anyMatch(problem -> !problem.warning());
    }

    /**
     * Goes on only when there is no error.
     *
     * @throws InvalidJobException with all errors when there is one
     */
    public void throwIfFailed() {
        if (failed()) {
            throw new InvalidJobException(errors());
        }
    }
}
