package dev.transvase.spi.record;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Writes records into a batch. Fields are appended in the order of the columns; each method is for the types named at
 * it and throws {@link IllegalStateException} on a column of another type, or when fields are missing or too many. A
 * method that takes an object takes no {@code null}: that is {@link #appendNull}. Not thread-safe.
 *
 * <p>After a method has thrown, the record is as it was before the call: another value can be appended, or the record
 * abandoned. A batch that would take 2 GiB is a {@link TransvaseException} with code {@code BATCH_TOO_LARGE}.
 *
 * <p>{@link #build} hands the records over and leaves the builder empty, ready for the next batch.
 */
public final class RecordBatchBuilder {

    private static final int MIN_RECORDS = 16;

    private final Schema schema;
    private final int table;
    private final Type[] types;
    private final boolean[] text;

    /** Of the record that was started, the number of its next field; before a record is started, -1. */
    private int column = -1;

    /** Where the next field starts. What lies behind it is left of one that failed, and is written over. */
    private int fieldStart;

    /** Null after a build, until the next record starts. */
    private ByteSink out;

    /** Where each ended record starts, and behind the last of them where it ends. */
    private int[] starts = new int[MIN_RECORDS];

    private int size;

    /** The kinds of the records once one is not INSERT; null until then. */
    private RecordKind[] kinds;

    private RecordKind kind = RecordKind.INSERT;

    /** How many bytes to begin with: what the last batch took. */
    private int expectedBytes;

    /** An empty builder for records of this schema, in a split of one table. */
    public RecordBatchBuilder(Schema schema) {
        this(schema, 0);
    }

    /**
     * An empty builder for records of this schema.
     *
     * @param table the index of their table in the plan, see {@link RecordBatch#table()}
     */
    public RecordBatchBuilder(Schema schema, int table) {
        this.schema = schema;
        this.table = table;
        int width = schema.width();
        if (width > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a record has at most " + Short.MAX_VALUE + " fields, " + schema.table() + " has " + width);
        }
        types = new Type[width];
        text = new boolean[width];
        for (int i = 0; i < width; i++) {
            Column each = schema.column(i);
            types[i] = each.type();
            text[i] = each.type() == Type.Scalar.TEXT
                    || each.type() == Type.Scalar.JSON
                    || each.type() == Type.Scalar.JSONB
                    || (each.type() instanceof Type.Native && each.encoding() == Column.Encoding.STANDARD);
        }
    }

    /** How many records have been ended since the last {@link #build}. */
    public int size() {
        return size;
    }

    /** The size in bytes of these records. */
    public int bytes() {
        return starts[size];
    }

    /** Starts a record of kind {@link RecordKind#INSERT}. */
    public RecordBatchBuilder beginRecord() {
        return beginRecord(RecordKind.INSERT);
    }

    /** Starts a record. */
    public RecordBatchBuilder beginRecord(RecordKind kind) {
        openRecord(kind);
        out.putShort(types.length);
        fieldStart = out.size();
        column = 0;
        return this;
    }

    /** Ends the record that was started; every field must have been appended. */
    public RecordBatchBuilder endRecord() {
        if (column != types.length) {
            throw new IllegalStateException(
                    column < 0
                            ? "no record was started"
                            : "the record has " + column + " fields, " + schema.table() + " has " + types.length);
        }
        column = -1;
        countRecord(fieldStart);
        return this;
    }

    /** Drops the record that was started. */
    public RecordBatchBuilder abandonRecord() {
        if (column < 0) {
            throw new IllegalStateException("no record was started");
        }
        column = -1;
        return this;
    }

    /** Appends a whole record of kind INSERT that is laid out already, its int16 number of fields included. */
    public RecordBatchBuilder appendRecord(byte[] tuple, int offset, int length) {
        return appendRecord(RecordKind.INSERT, tuple, offset, length);
    }

    /**
     * Appends a whole record that is laid out already. Only its number of fields is looked at.
     */
    public RecordBatchBuilder appendRecord(RecordKind kind, byte[] tuple, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, tuple.length);
        int fields = length < Short.BYTES ? -1 : NetworkOrder.getShort(tuple, offset);
        if (fields != types.length) {
            throw new IllegalStateException(
                    "the record has " + fields + " fields, " + schema.table() + " has " + types.length);
        }
        openRecord(kind);
        out.putBytes(tuple, offset, length);
        countRecord(out.size());
        return this;
    }

    /** For every type. */
    public RecordBatchBuilder appendNull() {
        return appendMarker(RecordBatch.NULL);
    }

    /** For every type: a value that an update left as it was. */
    public RecordBatchBuilder appendUnchanged() {
        return appendMarker(RecordBatch.UNCHANGED);
    }

    /** For every type: a value in the encoding of its column. The bytes are not looked at. */
    public RecordBatchBuilder appendEncoded(byte[] value, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, value.length);
        requireField();
        out.truncate(fieldStart);
        int at = out.claim(Integer.BYTES + length);
        out.setInt(at, length);
        System.arraycopy(value, offset, out.bytes(), at + Integer.BYTES, length);
        fieldStart = at + Integer.BYTES + length;
        column++;
        return this;
    }

    /** For BOOL. */
    public RecordBatchBuilder appendBoolean(boolean value) {
        beginField(Type.Scalar.BOOL);
        out.putByte(value ? 1 : 0);
        return endField();
    }

    /** For INT16, INT32, INT64. @throws ArithmeticException when the column's type is too narrow for it */
    public RecordBatchBuilder appendLong(long value) {
        Type.Scalar type = beginNumber(Type.Scalar.INT64, Type.Scalar.INT32, Type.Scalar.INT16);
        ScalarBinary.encodeLong(type, value, out);
        return endField();
    }

    /**
     * For FLOAT32 (rounded to it) and FLOAT64.
     *
     * @throws ArithmeticException when a finite value is too large for FLOAT32
     */
    public RecordBatchBuilder appendDouble(double value) {
        Type.Scalar type = beginNumber(Type.Scalar.FLOAT64, Type.Scalar.FLOAT32, Type.Scalar.FLOAT64);
        ScalarBinary.encodeDouble(type, value, out);
        return endField();
    }

    /**
     * For DECIMAL; the scale is kept, a negative one becomes 0.
     *
     * @throws ArithmeticException when it has more digits than PostgreSQL takes: 131072 before, 16383 after the point
     */
    public RecordBatchBuilder appendDecimal(BigDecimal value) {
        beginField(Type.Scalar.DECIMAL);
        NumericBinary.encode(value, out);
        return endField();
    }

    /**
     * For TEXT, JSON, JSONB and native types in standard encoding.
     *
     * @throws IllegalArgumentException when half of a surrogate pair stands alone, which UTF-8 cannot encode
     */
    public RecordBatchBuilder appendText(CharSequence value) {
        beginAnyField();
        if (!text[column]) {
            throw wrongType("text");
        }
        if (types[column] == Type.Scalar.JSONB) {
            out.putByte(ScalarText.JSONB_VERSION);
        }
        Utf8.encode(value, out);
        return endField();
    }

    /** For BYTES. */
    public RecordBatchBuilder appendBytes(byte[] value) {
        beginField(Type.Scalar.BYTES);
        out.putBytes(value, 0, value.length);
        return endField();
    }

    /** For DATE. @throws ArithmeticException when it is out of PostgreSQL's range */
    public RecordBatchBuilder appendDate(LocalDate value) {
        beginField(Type.Scalar.DATE);
        out.putInt(TemporalBinary.days(value));
        return endField();
    }

    /**
     * For TIME: microseconds since midnight, 0 to 86,400,000,000.
     *
     * @throws ArithmeticException when out of this range
     */
    public RecordBatchBuilder appendTime(long microsOfDay) {
        beginField(Type.Scalar.TIME);
        out.putLong(TemporalBinary.checkedMicrosOfDay(microsOfDay));
        return endField();
    }

    /**
     * For TIMETZ: microseconds since midnight and seconds east of UTC.
     *
     * @throws ArithmeticException when the time is out of range, or the offset sixteen hours or more
     */
    public RecordBatchBuilder appendTimeTz(long microsOfDay, int offsetSeconds) {
        beginField(Type.Scalar.TIMETZ);
        out.putLong(TemporalBinary.checkedMicrosOfDay(microsOfDay));
        out.putInt(TemporalBinary.checkedSecondsWest(offsetSeconds));
        return endField();
    }

    /** For TIMESTAMP. Nanoseconds below the microsecond are an {@link ArithmeticException}, as is a value out of range. */
    public RecordBatchBuilder appendTimestamp(LocalDateTime value) {
        beginField(Type.Scalar.TIMESTAMP);
        out.putLong(TemporalBinary.micros(value));
        return endField();
    }

    /** For TIMESTAMPTZ. Nanoseconds below the microsecond are an {@link ArithmeticException}, as is a value out of range. */
    public RecordBatchBuilder appendInstant(Instant value) {
        beginField(Type.Scalar.TIMESTAMPTZ);
        out.putLong(TemporalBinary.micros(value));
        return endField();
    }

    /** For DATE, TIMESTAMP, TIMESTAMPTZ, DECIMAL, FLOAT32, FLOAT64: infinity, or minus infinity. */
    public RecordBatchBuilder appendInfinity(boolean positive) {
        beginAnyField();
        if (types[column] == Type.Scalar.TIMESTAMP || types[column] == Type.Scalar.TIMESTAMPTZ) {
            out.putLong(positive ? CalendarText.TIMESTAMP_INFINITY : CalendarText.TIMESTAMP_MINUS_INFINITY);
        } else if (types[column] == Type.Scalar.DATE) {
            out.putInt(positive ? CalendarText.DATE_INFINITY : CalendarText.DATE_MINUS_INFINITY);
        } else if (types[column] == Type.Scalar.DECIMAL) {
            NumericBinary.encodeInfinity(positive, out);
        } else {
            double infinity = positive ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
            ScalarBinary.encodeDouble(floatType("an infinity"), infinity, out);
        }
        return endField();
    }

    /** For DECIMAL, FLOAT32, FLOAT64. */
    public RecordBatchBuilder appendNaN() {
        beginAnyField();
        if (types[column] == Type.Scalar.DECIMAL) {
            NumericBinary.encodeNaN(out);
        } else {
            ScalarBinary.encodeDouble(floatType("NaN"), Double.NaN, out);
        }
        return endField();
    }

    /** For INTERVAL. */
    public RecordBatchBuilder appendInterval(Interval value) {
        beginField(Type.Scalar.INTERVAL);
        ScalarBinary.encodeInterval(value, out);
        return endField();
    }

    /** For UUID. */
    public RecordBatchBuilder appendUuid(UUID value) {
        beginField(Type.Scalar.UUID);
        ScalarBinary.encodeUuid(value, out);
        return endField();
    }

    /**
     * For arrays of one dimension: {@code null} elements are NULL; the others are {@link Boolean}, {@link Number} (any
     * that fits), {@link String}, {@link BigDecimal}, {@code byte[]}, {@link LocalDate}, {@link LocalDateTime}, {@link
     * Instant}, {@link Interval} or {@link UUID}, as the element type asks for; for TIME the microseconds since midnight.
     * There is no class of elements for TIMETZ.
     *
     * @throws IllegalArgumentException when an element is of a class that its type does not take
     * @throws ArithmeticException when an element is out of its type's range
     */
    public RecordBatchBuilder appendArray(List<?> elements) {
        beginAnyField();
        if (!(types[column] instanceof Type.Array array)) {
            throw wrongType("an array");
        }
        ArrayBinary.encode(array.element(), elements, out);
        return endField();
    }

    /** The records since the last build. The builder is empty then. */
    public RecordBatch build() {
        requireNoRecord();
        int bytes = starts[size];
        byte[] data = out == null ? new byte[0] : out.bytes();
        // A batch may be kept for a while: no more than half of its array may be idle.
        if (bytes < data.length / 2) {
            data = Arrays.copyOf(data, bytes);
        }
        RecordKind[] batchKinds = kinds == null ? null : Arrays.copyOf(kinds, size);
        RecordBatch batch = new RecordBatch(schema, table, data, Arrays.copyOf(starts, size + 1), batchKinds);
        out = null;
        expectedBytes = bytes;
        kinds = null;
        size = 0;
        return batch;
    }

    private void requireNoRecord() {
        if (column >= 0) {
            throw new IllegalStateException("a record was started and not ended");
        }
    }

    private void openRecord(RecordKind newKind) {
        requireNoRecord();
        kind = Objects.requireNonNull(newKind, "kind");
        if (out == null) {
            out = new ByteSink((int) Math.min(ByteSink.MAX_SIZE, expectedBytes + expectedBytes / 8L));
        }
        out.truncate(starts[size]);
    }

    private void countRecord(int end) {
        if (size + 1 == starts.length) {
            starts = Arrays.copyOf(starts, ByteSink.grownCapacity(starts.length, size, 2));
        }
        if (kind != RecordKind.INSERT || kinds != null) {
            putKind();
        }
        size++;
        starts[size] = end;
    }

    private void putKind() {
        if (kinds == null) {
            kinds = new RecordKind[starts.length];
            Arrays.fill(kinds, 0, size, RecordKind.INSERT);
        } else if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, starts.length);
        }
        kinds[size] = kind;
    }

    private void beginField(Type.Scalar type) {
        beginAnyField();
        if (types[column] != type) {
            throw wrongType("a value of " + type);
        }
    }

    /** Begins a field of one of these types and returns which. */
    private Type.Scalar beginNumber(Type.Scalar first, Type.Scalar second, Type.Scalar third) {
        beginAnyField();
        Type type = types[column];
        if (type != first && type != second && type != third) {
            throw wrongType("a number");
        }
        return (Type.Scalar) type;
    }

    private void requireField() {
        if (column < 0) {
            throw new IllegalStateException("no record was started");
        }
        if (column == types.length) {
            throw new IllegalStateException(schema.table() + " has " + types.length + " fields and no more");
        }
    }

    private void beginAnyField() {
        requireField();
        out.truncate(fieldStart);
        out.claim(Integer.BYTES);
    }

    private RecordBatchBuilder endField() {
        int end = out.size();
        out.setInt(fieldStart, end - fieldStart - Integer.BYTES);
        fieldStart = end;
        column++;
        return this;
    }

    private RecordBatchBuilder appendMarker(int length) {
        beginAnyField();
        out.setInt(fieldStart, length);
        fieldStart = out.size();
        column++;
        return this;
    }

    private Type.Scalar floatType(String found) {
        if (types[column] == Type.Scalar.FLOAT64 || types[column] == Type.Scalar.FLOAT32) {
            return (Type.Scalar) types[column];
        }
        throw wrongType(found);
    }

    private IllegalStateException wrongType(String found) {
        Column wrong = schema.column(column);
        return new IllegalStateException("column " + wrong.name() + " of " + schema.table() + " is of type "
                + wrong.type() + " in " + wrong.encoding() + " encoding and does not take " + found + " this way");
    }
}
