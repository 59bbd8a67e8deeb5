package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.ASSUMED_PARAMETER;
import static dev.transvase.core.error.CoreErrors.DUPLICATE_STEP_NAME;
import static dev.transvase.core.error.CoreErrors.IGNORED_PARAMETER;
import static dev.transvase.core.error.CoreErrors.INVALID_PARAMETER;
import static dev.transvase.core.error.CoreErrors.UNSUPPORTED_JOB;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.core.job.JobFile.Content;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
import dev.transvase.spi.error.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The shape of DataWorks: {@code type}, {@code version}, {@code steps}, {@code setting}, {@code order.hops}.
 *
 * <p>What its console exports besides is ignored with a warning: {@code transform}, {@code extend}; of a step {@code
 * copies}, {@code gui}, {@code displayName}, {@code description}; a {@code processor} step without nodes. A processor that
 * does something is an error, because leaving it out would change the data.
 */
final class DataWorksJob {

    private static final List<String> CATEGORIES = List.of("reader", "writer");

    private final JobPlace place;
    private final Problems problems;

    DataWorksJob(JobPlace place, Problems problems) {
        this.place = place;
        this.problems = problems;
    }

    Optional<Content> read(Fields root) {
        root.only(List.of("type", "version", "steps", "setting", "order"), List.of("transform", "extend"));
        checkText(root, "type", "job");
        checkText(root, "version", "2.0");
        JobSettings settings = DataWorksSetting.read(root, problems);
        List<Step> steps = steps(root);
        Optional<StepSpec> reader = one(steps, "reader", root);
        Optional<StepSpec> writer = one(steps, "writer", root);
        checkNames(steps, root);
        new Hops(steps, problems).check(root);
        return reader.flatMap(from -> writer.map(to -> new Content(from, to, settings)));
    }

    private void checkText(Fields root, String key, String expected) {
        if (!root.has(key)) {
            problems.warn(root.pathOf(key), ASSUMED_PARAMETER, "is missing; read as \"" + expected + "\"", "");
            return;
        }
        JsonNode found = root.json().get(key);
        boolean same = found.asText().equalsIgnoreCase(expected);
        if (!same) {
            problems.error(
                    root.pathOf(key),
                    UNSUPPORTED_JOB,
                    "expected \"" + expected + "\", found " + Shown.value(found),
                    "only " + key + " \"" + expected + "\" is supported");
        }
    }

    /** A step with its category in lower case. */
    record Step(String category, String name, StepSpec spec) {}

    private List<Step> steps(Fields root) {
        List<Step> steps = new ArrayList<>();
        if (root.present("steps", "give one step of category reader and one of category writer")) {
            root.objects("steps").forEach(step -> step(step).ifPresent(steps::add));
        }
        return steps;
    }

    private Optional<Step> step(Fields step) {
        if (step.json().path("category").asText().equalsIgnoreCase("processor")) {
            processor(step);
            return Optional.empty();
        }
        step.only(
                List.of("stepType", "parameter", "name", "category"),
                List.of("copies", "gui", "displayName", "description"));
        Optional<String> category = step.requiredText("category", "give \"reader\" or \"writer\"")
                .map(text -> text.toLowerCase(Locale.ROOT));
        category.filter(found -> !CATEGORIES.contains(found))
                .ifPresent(found -> problems.error(
                        step.pathOf("category"),
                        INVALID_PARAMETER,
                        "expected reader or writer, found \"" + Shown.text(found) + "\"",
                        Spelling.nearest(found, CATEGORIES)
                                .map(near -> "did you mean `" + near + "`?")
                                .orElse("")));
        Optional<String> stepType =
                step.requiredText("stepType", "name a step type; `transvase plugins` lists what is installed");
        Optional<String> name = step.text("name");
        Optional<Fields> parameter =
                step.has("parameter") ? step.object("parameter") : Optional.of(step.empty("parameter"));
        boolean reads = category.equals(Optional.of("reader"));
        JdbcUrls urls = new JdbcUrls(category.flatMap(
                kind -> stepType.flatMap(type -> place.exampleUrls().of(kind, type))));
        Optional<List<Connections.Part>> parts =
                parameter.map(found -> new Connections(found, reads, urls, place).move());
        // A step that lacks its type or parameters still counts for "exactly one of each" and for the hops.
        return category.map(found -> {
            String stepName = name.orElse(found.equals("reader") ? "Reader" : "Writer");
            StepSpec spec = StepSpec.of(
                    stepType.orElse(""),
                    stepName,
                    step.pathOf("parameter"),
                    parts.orElseGet(
                            () -> List.of(new Connections.Part("", step.json().objectNode(), Optional.empty()))),
                    JobShape.DATAWORKS);
            return new Step(found, stepName, spec);
        });
    }

    private void processor(Fields step) {
        if (step.json().path("parameter").path("nodes").isEmpty()) {
            problems.warn(step.path(), IGNORED_PARAMETER, "is a processor that does nothing and is ignored", "");
        } else {
            problems.error(
                    step.path(),
                    UNSUPPORTED_JOB,
                    "is a processor, which is not supported",
                    "use expressions in the reader's `column`, or `querySql`");
        }
    }

    private Optional<StepSpec> one(List<Step> steps, String category, Fields root) {
        List<StepSpec> found = steps.stream()
                .filter(step -> step.category().equals(category))
                .map(Step::spec)
                .toList();
        if (found.size() == 1) {
            return Optional.of(found.get(0));
        }
        if (!found.isEmpty() || root.json().path("steps").isArray()) {
            problems.error(
                    root.pathOf("steps"),
                    UNSUPPORTED_JOB,
                    "expected exactly one step of category " + category + ", found " + found.size(),
                    found.isEmpty() ? "add one" : "write a separate job for each");
        }
        return Optional.empty();
    }

    private void checkNames(List<Step> steps, Fields root) {
        long distinct = steps.stream().map(Step::name).distinct().count();
        if (distinct < steps.size()) {
            problems.error(
                    root.pathOf("steps"),
                    DUPLICATE_STEP_NAME,
                    "two steps have the same name",
                    "give each step a name of its own, since order.hops refers to it");
        }
    }
}
