package dev.transvase.postgresql.writer.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.writer.conversion.TypeModifier.IntervalField;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What texts say of times, intervals, money, arrays, composites and ranges. */
class TextFormsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29",
                "2024-02-29 00:00:00.000",
                "Jan 8 1999",
                "January 8, 1999",
                "08-Jan-99",
                "1/8/1999",
                "19990108",
                "0044-03-15 BC",
                "J2451187",
                "infinity",
                "epoch",
                "2024-02-29 12:00 AM",
                "2024-02-29T00:00:00Z",
                "20240229T000000"
            })
    void daysAlone(String text) {
        TemporalText temporal = TemporalText.of(text);
        assertThat(temporal.hasTimeOfDay()).isFalse();
        assertThat(temporal.hasZone()).isFalse();
        assertThat(temporal.isMoment()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29 00:00:00.5",
                "2024-02-29 10:00",
                "20240229 101500",
                "20240229T10",
                "2024-02-29T1015",
                "2024-02-29 12:00 PM",
                "J2451187.5",
                "10:00 Jan 8 1999"
            })
    void timesOfDay(String text) {
        assertThat(TemporalText.of(text).hasTimeOfDay()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10:00+02",
                "10:00 -05:30",
                "10:00 EST",
                "2024-02-29 10:00 America/New_York",
                "2024-02-29+05",
                "10:00 UTC+2",
                "040506-08"
            })
    void zones(String text) {
        assertThat(TemporalText.of(text).hasZone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"12:00:00.5-05:30", "12:00:00.5 -05:30", "04:05:06", "040506.789"})
    void noDateInATime(String text) {
        assertThat(TemporalText.of(text).hasDate()).isFalse();
    }

    @Test
    void digitsBehindTheSecond() {
        assertThat(TemporalText.of("12:00:00.5-05:30").isMorePreciseThan(0)).isTrue();
        assertThat(TemporalText.of("040506.789").isMorePreciseThan(2)).isTrue();
        assertThat(TemporalText.of("20240229T123456.5").isMorePreciseThan(0)).isTrue();
        assertThat(TemporalText.of("12:00:00.5000").isMorePreciseThan(1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"now", " NOW ", "today 10:00", "10:00 tomorrow", "yesterday"})
    void moments(String text) {
        assertThat(TemporalText.of(text).isMoment()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1 sec, SECOND, 0, true",
        "1.5 sec, SECOND, 0, false",
        "1.5 sec, SECOND, 1, true",
        "1.5 hours, SECOND, 0, true",
        "1.51 minutes, SECOND, 0, false",
        "0.0000001 sec, SECOND, 6, false",
        "1.5 years, SECOND, 6, true",
        "1.51 years, SECOND, 6, false",
        "1 day, MONTH, 6, false",
        "1-2, MONTH, 6, true",
        "P1Y2M, MONTH, 6, true",
        "PT1.5S, SECOND, 0, false",
        "@ 1 minute ago, SECOND, 0, true",
        "1:30:00, HOUR, 6, false",
        "-1 mon +3 days 04:00:00, HOUR, 6, true"
    })
    void intervals(String text, IntervalField field, int digits, boolean kept) {
        assertThat(IntervalText.isKept(text, field, digits, false)).contains(kept);
    }

    @Test
    void anIntervalWithoutAUnitIsReadInTwoWays() {
        assertThat(IntervalText.isKept("1", IntervalField.HOUR, 6, true)).isEmpty();
        assertThat(IntervalText.isKept("1:30", IntervalField.SECOND, 6, true)).isEmpty();
        assertThat(IntervalText.isKept("1 fortnight", IntervalField.SECOND, 6, false))
                .isEmpty();
    }

    @Test
    void money() {
        assertThat(MoneyText.amount("$1,234.50")).contains(new BigDecimal("1234.50"));
        assertThat(MoneyText.amount("-$1.00")).contains(new BigDecimal("-1.00"));
        assertThat(MoneyText.amount("($1.00)")).contains(new BigDecimal("-1.00"));
        assertThat(MoneyText.amount("12,34")).isEmpty();
        assertThat(MoneyText.amount("1.234,50")).isEmpty();
        assertThat(MoneyText.amount("1e3")).isEmpty();
        assertThat(MoneyText.decimalPlaces("with 0 decimal places")).isZero();
        assertThat(MoneyText.decimalPlaces("")).isEqualTo(2);
        assertThat(MoneyText.underC(new BigDecimal("1234"), 0)).isEqualByComparingTo("12.34");
        assertThat(MoneyText.underC(new BigDecimal("1.234"), 3)).isEqualByComparingTo("12.34");
        assertThatThrownBy(() -> MoneyText.check(0).check("12.5")).isInstanceOf(BadValueException.class);
        assertThatThrownBy(() -> MoneyText.check(2).check("12,34")).hasMessageContaining("lc_monetary");
    }

    @Test
    void arrays() {
        assertThat(TextLiterals.array("{a, NULL ,\"NULL\",\"x\\\"y\",\"\"}", ','))
                .hasValueSatisfying(e -> assertThat(e).containsExactly("a", null, "NULL", "x\"y", ""));
        assertThat(TextLiterals.array("[0:1]={{1},{2 }}", ','))
                .hasValueSatisfying(e -> assertThat(e).containsExactly("1", "2"));
        assertThat(TextLiterals.array("{(3,4),(1,2);(1,1),(0,0)}", ';'))
                .hasValueSatisfying(e -> assertThat(e).containsExactly("(3,4),(1,2)", "(1,1),(0,0)"));
        assertThat(TextLiterals.array("1,2", ',')).isEmpty();
        assertThat(TextLiterals.array("{1", ',')).isEmpty();
    }

    @Test
    void compositesAndRanges() {
        assertThat(TextLiterals.composite("(1,,\"\",\"a \"\"b\"\"\",x\\,y)"))
                .hasValueSatisfying(f -> assertThat(f).containsExactly("1", null, "", "a \"b\"", "x,y"));
        assertThat(TextLiterals.composite("1")).isEmpty();
        assertThat(TextLiterals.range("[\"2024-01-01 10:00\",today)"))
                .hasValueSatisfying(b -> assertThat(b).containsExactly("2024-01-01 10:00", "today"));
        assertThat(TextLiterals.range("(,5]"))
                .hasValueSatisfying(b -> assertThat(b).containsExactly(null, "5"));
        assertThat(TextLiterals.range("empty")).isEmpty();
    }

    @Test
    void multiranges() {
        assertThat(TextLiterals.multirange(" { [1,2) ,empty,(\"a]\"\"b\",\\]c]} "))
                .hasValueSatisfying(r -> assertThat(r).containsExactly("[1,2)", "(\"a]\"\"b\",\\]c]"));
        assertThat(TextLiterals.multirange("{}"))
                .hasValueSatisfying(r -> assertThat(r).isEmpty());
        assertThat(TextLiterals.multirange("[1,2)")).isEmpty();
    }
}
