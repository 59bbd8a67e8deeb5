package dev.transvase.spi.record;

import static dev.transvase.spi.record.TestingRecords.one;
import static dev.transvase.spi.record.TestingRecords.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Type;
import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RecordBatchBuilderTest {

    private final RecordBatchBuilder builder = new RecordBatchBuilder(schema(Type.Scalar.INT32, Type.Scalar.TEXT));

    @Test
    void laysRecordsOutAsBinaryCopy() {
        RecordBatch batch = builder.beginRecord()
                .appendLong(258)
                .appendText("ab")
                .endRecord()
                .beginRecord()
                .appendNull()
                .appendUnchanged()
                .endRecord()
                .build();

        assertThat(batch.size()).isEqualTo(2);
        assertThat(HexFormat.of().formatHex(batch.data(), batch.offset(), batch.offset() + batch.bytes()))
                .isEqualTo("0002" + "0000000400000102" + "000000026162" + "0002" + "ffffffff" + "fffffffe");
    }

    @Test
    void isEmptyAfterBuildAndLeavesTheBatchAlone() {
        RecordBatch first =
                builder.beginRecord().appendLong(1).appendText("x").endRecord().build();
        assertThat(builder.size()).isZero();
        assertThat(builder.bytes()).isZero();

        RecordBatch second = builder.beginRecord(RecordKind.DELETE)
                .appendLong(2)
                .appendText("y")
                .endRecord()
                .build();

        assertThat(text(first, 0)).isEqualTo("1 x");
        assertThat(first.kind(0)).isEqualTo(RecordKind.INSERT);
        assertThat(text(second, 0)).isEqualTo("2 y");
        assertThat(second.kind(0)).isEqualTo(RecordKind.DELETE);
        assertThat(builder.build().size()).isZero();
    }

    @Test
    void growsWithItsRecords() {
        String text = "0123456789".repeat(7);
        for (int i = 0; i < 10_000; i++) {
            builder.beginRecord().appendLong(i).appendText(text).endRecord();
        }
        assertThat(builder.size()).isEqualTo(10_000);
        assertThat(builder.bytes()).isEqualTo(10_000 * (2 + 8 + 4 + 70));

        RecordBatch batch = builder.build();
        assertThat(batch.bytes()).isEqualTo(10_000 * 84);
        for (int i = 0; i < 10_000; i += 999) {
            assertThat(text(batch, i)).isEqualTo(i + " " + text);
        }
    }

    @Test
    void keepsNoLargeArrayForSmallBatch() {
        builder.beginRecord()
                .appendLong(1)
                .appendText("x".repeat(1_000_000))
                .endRecord()
                .build();
        RecordBatch small =
                builder.beginRecord().appendLong(1).appendText("x").endRecord().build();
        assertThat(small.data()).hasSizeLessThan(1_000);
    }

    @Test
    void keepsKinds() {
        for (int i = 0; i < 100; i++) {
            builder.beginRecord(kind(i)).appendLong(i).appendNull().endRecord();
        }
        RecordBatch batch = builder.build();
        for (int i = 0; i < 100; i++) {
            assertThat(batch.kind(i)).isEqualTo(kind(i));
        }
        assertThat(batch.slice(50, 60).kind(2)).isEqualTo(RecordKind.DELETE);
    }

    @Test
    void takesWholeRecords() {
        RecordBatch batch = builder.beginRecord()
                .appendLong(7)
                .appendText("seven")
                .endRecord()
                .build();
        byte[] tuple = Arrays.copyOf(batch.data(), batch.bytes());
        byte[] framed = new byte[tuple.length + 6];
        System.arraycopy(tuple, 0, framed, 3, tuple.length);

        RecordBatch copy = builder.appendRecord(framed, 3, tuple.length)
                .appendRecord(RecordKind.UPDATE_AFTER, tuple, 0, tuple.length)
                .build();

        assertThat(text(copy, 0)).isEqualTo("7 seven");
        assertThat(text(copy, 1)).isEqualTo("7 seven");
        assertThat(copy.kind(1)).isEqualTo(RecordKind.UPDATE_AFTER);
        assertThatThrownBy(() -> builder.appendRecord(new byte[] {0, 3}, 0, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the record has 3 fields, public.things has 2");
    }

    @Test
    void refusesCallsOutOfOrder() {
        assertThatThrownBy(() -> builder.appendLong(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(builder::endRecord).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(builder::abandonRecord).isInstanceOf(IllegalStateException.class);
        builder.beginRecord();
        assertThatThrownBy(builder::beginRecord).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.appendRecord(new byte[] {0, 2}, 0, 2))
                .isInstanceOf(IllegalStateException.class);
        builder.appendLong(1);
        assertThatThrownBy(builder::endRecord).isInstanceOf(IllegalStateException.class);
        builder.appendText("x");
        assertThatThrownBy(builder::appendNull).isInstanceOf(IllegalStateException.class);
        assertThat(text(builder.endRecord().build(), 0)).isEqualTo("1 x");
    }

    @Test
    void refusesOtherTypes() {
        builder.beginRecord();
        assertThatThrownBy(() -> builder.appendText("1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("column c of public.things is of type INT32");
        assertThatThrownBy(() -> builder.appendDouble(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.appendInfinity(true)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(builder::appendNaN).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.appendUuid(new java.util.UUID(0, 0)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(text(builder.appendLong(1).appendText("x").endRecord().build(), 0))
                .isEqualTo("1 x");
    }

    @Test
    void refusesTextForWireEncoding() {
        Column inet =
                Column.of("c", new Type.Native("inet")).withDeclaredType("inet").withEncoding(Column.Encoding.WIRE);
        assertThatThrownBy(() -> one(inet, b -> b.appendText("::1"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void abandonsRecord() {
        builder.beginRecord().appendLong(1).appendText("kept").endRecord();
        int bytes = builder.bytes();
        builder.beginRecord(RecordKind.DELETE).appendLong(2).abandonRecord();
        assertThat(builder.bytes()).isEqualTo(bytes);
        RecordBatch batch = builder.beginRecord()
                .appendLong(3)
                .appendText("too")
                .endRecord()
                .build();
        assertThat(batch.size()).isEqualTo(2);
        assertThat(text(batch, 1)).isEqualTo("3 too");
        assertThat(batch.kind(1)).isEqualTo(RecordKind.INSERT);
    }

    @Test
    void failedFieldLeavesNothingBehind() {
        builder.beginRecord().appendLong(1);
        assertThatThrownBy(() -> builder.appendText("ab\ud83d")).isInstanceOf(IllegalArgumentException.class);
        assertThat(text(builder.appendText("ok").endRecord().build(), 0)).isEqualTo("1 ok");
    }

    @Test
    void refusesHalfSurrogatePairs() {
        for (String text : new String[] {"\ud83d", "a\ude00", "\ud83dx", "\ude00\ud83d", "ä\ud83d\ud83d\ude00"}) {
            assertThatThrownBy(() -> one(Type.Scalar.TEXT, b -> b.appendText(text)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("surrogate");
        }
    }

    @Test
    void writesUtf8() {
        String text = "a\u0000\u007f\u0080\u07ff\u0800\uffff\ud800\udc00\udbff\udfffz";
        for (CharSequence form : new CharSequence[] {text, CharBuffer.wrap(text)}) {
            RecordCursor cursor = one(Type.Scalar.TEXT, b -> b.appendText(form));
            assertThat(cursor.getBytes(0)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
            assertThat(cursor.getText(0)).isEqualTo(text);
        }
    }

    @Test
    void refusesValuesOutOfRange() {
        refused(Type.Scalar.INT16, b -> b.appendLong(32_768));
        refused(Type.Scalar.INT16, b -> b.appendLong(-32_769));
        refused(Type.Scalar.INT32, b -> b.appendLong(1L << 31));
        refused(Type.Scalar.FLOAT32, b -> b.appendDouble(1e39));
        refused(Type.Scalar.DECIMAL, b -> b.appendDecimal(new BigDecimal("1e131072")));
        refused(Type.Scalar.DECIMAL, b -> b.appendDecimal(new BigDecimal("1e2000000000")));
        refused(Type.Scalar.DECIMAL, b -> b.appendDecimal(new BigDecimal("1e-16384")));
        refused(Type.Scalar.DATE, b -> b.appendDate(LocalDate.of(5_874_898, 1, 1)));
        refused(Type.Scalar.DATE, b -> b.appendDate(LocalDate.of(-4713, 11, 23)));
        refused(Type.Scalar.TIME, b -> b.appendTime(-1));
        refused(Type.Scalar.TIME, b -> b.appendTime(86_400_000_001L));
        refused(Type.Scalar.TIMETZ, b -> b.appendTimeTz(0, 16 * 3600));
        refused(Type.Scalar.TIMESTAMP, b -> b.appendTimestamp(LocalDateTime.of(294_277, 1, 1, 0, 0)));
        refused(Type.Scalar.TIMESTAMP, b -> b.appendTimestamp(LocalDateTime.of(-4713, 11, 23, 23, 59)));
        refused(Type.Scalar.TIMESTAMP, b -> b.appendTimestamp(LocalDateTime.of(2020, 1, 1, 0, 0, 0, 1)));
        refused(Type.Scalar.TIMESTAMPTZ, b -> b.appendInstant(Instant.ofEpochSecond(0, 999)));
        refused(Type.Scalar.TIMESTAMPTZ, b -> b.appendInstant(Instant.MAX));
    }

    @Test
    void tellsWhenBatchGrowsTooLarge() {
        assertThat(ByteSink.grownCapacity(1_500_000_000, 1_500_000_000, 1)).isEqualTo(ByteSink.MAX_SIZE);
        assertThat(ByteSink.grownCapacity(100, 90, 500)).isEqualTo(590);
        assertThatThrownBy(() -> ByteSink.grownCapacity(2_000_000_000, 2_000_000_000, 200_000_000))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("BATCH_TOO_LARGE"))
                .hasMessageContaining("2200000000");
    }

    private static void refused(Type type, java.util.function.Consumer<RecordBatchBuilder> append) {
        assertThatThrownBy(() -> one(type, append)).isInstanceOf(ArithmeticException.class);
    }

    private static String text(RecordBatch batch, int index) {
        RecordCursor cursor = batch.cursor();
        cursor.moveTo(index);
        return cursor.getText(0) + " " + cursor.getText(1);
    }

    private static RecordKind kind(int index) {
        if (index < 40 || index % 3 == 0) {
            return RecordKind.INSERT;
        }
        return index % 3 == 1 ? RecordKind.DELETE : RecordKind.UPDATE_AFTER;
    }
}
