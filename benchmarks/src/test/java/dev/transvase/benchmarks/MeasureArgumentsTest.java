package dev.transvase.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.CommandLineOptionException;

class MeasureArgumentsTest {

    @Test
    void quickIsLessUnlessSaidOtherwise() throws CommandLineOptionException {
        assertThat(MeasureArguments.parse(Measure.DRAIN, "drain"))
                .isEqualTo(new MeasureArguments(Measure.DRAIN, 700_000, 3));
        assertThat(MeasureArguments.parse(Measure.DRAIN, "drain", "--quick"))
                .isEqualTo(new MeasureArguments(Measure.DRAIN, 7_000, 1));
        assertThat(MeasureArguments.parse(Measure.LATENCY, "latency", "--changes", "50", "--rounds", "2", "--quick"))
                .isEqualTo(new MeasureArguments(Measure.LATENCY, 50, 2));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> MeasureArguments.parse(Measure.MEMORY, "memory", "--durable"))
                .isInstanceOf(CommandLineOptionException.class)
                .hasMessage("--durable: no option of memory");
        assertThatThrownBy(() -> MeasureArguments.parse(Measure.MEMORY, "memory", "--rounds"))
                .hasMessage("--rounds: expected a number from 1 to 20, found nothing");
    }

    @Test
    void knowsAMeasureByItsName() {
        assertThat(Measure.named("apply")).contains(Measure.APPLY);
        assertThat(Measure.named("Transfer")).isEmpty();
    }
}
