package dev.transvase.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void sizesHaveTheUnitThatSuitsThem() {
        assertThat(Figures.size(0)).isEqualTo("0 B");
        assertThat(Figures.size(1023)).isEqualTo("1023 B");
        assertThat(Figures.size(1536)).isEqualTo("1.5 KB");
        assertThat(Figures.size(1 << 20)).isEqualTo("1.0 MB");
        assertThat(Figures.size(5L << 30)).isEqualTo("5.0 GB");
        assertThat(Figures.megabytes(1 << 19)).isEqualTo("0.5");
    }

    @Test
    void durationsToo() {
        assertThat(Figures.duration(Duration.ofMillis(1_240))).isEqualTo("1.2 s");
        assertThat(Figures.duration(Duration.ofSeconds(192))).isEqualTo("3 min 12 s");
        assertThat(Figures.duration(Duration.ofMinutes(125))).isEqualTo("2 h 05 min");
    }

    @Test
    void countsAgreeWithTheirNoun() {
        assertThat(Figures.count(1, "split")).isEqualTo("1 split");
        assertThat(Figures.count(1_234_567, "record")).isEqualTo("1,234,567 records");
    }

    @Test
    void nothingPerSecondWhereNoTimeHasPassed() {
        assertThat(Figures.perSecond(10, Duration.ZERO)).isZero();
        assertThat(Figures.perSecond(10, Duration.ofMillis(500))).isEqualTo(20);
    }
}
