package dev.transvase.spi.record;

import static dev.transvase.spi.record.TestingRecords.bytes;
import static dev.transvase.spi.record.TestingRecords.hex;
import static dev.transvase.spi.record.TestingRecords.one;
import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.table.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumericBinaryTest {

    /** The bytes are what {@code numeric_send} of a server gives. */
    @Test
    void writesAsTheServerDoes() {
        assertThat(encoded("0")).isEqualTo("0000000000000000");
        assertThat(encoded("0.000")).isEqualTo("0000000000000003");
        assertThat(encoded("-12345.6700")).isEqualTo("0003000140000004000109291a2c");
        assertThat(encoded("1")).isEqualTo("00010000000000000001");
        assertThat(encoded("10000")).isEqualTo("00010001000000000001");
        assertThat(encoded("100.00")).isEqualTo("00010000000000020064");
        assertThat(encoded("0.0000001")).isEqualTo("0001fffe00000007000a");
        assertThat(encoded("1E+8")).isEqualTo("00010002000000000001");
        assertThat(encoded("123456789012345678901234.5"))
                .isEqualTo("0007000500000001" + "04d2162e23340d801ed204d2" + "1388");
        assertThat(hex(one(Type.Scalar.DECIMAL, RecordBatchBuilder::appendNaN))).isEqualTo("00000000c0000000");
        assertThat(hex(one(Type.Scalar.DECIMAL, b -> b.appendInfinity(true)))).isEqualTo("00000000d0000020");
        assertThat(hex(one(Type.Scalar.DECIMAL, b -> b.appendInfinity(false)))).isEqualTo("00000000f0000020");
    }

    @Test
    void readsSpecialValues() {
        assertThat(bytes(Type.Scalar.DECIMAL, "00000000c0000000").getText(0)).isEqualTo("NaN");
        assertThat(bytes(Type.Scalar.DECIMAL, "00000000d0000020").getText(0)).isEqualTo("Infinity");
        assertThat(bytes(Type.Scalar.DECIMAL, "00000000f0000020").getText(0)).isEqualTo("-Infinity");
    }

    @Test
    void negativeScaleBecomesZero() {
        assertThat(roundTrip(new BigDecimal("-12E+30")).getDecimal(0))
                .isEqualTo(new BigDecimal("-12" + "0".repeat(30)));
        assertThat(roundTrip(new BigDecimal(BigInteger.ZERO, -2_000_000_000)).getText(0))
                .isEqualTo("0");
    }

    @Test
    void keepsExtremes() {
        for (String text : new String[] {
            "9".repeat(131_072) + "." + "3".repeat(16_383),
            "-1" + "0".repeat(131_071),
            "0." + "0".repeat(16_382) + "1",
            "-0." + "0".repeat(9_999) + "123456",
            Long.toString(Long.MAX_VALUE),
            Long.toString(Long.MIN_VALUE)
        }) {
            RecordCursor cursor = roundTrip(new BigDecimal(text));
            assertThat(cursor.getText(0)).isEqualTo(text);
            assertThat(cursor.getDecimal(0)).isEqualTo(new BigDecimal(text));
        }
    }

    @Test
    void digitsBehindTheScaleAreCutOff() {
        // 1.5678 with a scale of 2, and 1 with a scale of 20.
        assertThat(bytes(Type.Scalar.DECIMAL, "00020000000000020001162e").getDecimal(0))
                .isEqualTo(new BigDecimal("1.56"));
        assertThat(bytes(Type.Scalar.DECIMAL, "00010000000000140001").getDecimal(0))
                .isEqualTo(new BigDecimal("1." + "0".repeat(20)));
    }

    @Test
    void randomNumbersSurvive() {
        Random random = new Random(20_260_101);
        for (int i = 0; i < 100_000; i++) {
            BigInteger unscaled = new BigInteger(1 + random.nextInt(i % 10 == 0 ? 1_000 : 70), random);
            unscaled = unscaled.multiply(BigInteger.TEN.pow(random.nextInt(10)));
            unscaled = random.nextBoolean() ? unscaled : unscaled.negate();
            BigDecimal value = new BigDecimal(unscaled, random.nextInt(40));
            RecordCursor cursor = roundTrip(value);
            assertThat(cursor.getDecimal(0)).isEqualTo(value);
            assertThat(cursor.getText(0)).isEqualTo(value.toPlainString());
            assertCanonical(cursor.getBytes(0));
        }
    }

    private static void assertCanonical(byte[] value) {
        int digits = NetworkOrder.getShort(value, 0);
        if (digits > 0) {
            assertThat(NetworkOrder.getShort(value, 8)).isPositive();
            assertThat(NetworkOrder.getShort(value, 8 + 2 * (digits - 1))).isPositive();
        }
    }

    private static RecordCursor roundTrip(BigDecimal value) {
        return one(Type.Scalar.DECIMAL, b -> b.appendDecimal(value));
    }

    private static String encoded(String value) {
        return hex(roundTrip(new BigDecimal(value)));
    }
}
