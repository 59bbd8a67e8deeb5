package dev.transvase.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.CommandLineOptionException;

class BenchmarkArgumentsTest {

    @Test
    void keepsItsOwnOptionsFromJmh() throws CommandLineOptionException {
        BenchmarkArguments arguments =
                BenchmarkArguments.parse("--durable", "--rows", "1000", "Transfer", "--rounds", "2", "-wi", "7");
        assertThat(arguments.durable()).isTrue();
        assertThat(arguments.quick()).isFalse();
        assertThat(arguments.rows()).isEqualTo(1000);
        assertThat(arguments.rounds()).isEqualTo(2);
        assertThat(arguments.jmh().getIncludes()).containsExactly("Transfer");
        assertThat(arguments.jmh().getWarmupIterations().get()).isEqualTo(7);
    }

    @Test
    void quickIsLessUnlessSaidOtherwise() throws CommandLineOptionException {
        BenchmarkArguments full = BenchmarkArguments.parse();
        BenchmarkArguments quick = BenchmarkArguments.parse("--quick");
        assertThat(quick.rows()).isLessThan(full.rows());
        assertThat(quick.rounds()).isEqualTo(1);
        assertThat(BenchmarkArguments.parse("--rounds", "4", "--quick").rounds())
                .isEqualTo(4);
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> BenchmarkArguments.parse("--rows", "many"))
                .isInstanceOf(CommandLineOptionException.class)
                .hasMessage("--rows: expected a number from 1 to 10000000, found many");
        assertThatThrownBy(() -> BenchmarkArguments.parse("--rounds"))
                .hasMessage("--rounds: expected a number from 1 to 1000, found nothing");
        assertThatThrownBy(() -> BenchmarkArguments.parse("--rounds", "0"))
                .hasMessage("--rounds: expected a number from 1 to 1000, found 0");
    }
}
