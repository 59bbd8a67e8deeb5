package dev.transvase.core.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemGroupTest {

    private final Problems problems = new Problems();

    @Test
    void findingsOfOneKindAreOneLineThatNamesAFew() {
        for (int i = 0; i < 139; i++) {
            problems.at("job.json: steps[0].parameter")
                    .error(
                            "table[" + i + "]",
                            Finding.of(
                                            ErrorCode.user("REPLICA_IDENTITY"),
                                            "public.t" + i + " has none",
                                            "run ALTER TABLE t" + i)
                                    .of("public.t" + i, "tables lack REPLICA IDENTITY FULL"));
        }
        problems.error(
                "job.json: steps[1].parameter.table", ErrorCode.user("TABLE_NOT_FOUND"), "there is no table x", "");
        assertThat(told())
                .containsExactly(
                        "job.json: steps[0].parameter.table: 139 tables lack REPLICA IDENTITY FULL: public.t0, public.t1,"
                                + " public.t2 and 136 more" + System.lineSeparator()
                                + "  -> run ALTER TABLE t0; likewise for the others",
                        "job.json: steps[1].parameter.table: there is no table x");
    }

    @Test
    void withoutWordsForSeveralTheFirstStandsForAll() {
        for (int i = 0; i < 5; i++) {
            problems.error(
                    "job.json: column[" + i + "]", ErrorCode.user("BAD"), "column \"c" + i + "\" is bad", "mend it");
        }
        assertThat(told())
                .containsExactly("job.json: column: column \"c0\" is bad; likewise \"c1\", \"c2\", \"c3\" and 1 more"
                        + System.lineSeparator() + "  -> mend it");
    }

    @Test
    void fewOrDifferentOnesStayApart() {
        problems.error("job.json: column[0]", ErrorCode.user("BAD"), "column \"a\" is bad", "");
        problems.error("job.json: column[1]", ErrorCode.user("BAD"), "column \"b\" is bad", "");
        for (int step = 0; step < 5; step++) {
            problems.error("job.json: steps[" + step + "].name", ErrorCode.user("EMPTY"), "expected a name", "");
        }
        assertThat(told()).hasSize(7);
    }

    private List<String> told() {
        return ProblemGroup.of(problems.errors()).stream()
                .map(group -> group.summary().toString())
                .toList();
    }
}
