package dev.transvase.postgresql.cdc.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.spi.error.TransvaseException;
import org.junit.jupiter.api.Test;

class SourceTimelineTest {

    private static final String HISTORY =
            "1\t0/3000000\tno recovery target specified\n\n2\t0/5000060\tbefore 2026-01-01 00:00:00+00\n";

    private static void require(int known, String position) throws Exception {
        SourceTimeline.require(known, 3, Lsn.parse(position), timeline -> HISTORY);
    }

    @Test
    void aPositionBeforeTheServerLeftItsTimelineIsKnownThere() {
        assertThatCode(() -> require(2, "0/5000060")).doesNotThrowAnyException();
        assertThatCode(() -> require(1, "0/2FFFFFF")).doesNotThrowAnyException();
        assertThatCode(() -> require(3, "0/9000000")).doesNotThrowAnyException();
        assertThatCode(() -> require(0, "0/9000000")).doesNotThrowAnyException();
    }

    @Test
    void aPositionBehindThatIsNot() {
        assertThatThrownBy(() -> require(2, "0/5000061"))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("SOURCE_SET_BACK"))
                .hasMessageContaining("timeline 3, which left timeline 2 at 0/5000060")
                .hasMessageContaining("up to 0/5000061");
        assertThatThrownBy(() -> require(1, "0/4000000")).hasMessageContaining("left timeline 1 at 0/3000000");
    }

    @Test
    void anotherTimelineIsNoneOfItsHistory() {
        assertThatThrownBy(() -> require(4, "0/1000000"))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("SOURCE_SET_BACK"))
                .hasMessageContaining("does not descend from timeline 4");
    }
}
