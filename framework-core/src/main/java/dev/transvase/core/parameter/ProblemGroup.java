package dev.transvase.core.parameter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Problems of one kind, shown in one line. */
public final class ProblemGroup {

    private static final int NAMED = 3;

    /** As many that differ in their words are readable one by one. */
    private static final int READABLE = 3;

    private static final Pattern LAST_INDEX = Pattern.compile("\\[[0-9]+]$");

    private final List<Problem> problems;

    private ProblemGroup(List<Problem> problems) {
        this.problems = problems;
    }

    /** Sums up the problems, in the order of the first of each kind. */
    public static List<ProblemGroup> of(List<Problem> problems) {
        List<ProblemGroup> groups = new ArrayList<>();
        for (List<Problem> kind : by(problems, ProblemGroup::kind)) {
            if (kind.size() <= READABLE && kind.get(0).plural().isEmpty()) {
                kind.forEach(problem -> groups.add(new ProblemGroup(List.of(problem))));
            } else {
                groups.add(new ProblemGroup(kind));
            }
        }
        return groups;
    }

    private static List<List<Problem>> by(List<Problem> problems, Function<Problem, Object> key) {
        Map<Object, List<Problem>> grouped =
                problems.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
        return List.copyOf(grouped.values());
    }

    private static Object kind(Problem problem) {
        String words =
                problem.plural().isEmpty() ? MessageKind.of(problem.message()).template() : problem.plural();
        return List.of(problem.warning(), problem.code(), list(problem.path()), words);
    }

    /** The list that an element's path leads into; the path itself when it leads to no element. */
    private static String list(String path) {
        return LAST_INDEX.matcher(path).replaceFirst("");
    }

    /** All of them. */
    public List<Problem> problems() {
        return problems;
    }

    /** How many there are. */
    public int count() {
        return problems.size();
    }

    /** One problem that stands for all: the only one, or one that tells how many there are and names a few. */
    public Problem summary() {
        Problem first = problems.get(0);
        if (problems.size() == 1) {
            return first;
        }
        boolean onePath = problems.stream().map(Problem::path).distinct().count() == 1;
        String message = first.plural().isEmpty() ? likewise(first) : ofSeveral(first);
        String remedy = problems.stream().map(Problem::remedy).distinct().count() == 1
                        || first.remedy().isEmpty()
                ? first.remedy()
                : first.remedy() + "; likewise for the others";
        return Problem.of(
                onePath ? first.path() : list(first.path()),
                first.type(),
                first.code(),
                message,
                remedy,
                first.warning());
    }

    private String ofSeveral(Problem first) {
        List<String> subjects = problems.stream().map(Problem::subject).toList();
        return String.format(Locale.ROOT, "%,d", subjects.size()) + ' ' + first.plural() + ": "
                + named(subjects, subjects.size());
    }

    private String likewise(Problem first) {
        MessageKind kind = MessageKind.of(first.message());
        List<String> others = problems.stream()
                .skip(1)
                .map(problem -> kind.difference(MessageKind.of(problem.message())))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        return first.message() + "; likewise " + named(others, problems.size() - 1);
    }

    /** @param count how many there are; some may have no name */
    private static String named(List<String> names, int count) {
        List<String> shown = names.subList(0, Math.min(NAMED, names.size()));
        int more = count - shown.size();
        String rest = more > 0 ? more + " more" : "";
        if (shown.isEmpty()) {
            return rest;
        }
        return String.join(", ", shown) + (rest.isEmpty() ? "" : " and " + rest);
    }
}
