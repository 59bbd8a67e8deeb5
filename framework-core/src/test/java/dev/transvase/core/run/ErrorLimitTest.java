package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ErrorLimitTest {

    @Test
    void zeroToleratesNone() {
        ErrorLimit limit = new ErrorLimit(0, OptionalDouble.empty());
        assertThat(limit.tolerance()).isZero();
        assertThatThrownBy(() -> limit.count("public.orders", "duplicate key", ""))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("ERROR_LIMIT_EXCEEDED"))
                .hasMessageContaining("public.orders")
                .hasMessageContaining("duplicate key. Fix the data, or raise errorLimit.record; --dirty FILE");
    }

    @Test
    void tellsTheRemedyOfTheRecordInPlaceOfItsOwn() {
        ErrorLimit limit = new ErrorLimit(0, OptionalDouble.empty());
        assertThatThrownBy(() -> limit.count("public.orders", "no customer", "Read the customers first"))
                .hasMessageEndingWith("no customer. Read the customers first; --dirty FILE shows every dirty record");
    }

    @Test
    void toleratesAsManyAsItSaysAndNotOneMore() {
        ErrorLimit limit = new ErrorLimit(2, OptionalDouble.empty());
        limit.count("t", "bad", "");
        assertThat(limit.tolerance()).isEqualTo(1);
        limit.count("t", "bad", "");
        assertThat(limit.tolerance()).isZero();
        assertThatThrownBy(() -> limit.count("t", "bad", ""))
                .hasMessageStartingWith("more dirty records than the 2 that");
    }

    @Test
    void judgesTheShareAtTheEnd() {
        ErrorLimit limit = new ErrorLimit(Long.MAX_VALUE, OptionalDouble.of(0.1));
        limit.count("t", "bad", "");
        assertThatCode(() -> limit.judge(10)).doesNotThrowAnyException();
        assertThatThrownBy(() -> limit.judge(9))
                .hasMessageContaining("1 of 9")
                .hasMessageContaining("One of them, for t: bad. Fix the data, or raise errorLimit.percentage");
        limit.count("t", "no customer", "Read the customers first");
        assertThatThrownBy(() -> limit.judge(9)).hasMessageContaining("no customer. Read the customers first; --dirty");
    }
}
