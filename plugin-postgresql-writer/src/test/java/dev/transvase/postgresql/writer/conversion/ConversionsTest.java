package dev.transvase.postgresql.writer.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A conversion keeps the value or refuses it. */
class ConversionsTest {

    private static Schema schema(Type type) {
        return Schema.of(new TableName("", "t"), List.of(Column.of("c", type)));
    }

    private static String convert(Scalar from, Scalar to, Consumer<RecordBatchBuilder> value) throws BadValueException {
        return convert(
                from,
                to,
                value,
                ZoneConversions.between(from, to, TargetServer.inUtc(18))
                        .or(() -> Conversions.between(from, to))
                        .orElseThrow());
    }

    private static String convert(Scalar from, Scalar to, Consumer<RecordBatchBuilder> value, Conversion conversion)
            throws BadValueException {
        RecordBatchBuilder source = new RecordBatchBuilder(schema(from));
        source.beginRecord();
        value.accept(source);
        RecordBatch batch = source.endRecord().build();
        RecordCursor cursor = batch.cursor();
        cursor.advance();
        RecordBatchBuilder target = new RecordBatchBuilder(schema(to));
        target.beginRecord();
        conversion.convert(cursor, 0, target);
        RecordCursor converted = target.endRecord().build().cursor();
        converted.advance();
        return converted.getText(0);
    }

    private static String integer(long value, Scalar to) throws BadValueException {
        return convert(Scalar.INT64, to, b -> b.appendLong(value));
    }

    private static String real(double value, Scalar to) throws BadValueException {
        return convert(Scalar.FLOAT64, to, b -> b.appendDouble(value));
    }

    private static String decimal(String value, Scalar to) throws BadValueException {
        return convert(Scalar.DECIMAL, to, b -> b.appendDecimal(new BigDecimal(value)));
    }

    private static String timestamp(String value, Scalar to) throws BadValueException {
        return convert(Scalar.TIMESTAMP, to, b -> b.appendTimestamp(LocalDateTime.parse(value)));
    }

    @FunctionalInterface
    private interface Work {
        String run() throws BadValueException;
    }

    private static void refused(String sqlState, Work conversion) {
        assertThatThrownBy(conversion::run)
                .isInstanceOfSatisfying(
                        BadValueException.class, e -> assertThat(e.sqlState()).isEqualTo(sqlState));
    }

    @Test
    void integers() throws BadValueException {
        assertThat(integer(32767, Scalar.INT16)).isEqualTo("32767");
        assertThat(integer(Long.MIN_VALUE, Scalar.DECIMAL)).isEqualTo("-9223372036854775808");
        assertThat(integer(1L << 53, Scalar.FLOAT64)).isEqualTo("9.007199254740992e+15");
        assertThat(integer(16777216, Scalar.FLOAT32)).isEqualTo("1.6777216e+07");
        assertThat(integer(1, Scalar.BOOL)).isEqualTo("t");
        assertThat(integer(-7, Scalar.TEXT)).isEqualTo("-7");
        refused("22003", () -> integer(32768, Scalar.INT16));
        refused("22003", () -> integer(-2147483649L, Scalar.INT32));
        refused("22003", () -> integer((1L << 53) + 1, Scalar.FLOAT64));
        refused("22003", () -> integer(16777217, Scalar.FLOAT32));
        refused("22003", () -> integer(2, Scalar.BOOL));
    }

    @Test
    void floats() throws BadValueException {
        assertThat(real(0.1, Scalar.FLOAT32)).isEqualTo("0.1");
        assertThat(real(Double.NaN, Scalar.FLOAT32)).isEqualTo("NaN");
        assertThat(real(Double.NEGATIVE_INFINITY, Scalar.DECIMAL)).isEqualTo("-Infinity");
        assertThat(real(0.1, Scalar.DECIMAL)).isEqualTo("0.1");
        assertThat(real(1e22, Scalar.DECIMAL)).isEqualTo("10000000000000000000000");
        assertThat(real(-5, Scalar.INT16)).isEqualTo("-5");
        assertThat(convert(Scalar.FLOAT32, Scalar.FLOAT64, b -> b.appendDouble(0.5)))
                .isEqualTo("0.5");
        refused("22003", () -> real(Math.PI, Scalar.FLOAT32));
        refused("22003", () -> real(1e300, Scalar.FLOAT32));
        refused("22003", () -> real(1.5, Scalar.INT64));
        refused("22003", () -> real(1e19, Scalar.INT64));
        refused("22003", () -> real(Double.NaN, Scalar.INT64));
    }

