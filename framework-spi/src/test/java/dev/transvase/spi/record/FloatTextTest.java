package dev.transvase.spi.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatTextTest {

    @Test
    void printsDoublesAsTheServerDoes() {
        assertThat(text(0d)).isEqualTo("0");
        assertThat(text(-0d)).isEqualTo("-0");
        assertThat(text(Double.NaN)).isEqualTo("NaN");
        assertThat(text(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
        assertThat(text(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
        assertThat(text(1d)).isEqualTo("1");
        assertThat(text(-100d)).isEqualTo("-100");
        assertThat(text(0.1)).isEqualTo("0.1");
        assertThat(text(1.5)).isEqualTo("1.5");
        assertThat(text(0.0001)).isEqualTo("0.0001");
        assertThat(text(0.00012345)).isEqualTo("0.00012345");
        assertThat(text(0.00001)).isEqualTo("1e-05");
        assertThat(text(-0.000012345)).isEqualTo("-1.2345e-05");
        assertThat(text(123_456_789_012_345d)).isEqualTo("123456789012345");
        assertThat(text(1e14)).isEqualTo("100000000000000");
        assertThat(text(1e15)).isEqualTo("1e+15");
        assertThat(text(9_007_199_254_740_992d)).isEqualTo("9.007199254740992e+15");
        assertThat(text(1e100)).isEqualTo("1e+100");
        assertThat(text(Double.MAX_VALUE)).isEqualTo("1.7976931348623157e+308");
        assertThat(text(Double.MIN_NORMAL)).isEqualTo("2.2250738585072014e-308");
        assertThat(text(Double.MIN_VALUE)).isEqualTo("5e-324");
        assertThat(text(2e-323)).isEqualTo("2e-323");
        // The platform prints 2.0E-3 and 5.684341886080802E-14, the latter with a digit more in older versions.
        assertThat(text(2e-3)).isEqualTo("0.002");
        assertThat(text(Math.scalb(1d, -44))).isEqualTo("5.684341886080802e-14");
    }

    @Test
    void halfWayDecimalsDoNotCount() {
        // 1e23 lies exactly between two doubles.
        assertThat(text(Double.parseDouble("1e23"))).isEqualTo("9.999999999999999e+22");
    }

    @Test
    void printsFloatsAsTheServerDoes() {
        assertThat(text(0f)).isEqualTo("0");
        assertThat(text(-0f)).isEqualTo("-0");
        assertThat(text(Float.NaN)).isEqualTo("NaN");
        assertThat(text(Float.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
        assertThat(text(0.1f)).isEqualTo("0.1");
        assertThat(text(123_456f)).isEqualTo("123456");
        assertThat(text(1_000_000f)).isEqualTo("1e+06");
        assertThat(text(1_234_567f)).isEqualTo("1.234567e+06");
        assertThat(text(33_554_432f)).isEqualTo("3.3554432e+07");
        assertThat(text(0.0001f)).isEqualTo("0.0001");
        assertThat(text(0.00001f)).isEqualTo("1e-05");
        assertThat(text(Float.MAX_VALUE)).isEqualTo("3.4028235e+38");
        assertThat(text(Float.MIN_NORMAL)).isEqualTo("1.1754944e-38");
        assertThat(text(Float.MIN_VALUE)).isEqualTo("1e-45");
    }

    @Test
    void doublesAreShortestAndNearest() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertDouble(value);
            }
            assertDouble(random.nextInt() / 100d);
            assertDouble(random.nextDouble());
        }
        for (int exponent = Double.MIN_EXPONENT - 52; exponent <= Double.MAX_EXPONENT; exponent++) {
            double value = Math.scalb(1d, exponent);
            assertDouble(value);
            assertDouble(Math.nextUp(value));
            if (value > Double.MIN_VALUE) {
                assertDouble(Math.nextDown(value));
            }
        }
    }

    @Test
    void floatsAreShortestAndNearest() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                assertFloat(value);
            }
            assertFloat(random.nextInt(1_000_000) / 100f);
        }
        for (int exponent = Float.MIN_EXPONENT - 23; exponent <= Float.MAX_EXPONENT; exponent++) {
            float value = Math.scalb(1f, exponent);
            assertFloat(value);
            assertFloat(Math.nextUp(value));
            if (value > Float.MIN_VALUE) {
                assertFloat(Math.nextDown(value));
            }
        }
    }

    private static void assertDouble(double value) {
        String text = text(value);
        assertThat(Double.parseDouble(text)).isEqualTo(value);
        assertShortest(text, Double.toString(value), new BigDecimal(value), interval(value));
    }

    private static void assertFloat(float value) {
        String text = text(value);
        assertThat(Float.parseFloat(text)).isEqualTo(value);
        assertShortest(text, Float.toString(value), new BigDecimal(value), interval(value));
    }

    /** The ends of what is nearer to the magnitude of the value than to any other. */
    private static BigDecimal[] interval(double value) {
        double magnitude = Math.abs(value);
        return interval(magnitude, Math.nextDown(magnitude), Math.ulp(magnitude));
    }

    private static BigDecimal[] interval(float value) {
        float magnitude = Math.abs(value);
        return interval(magnitude, Math.nextDown(magnitude), Math.ulp(magnitude));
    }

    private static BigDecimal[] interval(double magnitude, double nextBelow, double distanceAbove) {
        BigDecimal exact = new BigDecimal(magnitude);
        BigDecimal two = BigDecimal.valueOf(2);
        return new BigDecimal[] {
            exact.add(new BigDecimal(nextBelow)).divide(two), exact.add(new BigDecimal(distanceAbove).divide(two))
        };
    }

    private static void assertShortest(String text, String platform, BigDecimal exact, BigDecimal[] interval) {
        if (exact.signum() == 0) {
            assertThat(text).isEqualTo("0");
            return;
        }
        BigDecimal printed = new BigDecimal(text).stripTrailingZeros();
        int digits = printed.precision();
        // The platform may print a decimal half-way between two numbers, with fewer digits.
        if (isWithin(new BigDecimal(platform), interval)) {
            assertThat(digits)
                    .as(text)
                    .isLessThanOrEqualTo(
                            new BigDecimal(platform).stripTrailingZeros().precision());
        }
        assertThat(isWithin(printed, interval)).as(text).isTrue();
        if (digits > 1) {
            MathContext fewer = new MathContext(digits - 1, RoundingMode.DOWN);
            BigDecimal down = exact.abs().round(fewer);
            assertThat(isWithin(down, interval)).as(text).isFalse();
            assertThat(isWithin(down.add(down.ulp()), interval)).as(text).isFalse();
        }
        BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        if (isWithin(nearest, interval)) {
            assertThat(printed).as(text).isEqualByComparingTo(nearest);
        }
    }

    private static boolean isWithin(BigDecimal decimal, BigDecimal[] interval) {
        BigDecimal magnitude = decimal.abs();
        return magnitude.compareTo(interval[0]) > 0 && magnitude.compareTo(interval[1]) < 0;
    }

    private static String text(double value) {
        StringBuilder out = new StringBuilder();
        FloatText.append(value, out);
        return out.toString();
    }

    private static String text(float value) {
        StringBuilder out = new StringBuilder();
        FloatText.append(value, out);
        return out.toString();
    }
}
