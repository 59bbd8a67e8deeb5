package dev.transvase.core.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemsTest {

    private final Problems problems = new Problems();

    @Test
    void whatFollowsFromAnotherErrorIsLeftOutWheneverItIsFound() {
        problems.error("job: reader.parameter.table", "A", "before", "");
        problems.warn("job: reader.parameter[0]", "B", "before", "");
        problems.silenceBelow("job: reader.parameter");
        problems.error("job: reader.name", "C", "unknown", "");
        problems.error("job: reader.parameter", "D", "after", "");
        problems.error("job: reader.parameters", "E", "another key", "");

        assertThat(problems.errors()).extracting(Problem::code).containsExactly("C", "E");
        assertThat(problems.warnings()).isEmpty();
    }
}
