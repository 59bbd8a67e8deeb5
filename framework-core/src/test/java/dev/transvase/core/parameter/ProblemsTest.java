package dev.transvase.core.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.error.ErrorCode;
import org.junit.jupiter.api.Test;

class ProblemsTest {

    private final Problems problems = new Problems();

    @Test
    void whatFollowsFromAnotherErrorIsLeftOutWheneverItIsFound() {
        problems.error("job: reader.parameter.table", ErrorCode.user("A"), "before", "");
        problems.warn("job: reader.parameter[0]", ErrorCode.user("B"), "before", "");
        problems.silenceBelow("job: reader.parameter");
        problems.error("job: reader.name", ErrorCode.user("C"), "unknown", "");
        problems.error("job: reader.parameter", ErrorCode.user("D"), "after", "");
        problems.error("job: reader.parameters", ErrorCode.user("E"), "another key", "");

        assertThat(problems.errors()).extracting(Problem::code).containsExactly("C", "E");
        assertThat(problems.warnings()).isEmpty();
    }
}
