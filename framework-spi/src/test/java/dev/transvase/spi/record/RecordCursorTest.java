package dev.transvase.spi.record;

import static dev.transvase.spi.record.TestingRecords.bytes;
import static dev.transvase.spi.record.TestingRecords.one;
import static dev.transvase.spi.record.TestingRecords.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordCursorTest {

    @Test
    void movesOverRecords() {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema(Type.Scalar.INT64, Type.Scalar.INT64));
        for (int i = 0; i < 5; i++) {
            builder.beginRecord().appendLong(i).appendLong(10L * i).endRecord();
        }
        RecordBatch batch = builder.build();

        RecordCursor cursor = batch.slice(1, 4).cursor();
        assertThat(cursor.index()).isEqualTo(-1);
        assertThatThrownBy(() -> cursor.getLong(0)).isInstanceOf(IllegalStateException.class);
        for (int i = 1; i < 4; i++) {
            assertThat(cursor.advance()).isTrue();
            assertThat(cursor.index()).isEqualTo(i - 1);
            assertThat(cursor.getLong(1)).isEqualTo(10L * i);
            assertThat(cursor.getLong(0)).isEqualTo(i);
        }
        assertThat(cursor.advance()).isFalse();
        assertThat(cursor.advance()).isFalse();
        assertThatThrownBy(() -> cursor.getLong(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(cursor::kind).isInstanceOf(IllegalStateException.class);
        cursor.moveTo(1);
        assertThat(cursor.getLong(0)).isEqualTo(2);
        assertThat(cursor.advance()).isTrue();
        assertThat(cursor.getLong(0)).isEqualTo(3);
        assertThatThrownBy(() -> cursor.moveTo(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void tellsNullUnchangedAndEmptyApart() {
        RecordBatchBuilder builder =
                new RecordBatchBuilder(schema(Type.Scalar.TEXT, Type.Scalar.TEXT, Type.Scalar.TEXT));
        RecordCursor cursor = builder.beginRecord()
                .appendNull()
                .appendUnchanged()
                .appendText("")
                .endRecord()
                .build()
                .cursor();
        cursor.advance();

        assertThat(cursor.isNull(0)).isTrue();
        assertThat(cursor.isUnchanged(0)).isFalse();
        assertThat(cursor.isNull(1)).isFalse();
        assertThat(cursor.isUnchanged(1)).isTrue();
        assertThat(cursor.isNull(2)).isFalse();
        assertThat(cursor.isUnchanged(2)).isFalse();
        assertThat(cursor.getText(2)).isEmpty();
        assertThatThrownBy(() -> cursor.getText(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("column c of public.things is NULL in record 0");
        assertThatThrownBy(() -> cursor.getBytes(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsWhatWasAppended() {
        for (boolean value : new boolean[] {true, false}) {
            RecordCursor cursor = one(Type.Scalar.BOOL, b -> b.appendBoolean(value));
            assertThat(cursor.getBoolean(0)).isEqualTo(value);
            assertThat(cursor.getText(0)).isEqualTo(value ? "t" : "f");
        }
        for (short value : new short[] {Short.MIN_VALUE, -1, 0, 1, Short.MAX_VALUE}) {
            RecordCursor cursor = one(Type.Scalar.INT16, b -> b.appendLong(value));
            assertThat(cursor.getInt(0)).isEqualTo(value);
            assertThat(cursor.getLong(0)).isEqualTo(value);
            assertThat(cursor.getText(0)).isEqualTo(Short.toString(value));
        }
        for (int value : new int[] {Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE}) {
            RecordCursor cursor = one(Type.Scalar.INT32, b -> b.appendLong(value));
            assertThat(cursor.getInt(0)).isEqualTo(value);
            assertThat(cursor.getLong(0)).isEqualTo(value);
            assertThat(cursor.getText(0)).isEqualTo(Integer.toString(value));
        }
        for (long value : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
            RecordCursor cursor = one(Type.Scalar.INT64, b -> b.appendLong(value));
            assertThat(cursor.getLong(0)).isEqualTo(value);
            assertThat(cursor.getText(0)).isEqualTo(Long.toString(value));
            assertThatThrownBy(() -> cursor.getInt(0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void readsFloats() {
        for (float value :
                new float[] {Float.MIN_VALUE, -0f, 0.1f, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN}) {
            RecordCursor cursor = one(Type.Scalar.FLOAT32, b -> b.appendDouble(value));
            assertThat(Float.floatToIntBits(cursor.getFloat(0))).isEqualTo(Float.floatToIntBits(value));
            assertThat(Double.doubleToLongBits(cursor.getDouble(0))).isEqualTo(Double.doubleToLongBits(value));
            assertThat(cursor.isFinite(0)).isEqualTo(Float.isFinite(value));
        }
        for (double value : new double[] {Double.MIN_VALUE, -0d, 0.1, Double.MAX_VALUE, Double.NaN}) {
            RecordCursor cursor = one(Type.Scalar.FLOAT64, b -> b.appendDouble(value));
            assertThat(Double.doubleToLongBits(cursor.getDouble(0))).isEqualTo(Double.doubleToLongBits(value));
            assertThat(cursor.isFinite(0)).isEqualTo(Double.isFinite(value));
        }
        assertThat(one(Type.Scalar.FLOAT32, b -> b.appendInfinity(false)).getFloat(0))
                .isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(one(Type.Scalar.FLOAT64, b -> b.appendInfinity(true)).getDouble(0))
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(one(Type.Scalar.FLOAT32, RecordBatchBuilder::appendNaN).getFloat(0))
                .isNaN();
        assertThat(one(Type.Scalar.FLOAT64, RecordBatchBuilder::appendNaN).getText(0))
                .isEqualTo("NaN");
    }

    @Test
    void readsDates() {
        for (LocalDate date : new LocalDate[] {
            LocalDate.of(-4713, 11, 24),
            LocalDate.of(0, 2, 29),
            LocalDate.EPOCH,
            LocalDate.of(2000, 1, 1),
            LocalDate.of(5_874_897, 12, 31)
        }) {
            RecordCursor cursor = one(Type.Scalar.DATE, b -> b.appendDate(date));
            assertThat(cursor.isFinite(0)).isTrue();
            assertThat(cursor.getDate(0)).isEqualTo(date);
        }
    }

    @Test
    void readsTimestamps() {
        for (LocalDateTime timestamp : new LocalDateTime[] {
            LocalDateTime.of(-4713, 11, 24, 0, 0),
            LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000),
            LocalDateTime.of(2000, 1, 1, 0, 0, 0, 1_000),
            LocalDateTime.of(294_276, 12, 31, 23, 59, 59, 999_999_000)
        }) {
            RecordCursor cursor = one(Type.Scalar.TIMESTAMP, b -> b.appendTimestamp(timestamp));
            assertThat(cursor.getTimestamp(0)).isEqualTo(timestamp);
            Instant instant = timestamp.toInstant(java.time.ZoneOffset.UTC);
            RecordCursor zoned = one(Type.Scalar.TIMESTAMPTZ, b -> b.appendInstant(instant));
            assertThat(zoned.getInstant(0)).isEqualTo(instant);
            assertThat(zoned.isFinite(0)).isTrue();
            assertThat(zoned.getBytes(0)).isEqualTo(cursor.getBytes(0));
        }
    }

    @Test
    void infinitiesAreNotFinite() {
        for (Type.Scalar type : new Type.Scalar[] {
            Type.Scalar.DATE,
            Type.Scalar.TIMESTAMP,
            Type.Scalar.TIMESTAMPTZ,
            Type.Scalar.DECIMAL,
            Type.Scalar.FLOAT32,
            Type.Scalar.FLOAT64
        }) {
            RecordCursor positive = one(type, b -> b.appendInfinity(true));
            assertThat(positive.isFinite(0)).isFalse();
            assertThat(positive.getText(0)).isEqualToIgnoringCase("infinity");
            assertThat(one(type, b -> b.appendInfinity(false)).getText(0)).isEqualToIgnoringCase("-infinity");
        }
        assertThatThrownBy(
                        () -> one(Type.Scalar.DATE, b -> b.appendInfinity(true)).getDate(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is infinity");
        assertThatThrownBy(() ->
                        one(Type.Scalar.DECIMAL, RecordBatchBuilder::appendNaN).getDecimal(0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> one(Type.Scalar.TEXT, b -> b.appendText("")).isFinite(0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsTimesIntervalsAndUuids() {
        RecordCursor time = one(Type.Scalar.TIME, b -> b.appendTime(86_400_000_000L));
        assertThat(time.getMicrosOfDay(0)).isEqualTo(86_400_000_000L);
        RecordCursor zoned = one(Type.Scalar.TIMETZ, b -> b.appendTimeTz(1, -57_599));
        assertThat(zoned.getMicrosOfDay(0)).isEqualTo(1);
        assertThat(zoned.getOffsetSeconds(0)).isEqualTo(-57_599);
        assertThat(TestingRecords.hex(zoned)).isEqualTo("0000000000000001" + "0000e0ff");

        for (Interval value : new Interval[] {
            new Interval(1, -2, 3), new Interval(Integer.MIN_VALUE, Integer.MAX_VALUE, Long.MIN_VALUE)
        }) {
            assertThat(one(Type.Scalar.INTERVAL, b -> b.appendInterval(value)).getInterval(0))
                    .isEqualTo(value);
        }
        UUID uuid = UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        RecordCursor cursor = one(Type.Scalar.UUID, b -> b.appendUuid(uuid));
        assertThat(cursor.getUuid(0)).isEqualTo(uuid);
        assertThat(cursor.getText(0)).isEqualTo("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    }

    @Test
    void readsTextAndBytes() {
        for (Type type : new Type[] {Type.Scalar.TEXT, Type.Scalar.JSON, Type.Scalar.JSONB, new Type.Native("inet")}) {
            RecordCursor cursor = one(type, b -> b.appendText("{\"ä\": \"€ 😀\"}"));
            assertThat(cursor.getText(0)).isEqualTo("{\"ä\": \"€ 😀\"}");
            StringBuilder out = new StringBuilder("> ");
            cursor.appendText(0, out);
            assertThat(out).hasToString("> {\"ä\": \"€ 😀\"}");
        }
        assertThat(TestingRecords.hex(one(Type.Scalar.JSONB, b -> b.appendText("1"))))
                .isEqualTo("0131");

        byte[] bytes = {0, 1, (byte) 0xFF, 'a'};
        RecordCursor cursor = one(Type.Scalar.BYTES, b -> b.appendBytes(bytes));
        assertThat(cursor.getBytes(0)).isEqualTo(bytes);
        assertThat(cursor.getText(0)).isEqualTo("\\x0001ff61");
        assertThat(cursor.valueLength(0)).isEqualTo(4);
        assertThat(cursor.valueOffset(0)).isEqualTo(6);
        assertThat(one(Type.Scalar.BYTES, b -> b.appendBytes(new byte[0])).getText(0))
                .isEqualTo("\\x");
    }

    @Test
    void longTextDoesNotDisturbTheNext() {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema(Type.Scalar.BYTES, Type.Scalar.INT32));
        RecordCursor cursor = builder.beginRecord()
                .appendBytes(new byte[100_000])
                .appendLong(5)
                .endRecord()
                .build()
                .cursor();
        cursor.advance();
        assertThat(cursor.getText(0)).hasSize(200_002);
        assertThat(cursor.getText(1)).isEqualTo("5");
    }

    @Test
    void showsWireEncodingInHex() {
        Column inet =
                Column.of("c", new Type.Native("inet")).withDeclaredType("inet").withEncoding(Column.Encoding.WIRE);
        RecordCursor cursor = one(inet, b -> b.appendEncoded(new byte[] {9, 2, 32, 0, 4, 10, 0, 0, 1}, 0, 9));
        assertThat(cursor.getText(0)).isEqualTo("\\x09022000040a000001");
    }

    @Test
    void refusesBytesThatAreNoValue() {
        malformed(bytes(Type.Scalar.INT32, "0001"), c -> c.getInt(0));
        malformed(bytes(Type.Scalar.INT64, "00000001"), c -> c.getText(0));
        malformed(bytes(Type.Scalar.BOOL, "02"), c -> c.getBoolean(0));
        malformed(bytes(Type.Scalar.TEXT, "61ff62"), c -> c.getText(0));
        malformed(bytes(Type.Scalar.TEXT, "eda080"), c -> c.getText(0));
        malformed(bytes(Type.Scalar.JSONB, "0231"), c -> c.getText(0));
        malformed(bytes(Type.Scalar.TIME, "7fffffffffffffff"), c -> c.getText(0));
        malformed(bytes(Type.Scalar.TIMETZ, "000000000000000080000000"), c -> c.getOffsetSeconds(0));
        malformed(bytes(Type.Scalar.DECIMAL, "00010000000000"), c -> c.getDecimal(0));
        malformed(bytes(Type.Scalar.DECIMAL, "0000000012340000"), c -> c.isFinite(0));
        malformed(bytes(Type.Scalar.DECIMAL, "00010000000000002710"), c -> c.getDecimal(0));
        malformed(bytes(new Type.Array(Type.Scalar.INT32), "00000001"), c -> c.getText(0));
        assertThatThrownBy(() -> bytes(Type.Scalar.TEXT, "61ff62").getText(0))
                .hasMessageContaining("column c of public.things in record 0")
                .hasMessageContaining("not UTF-8 at byte 1 of 3");
    }

    @Test
    void replacementCharacterIsText() {
        assertThat(bytes(Type.Scalar.TEXT, "efbfbd").getText(0)).isEqualTo("\uFFFD");
    }

    @Test
    void refusesFieldsBeyondTheRecord() {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema(Type.Scalar.TEXT, Type.Scalar.TEXT));
        byte[] tuple = {0, 2, 0, 0, 0, 1, 'a', 0, 0, 0, 2, 'b'};
        RecordCursor cursor =
                builder.appendRecord(tuple, 0, tuple.length).build().cursor();
        cursor.advance();
        assertThat(cursor.getText(0)).isEqualTo("a");
        assertThatThrownBy(() -> cursor.getText(1))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("MALFORMED_RECORD"));
    }

    @Test
    void readsDecimals() {
        for (String text : new String[] {"0", "0.00", "-1.50", "12345678901234567890.0123456789"}) {
            BigDecimal decimal = new BigDecimal(text);
            RecordCursor cursor = one(Type.Scalar.DECIMAL, b -> b.appendDecimal(decimal));
            assertThat(cursor.isFinite(0)).isTrue();
            assertThat(cursor.getDecimal(0)).isEqualTo(decimal);
            assertThat(cursor.getText(0)).isEqualTo(text);
        }
    }

    private static void malformed(RecordCursor cursor, java.util.function.Consumer<RecordCursor> access) {
        assertThatThrownBy(() -> access.accept(cursor)).isInstanceOfSatisfying(TransvaseException.class, e -> {
            assertThat(e.code()).isEqualTo("MALFORMED_VALUE");
            assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
        });
    }
}
