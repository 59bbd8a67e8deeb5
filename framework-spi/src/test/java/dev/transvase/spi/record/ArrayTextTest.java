package dev.transvase.spi.record;

import static dev.transvase.spi.record.TestingRecords.bytes;
import static dev.transvase.spi.record.TestingRecords.hex;
import static dev.transvase.spi.record.TestingRecords.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ArrayTextTest {

    @Test
    void writesAsTheServerDoes() {
        assertThat(hex(array(Type.Scalar.INT32, 1, null)))
                .isEqualTo("00000001" + "00000001" + "00000017" + "00000002" + "00000001" + "0000000400000001"
                        + "ffffffff");
        assertThat(hex(array(Type.Scalar.TEXT, "ab")))
                .isEqualTo("00000001" + "00000000" + "00000019" + "00000001" + "00000001" + "000000026162");
        assertThat(hex(array(Type.Scalar.TEXT))).isEqualTo("000000000000000000000019");
    }

    @Test
    void printsElementsOfEveryType() {
        assertThat(array(Type.Scalar.BOOL, true, false, null).getText(0)).isEqualTo("{t,f,NULL}");
        assertThat(array(Type.Scalar.INT16, (short) 1, -2L).getText(0)).isEqualTo("{1,-2}");
        assertThat(array(Type.Scalar.INT32, 1, new BigDecimal("2.0")).getText(0))
                .isEqualTo("{1,2}");
        assertThat(array(Type.Scalar.INT64, Long.MIN_VALUE, BigInteger.TEN).getText(0))
                .isEqualTo("{-9223372036854775808,10}");
        assertThat(array(Type.Scalar.FLOAT32, 0.1f, Float.NaN).getText(0)).isEqualTo("{0.1,NaN}");
        assertThat(array(Type.Scalar.FLOAT64, 0.1, 1, Double.NEGATIVE_INFINITY).getText(0))
                .isEqualTo("{0.1,1,-Infinity}");
        assertThat(array(Type.Scalar.DECIMAL, new BigDecimal("1.50"), 7, 0.1, 0.1f, Double.NaN, BigInteger.TWO)
                        .getText(0))
                .isEqualTo("{1.50,7,0.1,0.1,NaN,2}");
        assertThat(array(Type.Scalar.TEXT, "a", "", "ü").getText(0)).isEqualTo("{a,\"\",ü}");
        assertThat(array(Type.Scalar.JSON, "[1]").getText(0)).isEqualTo("{[1]}");
        assertThat(array(Type.Scalar.JSONB, "{\"a\": 1}").getText(0)).isEqualTo("{\"{\\\"a\\\": 1}\"}");
        assertThat(array(Type.Scalar.BYTES, new byte[] {1, -1}, new byte[0]).getText(0))
                .isEqualTo("{\"\\\\x01ff\",\"\\\\x\"}");
        assertThat(array(Type.Scalar.DATE, LocalDate.of(2020, 1, 2)).getText(0)).isEqualTo("{2020-01-02}");
        assertThat(array(Type.Scalar.TIME, 1_000_000L).getText(0)).isEqualTo("{00:00:01}");
        assertThat(array(Type.Scalar.TIMESTAMP, LocalDateTime.of(2020, 1, 2, 3, 4))
                        .getText(0))
                .isEqualTo("{\"2020-01-02 03:04:00\"}");
        assertThat(array(Type.Scalar.TIMESTAMPTZ, Instant.EPOCH).getText(0)).isEqualTo("{\"1970-01-01 00:00:00+00\"}");
        assertThat(array(Type.Scalar.INTERVAL, new Interval(0, 1, 0), new Interval(0, 0, 0))
                        .getText(0))
                .isEqualTo("{\"1 day\",00:00:00}");
        assertThat(array(Type.Scalar.UUID, new UUID(0, 1)).getText(0))
                .isEqualTo("{00000000-0000-0000-0000-000000000001}");
    }

    @Test
    void quotesWhatCouldBeTakenForSomethingElse() {
        assertThat(array(Type.Scalar.TEXT, "NULL", "null", "nUlL", "NULLS", "NUL")
                        .getText(0))
                .isEqualTo("{\"NULL\",\"null\",\"nUlL\",NULLS,NUL}");
        assertThat(array(Type.Scalar.TEXT, "a b", "\t", "\n", "\r", "\f", "\u000b", "\u00a0")
                        .getText(0))
                .isEqualTo("{\"a b\",\"\t\",\"\n\",\"\r\",\"\f\",\"\u000b\",\u00a0}");
        assertThat(array(Type.Scalar.TEXT, "{", "}", ",", ";", "'").getText(0)).isEqualTo("{\"{\",\"}\",\",\",;,'}");
        assertThat(array(Type.Scalar.TEXT, "\"", "\\", "a\"b\\c", "\\\\").getText(0))
                .isEqualTo("{\"\\\"\",\"\\\\\",\"a\\\"b\\\\c\",\"\\\\\\\\\"}");
    }

    @Test
    void printsDimensionsAndBounds() {
        // Bytes as a server sends them for '[2:3][-1:0]={{1,2},{3,NULL}}'::int[] and '{{{1},{2}}}'.
        assertThat(bytes(
                                new Type.Array(Type.Scalar.INT32),
                                "000000020000000100000017" + "0000000200000002" + "00000002ffffffff"
                                        + "0000000400000001" + "0000000400000002" + "0000000400000003" + "ffffffff")
                        .getText(0))
                .isEqualTo("[2:3][-1:0]={{1,2},{3,NULL}}");
        assertThat(bytes(
                                new Type.Array(Type.Scalar.INT32),
                                "000000030000000000000017" + "0000000100000001" + "0000000200000001"
                                        + "0000000100000001" + "0000000400000001" + "0000000400000002")
                        .getText(0))
                .isEqualTo("{{{1},{2}}}");
        assertThat(array(Type.Scalar.INT32).getText(0)).isEqualTo("{}");
        assertThat(bytes(
                                new Type.Array(Type.Scalar.INT32),
                                "000000020000000000000017" + "7fffffff00000001" + "0000000000000001")
                        .getText(0))
                .isEqualTo("{}");
    }

    @Test
    void refusesMalformedArrays() {
        for (String hex : new String[] {
            "00000007" + "00000000" + "00000017",
            "00000001" + "00000000" + "00000017",
            "00000001" + "00000000" + "00000017" + "ffffffff00000001",
            "00000001" + "00000000" + "00000017" + "0000000100000001",
            "00000001" + "00000000" + "00000017" + "0000000100000001" + "0000000500000001",
            "00000001" + "00000000" + "00000017" + "0000000100000001" + "000000020001",
            "00000001" + "00000000" + "00000017" + "0000000100000001" + "0000000400000001" + "00"
        }) {
            RecordCursor cursor = bytes(new Type.Array(Type.Scalar.INT32), hex);
            StringBuilder out = new StringBuilder("kept");
            assertThatThrownBy(() -> cursor.appendText(0, out))
                    .as(hex)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("MALFORMED_VALUE"));
            assertThat(out).hasToString("kept");
        }
    }

    @Test
    void refusesElementsOfOtherClasses() {
        assertThatThrownBy(() -> array(Type.Scalar.INT32, "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an element of an array of INT32 is to be a Number, not a java.lang.String");
        assertThatThrownBy(() -> array(Type.Scalar.TEXT, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> array(Type.Scalar.TIMETZ, 1L)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> array(Type.Scalar.INT16, 70_000)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> array(Type.Scalar.INT64, 1.5)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> array(Type.Scalar.FLOAT64, BigInteger.TEN.pow(400)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> one(Type.Scalar.TEXT, b -> b.appendArray(List.of())))
                .isInstanceOf(IllegalStateException.class);
    }

    private static RecordCursor array(Type.Scalar type, Object... elements) {
        return one(new Type.Array(type), b -> b.appendArray(Arrays.asList(elements)));
    }
}
