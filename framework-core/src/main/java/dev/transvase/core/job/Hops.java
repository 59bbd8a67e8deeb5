package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.INVALID_HOP;
import static dev.transvase.core.error.CoreErrors.UNKNOWN_STEP;
import static dev.transvase.core.error.CoreErrors.UNSUPPORTED_JOB;

import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
import dev.transvase.spi.error.Spelling;
import java.util.List;
import java.util.Optional;

/** Checks {@code order.hops} against the steps. Left out or empty, the reader's records go to the writer all the same. */
final class Hops {

    private final List<DataWorksJob.Step> steps;
    private final Problems problems;

    Hops(List<DataWorksJob.Step> steps, Problems problems) {
        this.steps = steps;
        this.problems = problems;
    }

    void check(Fields root) {
        Optional<Fields> order = root.object("order");
        if (order.isEmpty()) {
            return;
        }
        order.get().only(List.of("hops"), List.of());
        List<Fields> hops = order.get().objects("hops");
        hops.forEach(this::checkEnds);
        if (hops.size() > 1) {
            problems.error(
                    order.get().pathOf("hops"),
                    UNSUPPORTED_JOB,
                    "expected one hop, found " + hops.size(),
                    "one reader feeds one writer: write a separate job for each");
        }
    }

    private void checkEnds(Fields hop) {
        hop.only(List.of("from", "to"), List.of());
        end(hop, "from", "reader");
        end(hop, "to", "writer");
    }

    private void end(Fields hop, String key, String category) {
        Optional<String> name = hop.requiredText(key, "give the name of the " + category);
        if (name.isEmpty()) {
            return;
        }
        Optional<DataWorksJob.Step> step =
                steps.stream().filter(s -> s.name().equals(name.get())).findFirst();
        if (step.isEmpty()) {
            problems.error(
                    hop.pathOf(key),
                    UNKNOWN_STEP,
                    "there is no step with the name \"" + Shown.text(name.get()) + "\"",
                    Spelling.remedy(
                            name.get(),
                            steps.stream().map(DataWorksJob.Step::name).toList()));
        } else if (!step.get().category().equals(category)) {
            problems.error(
                    hop.pathOf(key),
                    INVALID_HOP,
                    "a hop goes from a reader to a writer, but \"" + Shown.text(name.get()) + "\" is a "
                            + step.get().category(),
                    "");
        }
    }
}
