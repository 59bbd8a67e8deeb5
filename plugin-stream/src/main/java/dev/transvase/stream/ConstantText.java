package dev.transvase.stream;

import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import java.nio.charset.StandardCharsets;
import java.time.OffsetTime;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads a column's {@code value}. */
final class ConstantText {

    private static final Pattern UUID_FORM =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

    private final TimeText times;

    ConstantText(TimeText times) {
        this.times = times;
    }

    /**
     * @throws IllegalArgumentException when the text is no value of the type; also {@link java.time.DateTimeException}
     *     and {@link ArithmeticException}
     */
    Values.Constant parse(ValueType type, String text) {
        Schema schema = Schema.of(new TableName("", "constant"), List.of(Column.of("value", type.type())));
        RecordBatchBuilder builder = new RecordBatchBuilder(schema);
        builder.beginRecord();
        append(type, text, builder);
        RecordBatch batch = builder.endRecord().build();
        RecordCursor cursor = batch.cursor();
        cursor.advance();
        byte[] encoded = new byte[cursor.valueLength(0)];
        System.arraycopy(batch.data(), cursor.valueOffset(0), encoded, 0, encoded.length);
        return new Values.Constant(encoded);
    }

    private void append(ValueType type, String text, RecordBatchBuilder out) {
        switch (type) {
            case STRING -> out.appendText(text);
            case BYTES -> out.appendBytes(text.getBytes(StandardCharsets.UTF_8));
            case LONG, INT, SHORT -> out.appendLong(Numbers.whole(type, text));
            case BOOL -> out.appendBoolean(bool(text));
            case UUID -> out.appendUuid(uuid(text));
            case JSON, JSONB -> out.appendText(JsonText.checked(text));
            case DOUBLE, FLOAT, DECIMAL -> appendNumber(type, text, out);
            default -> appendTime(type, text, out);
        }
    }

    private static void appendNumber(ValueType type, String text, RecordBatchBuilder out) {
        if (Numbers.isSpecial(text)) {
            appendSpecial(text, out);
        } else if (type == ValueType.DECIMAL) {
            out.appendDecimal(Numbers.decimal(text));
        } else {
            out.appendDouble(Numbers.floating(type, text));
        }
    }

    private void appendTime(ValueType type, String text, RecordBatchBuilder out) {
        boolean hasInfinity = type != ValueType.TIME && type != ValueType.TIMETZ && !times.isCustom();
        if (hasInfinity && Numbers.isSpecial(text) && !text.strip().equalsIgnoreCase("nan")) {
            appendSpecial(text, out);
            return;
        }
        switch (type) {
            case DATE, TIMESTAMP -> out.appendTimestamp(times.timestamp(text));
            case TIMESTAMPTZ -> out.appendInstant(times.instant(text));
            case DAY -> out.appendDate(times.day(text));
            case TIME -> out.appendTime(times.timeOfDay(text));
            case TIMETZ -> {
                OffsetTime time = times.timeWithOffset(text);
                out.appendTimeTz(
                        time.toLocalTime().toNanoOfDay() / 1000,
                        time.getOffset().getTotalSeconds());
            }
            default -> throw new IllegalStateException("no constants of type " + type);
        }
    }

    private static void appendSpecial(String text, RecordBatchBuilder out) {
        switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "nan" -> out.appendNaN();
            case "infinity" -> out.appendInfinity(true);
            default -> out.appendInfinity(false);
        }
    }

    private static boolean bool(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
        };
    }

    private static UUID uuid(String text) {
        String stripped = text.strip();
        if (!UUID_FORM.matcher(stripped).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a UUID such as 123e4567-e89b-12d3-a456-426614174000");
        }
        return UUID.fromString(stripped);
    }
}
