package dev.transvase.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WarningCountsTest {

    private final WarningCounts counts = new WarningCounts();

    @Test
    void whatDiffersInNamesAndNumbersIsOfOneKind() {
        counts.add("table[0]: public.a has 3 rows");
        counts.add("table[1]: public.\"B c\" has 4,000 rows");
        counts.add("table[2]: public.a is gone");
        assertThat(counts.counts())
                .containsExactly(
                        new WarningCount(2, "table[0]: public.a has 3 rows", List.of("public.\"B c\"")),
                        new WarningCount(1, "table[2]: public.a is gone", List.of()));
    }

    @Test
    void aListOfNamesIsOneNameWhateverItsLength() {
        counts.add("public.a has children: public.b, public.c");
        counts.add("public.d has children: public.e");
        assertThat(counts.counts()).hasSize(1);
    }

    @Test
    void memoryDoesNotGrowWithTheKinds() {
        for (int i = 0; i < 26 * 26; i++) {
            counts.add("kind " + (char) ('a' + i / 26) + (char) ('a' + i % 26));
        }
        assertThat(counts.counts())
                .hasSize(WarningCounts.MOST_KINDS + 1)
                .last()
                .satisfies(rest -> assertThat(rest.count()).isEqualTo(26 * 26 - WarningCounts.MOST_KINDS));
    }
}
