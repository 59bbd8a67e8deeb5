package dev.transvase.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void whatTheJvmHasReadInAnotherEncodingIsToldAndNotUsed() {
        String[] arguments = {"run", "job.json", "-D", "city=K\u00f6ln"};
        assertThat(Arguments.problem(arguments, "UTF-8")).isEmpty();
        assertThat(Arguments.problem(arguments, "ANSI_X3.4-1968").orElseThrow())
                .contains("argument 4", "ANSI_X3.4-1968", "LC_ALL");
        assertThat(Arguments.problem(new String[] {"run", "job.json"}, "ANSI_X3.4-1968"))
                .isEmpty();
        assertThat(Arguments.problem(new String[] {"run", "K\uFFFDln"}, "UTF-8").orElseThrow())
                .contains("argument 2", "is not UTF-8");
    }
}