    @Test
    void decimals() throws BadValueException {
        assertThat(decimal("12.00", Scalar.INT16)).isEqualTo("12");
        assertThat(decimal("0.1", Scalar.FLOAT64)).isEqualTo("0.1");
        assertThat(decimal("0.10", Scalar.FLOAT32)).isEqualTo("0.1");
        assertThat(convert(Scalar.DECIMAL, Scalar.FLOAT64, b -> b.appendInfinity(false)))
                .isEqualTo("-Infinity");
        assertThat(decimal("1.50", Scalar.TEXT)).isEqualTo("1.50");
        refused("22003", () -> decimal("12.5", Scalar.INT32));
        refused("22003", () -> decimal("1E+1000", Scalar.INT64));
        refused("22003", () -> decimal("0.12345678901234567890", Scalar.FLOAT64));
        refused("22003", () -> decimal("1E+400", Scalar.FLOAT64));
        refused("22003", () -> convert(Scalar.DECIMAL, Scalar.INT32, b -> b.appendNaN()));
    }

    @Test
    void daysAndTimes() throws BadValueException {
        assertThat(timestamp("2024-02-29T00:00:00", Scalar.DATE)).isEqualTo("2024-02-29");
        assertThat(timestamp("2024-02-29T01:00:00", Scalar.TIMESTAMPTZ)).isEqualTo("2024-02-29 01:00:00+00");
        assertThat(convert(Scalar.TIMESTAMP, Scalar.DATE, b -> b.appendInfinity(false)))
                .isEqualTo("-infinity");
        assertThat(convert(Scalar.DATE, Scalar.TIMESTAMP, b -> b.appendDate(LocalDate.of(-1, 1, 2))))
                .isEqualTo("0002-01-02 00:00:00 BC");
        assertThat(convert(Scalar.DATE, Scalar.TIMESTAMPTZ, b -> b.appendInfinity(true)))
                .isEqualTo("infinity");
        assertThat(convert(Scalar.TIMESTAMPTZ, Scalar.TIMESTAMP, b -> b.appendInstant(Instant.EPOCH)))
                .isEqualTo("1970-01-01 00:00:00");
        refused("22008", () -> timestamp("2024-02-29T00:00:00.000001", Scalar.DATE));
        refused("22003", () -> convert(Scalar.DATE, Scalar.TIMESTAMP, b -> b.appendDate(LocalDate.of(300_000, 1, 1))));
    }

    @Test
    void text() throws BadValueException {
        assertThat(convert(Scalar.BOOL, Scalar.TEXT, b -> b.appendBoolean(true)))
                .isEqualTo("true");
        assertThat(convert(Scalar.BYTES, Scalar.TEXT, b -> b.appendBytes(new byte[] {1})))
                .isEqualTo("\\x01");
        assertThat(convert(Scalar.JSON, Scalar.JSONB, b -> b.appendText("{\"a\":  1}")))
                .isEqualTo("{\"a\":  1}");
        assertThat(convert(Scalar.JSONB, Scalar.JSON, b -> b.appendText("[]"))).isEqualTo("[]");
        Conversion toName = Conversions.toName();
        assertThat(convert(Scalar.TEXT, Scalar.TEXT, b -> b.appendText("n".repeat(63)), toName))
                .hasSize(63);
        refused("22001", () -> convert(Scalar.TEXT, Scalar.TEXT, b -> b.appendText("\u00fc".repeat(32)), toName));
    }

    @Test
    void noConversionWhereAPartWouldBeLost() {
        assertThat(Conversions.between(Scalar.TIMESTAMP, Scalar.TIME)).isEmpty();
        assertThat(Conversions.between(Scalar.TIMETZ, Scalar.TIME)).isEmpty();
        assertThat(Conversions.between(Scalar.TEXT, Scalar.INT32)).isEmpty();
        assertThat(Conversions.between(new Type.Native("inet"), Scalar.INT32)).isEmpty();
    }
}
