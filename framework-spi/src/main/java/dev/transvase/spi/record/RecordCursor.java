package dev.transvase.spi.record;

import static dev.transvase.spi.error.CommonErrors.MALFORMED_VALUE;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * Moves over the records of a batch and reads their fields, without making an object per record. Not thread-safe.
 *
 * <p>An accessor is for the types named at it; on another type it throws {@link IllegalStateException}, on NULL or an
 * unchanged value too: ask {@link #isNull} and {@link #isUnchanged} first. Bytes that are no value of their column's
 * type are a {@link TransvaseException} with code {@code MALFORMED_VALUE}, or {@code MALFORMED_RECORD} when the record
 * itself cannot be distinguished.
 */
public final class RecordCursor {

    /** A builder for text that has grown beyond this is not kept for the next field. */
    private static final int MAX_KEPT_TEXT = 1 << 16;

    private final RecordBatch batch;
    private final byte[] data;
    private final Type[] types;

    private final RecordFields fields;
    private int index = -1;
    private StringBuilder text = new StringBuilder();

    RecordCursor(RecordBatch batch) {
        this.batch = batch;
        data = batch.data();
        int width = batch.schema().width();
        types = new Type[width];
        for (int i = 0; i < width; i++) {
            types[i] = batch.schema().column(i).type();
        }
        fields = new RecordFields(batch.schema());
    }

    /** The schema of the records. */
    public Schema schema() {
        return batch.schema();
    }

    /** Moves to the next record; false when there is none. */
    public boolean advance() {
        if (index < batch.size()) {
            index++;
        }
        if (index == batch.size()) {
            fields.moveAway();
            return false;
        }
        fields.moveTo(data, batch.start(index), batch.start(index + 1));
        return true;
    }

    /** Moves to the record at this index of the batch. */
    public void moveTo(int index) {
        this.index = Objects.checkIndex(index, batch.size());
        fields.moveTo(data, batch.start(index), batch.start(index + 1));
    }

    /** The index of the current record in the batch; -1 before the first. */
    public int index() {
        return index;
    }

    /** What the current record says. */
    public RecordKind kind() {
        if (index < 0 || index == batch.size()) {
            throw new IllegalStateException("at no record");
        }
        return batch.kind(index);
    }

    /** Whether the field is NULL. */
    public boolean isNull(int column) {
        return valueLength(column) == RecordBatch.NULL;
    }

    /** Whether the field was left out because an update did not touch it. */
    public boolean isUnchanged(int column) {
        return valueLength(column) == RecordBatch.UNCHANGED;
    }

    /** Where the field's value starts in the batch's {@link RecordBatch#data()}. */
    public int valueOffset(int column) {
        return fields.offset(column);
    }

    /** The value's length in bytes, {@link RecordBatch#NULL} or {@link RecordBatch#UNCHANGED}. */
    public int valueLength(int column) {
        return fields.length(column);
    }

    /** For BOOL. */
    public boolean getBoolean(int column) {
        requireType(column, Type.Scalar.BOOL);
        int offset = locateValue(column);
        try {
            return ScalarText.bool(data, offset, fields.lengthAt(offset));
        } catch (MalformedValueException e) {
            throw unreadable(column, e);
        }
    }

    /** For INT16, INT32. */
    public int getInt(int column) {
        Type type = types[column];
        if (type == Type.Scalar.INT32) {
            return NetworkOrder.getInt(data, locateValue(column, Integer.BYTES));
        }
        requireType(column, Type.Scalar.INT16);
        return NetworkOrder.getShort(data, locateValue(column, Short.BYTES));
    }

    /** For INT16, INT32, INT64. */
    public long getLong(int column) {
        if (types[column] == Type.Scalar.INT64) {
            return NetworkOrder.getLong(data, locateValue(column, Long.BYTES));
        }
        return getInt(column);
    }

    /** For FLOAT32. */
    public float getFloat(int column) {
        requireType(column, Type.Scalar.FLOAT32);
        return Float.intBitsToFloat(NetworkOrder.getInt(data, locateValue(column, Float.BYTES)));
    }

    /** For FLOAT32, FLOAT64. */
    public double getDouble(int column) {
        if (types[column] == Type.Scalar.FLOAT64) {
            return Double.longBitsToDouble(NetworkOrder.getLong(data, locateValue(column, Double.BYTES)));
        }
        return getFloat(column);
    }

    /** For DECIMAL, with the scale it is stored with. Ask {@link #isFinite} first: NaN and the infinities have none. */
    public BigDecimal getDecimal(int column) {
        requireFinite(column, Type.Scalar.DECIMAL);
        int offset = locateValue(column);
        try {
            return NumericBinary.decode(data, offset, fields.lengthAt(offset));
        } catch (MalformedValueException e) {
            throw unreadable(column, e);
        }
    }

    /**
     * For FLOAT32, FLOAT64, DECIMAL, DATE, TIMESTAMP, TIMESTAMPTZ: whether the value is neither NaN nor an infinity.
     */
    public boolean isFinite(int column) {
        if (!(types[column] instanceof Type.Scalar type)) {
            throw wrongType(column);
        }
        return switch (type) {
            case FLOAT32 -> Float.isFinite(getFloat(column));
            case FLOAT64 -> Double.isFinite(getDouble(column));
            case DECIMAL -> isFiniteDecimal(column);
            case DATE -> isFiniteDate(NetworkOrder.getInt(data, locateValue(column, Integer.BYTES)));
            case TIMESTAMP, TIMESTAMPTZ ->
                isFiniteTimestamp(NetworkOrder.getLong(data, locateValue(column, Long.BYTES)));
            default -> throw wrongType(column);
        };
    }

    /** For BYTES: a copy. For any other type the bytes as they travel. */
    public byte[] getBytes(int column) {
        int offset = locateValue(column);
        return Arrays.copyOfRange(data, offset, offset + fields.lengthAt(offset));
    }

    /** For DATE, when {@link #isFinite}. */
    public LocalDate getDate(int column) {
        requireFinite(column, Type.Scalar.DATE);
        return TemporalBinary.date(NetworkOrder.getInt(data, fields.offset(column)));
    }

    /** For TIME and TIMETZ: microseconds since midnight, 86,400,000,000 included. */
    public long getMicrosOfDay(int column) {
        if (types[column] != Type.Scalar.TIMETZ) {
            requireType(column, Type.Scalar.TIME);
        }
        int offset = locateValue(column, TemporalBinary.length((Type.Scalar) types[column]));
        try {
            return TemporalBinary.microsOfDay(data, offset);
        } catch (MalformedValueException e) {
            throw unreadable(column, e);
        }
    }

    /** For TIMETZ: seconds east of UTC. */
    public int getOffsetSeconds(int column) {
        requireType(column, Type.Scalar.TIMETZ);
        int offset = locateValue(column, TemporalBinary.length(Type.Scalar.TIMETZ));
        try {
            return -TemporalBinary.secondsWest(data, offset);
        } catch (MalformedValueException e) {
            throw unreadable(column, e);
        }
    }

    /** For TIMESTAMP, when {@link #isFinite}. */
    public LocalDateTime getTimestamp(int column) {
        requireFinite(column, Type.Scalar.TIMESTAMP);
        return TemporalBinary.timestamp(NetworkOrder.getLong(data, fields.offset(column)));
    }

    /** For TIMESTAMPTZ, when {@link #isFinite}. */
    public Instant getInstant(int column) {
        requireFinite(column, Type.Scalar.TIMESTAMPTZ);
        return TemporalBinary.instant(NetworkOrder.getLong(data, fields.offset(column)));
    }

    /** For INTERVAL. */
    public Interval getInterval(int column) {
        requireType(column, Type.Scalar.INTERVAL);
        int offset = locateValue(column, TemporalBinary.length(Type.Scalar.INTERVAL));
        return new Interval(
                NetworkOrder.getInt(data, offset + 12),
                NetworkOrder.getInt(data, offset + 8),
                NetworkOrder.getLong(data, offset));
    }

    /** For UUID. */
    public UUID getUuid(int column) {
        requireType(column, Type.Scalar.UUID);
        int offset = locateValue(column, 2 * Long.BYTES);
        return new UUID(NetworkOrder.getLong(data, offset), NetworkOrder.getLong(data, offset + Long.BYTES));
    }

    /**
     * For every type: the value as PostgreSQL prints it, with DateStyle ISO, IntervalStyle postgres, bytea_output hex,
     * TimeZone UTC and shortest exact floats. A native value in wire encoding, whose text only its source knows, gives
     * {@code \x} and its bytes in hex.
     */
    public String getText(int column) {
        Type type = types[column];
        if (type == Type.Scalar.TEXT
                || type == Type.Scalar.JSON
                || type == Type.Scalar.JSONB
                || (type instanceof Type.Native && !isWire(column))) {
            return storedText(column);
        }
        text.setLength(0);
        appendText(column, text);
        String result = text.toString();
        if (text.capacity() > MAX_KEPT_TEXT) {
            text = new StringBuilder();
        }
        return result;
    }

    /** As {@link #getText}, appended. */
    public void appendText(int column, StringBuilder out) {
        int offset = locateValue(column);
        int length = fields.lengthAt(offset);
        Type type = types[column];
        int start = out.length();
        try {
            if (type instanceof Type.Scalar scalar) {
                ScalarText.append(scalar, data, offset, length, out);
            } else if (type instanceof Type.Array array) {
                ArrayText.append(array.element(), data, offset, length, out);
            } else if (isWire(column)) {
                ScalarText.appendHex(data, offset, length, out);
            } else {
                out.append(Utf8.decode(data, offset, length));
            }
        } catch (MalformedValueException e) {
            out.setLength(start);
            throw unreadable(column, e);
        }
    }

    private String storedText(int column) {
        int offset = locateValue(column);
        int length = fields.lengthAt(offset);
        try {
            return types[column] == Type.Scalar.JSONB
                    ? ScalarText.jsonb(data, offset, length)
                    : Utf8.decode(data, offset, length);
        } catch (MalformedValueException e) {
            throw unreadable(column, e);
        }
    }

    private boolean isWire(int column) {
        return schema().column(column).encoding() == Column.Encoding.WIRE;
    }

    private static boolean isFiniteDate(int date) {
        return date != CalendarText.DATE_INFINITY && date != CalendarText.DATE_MINUS_INFINITY;
    }

    private static boolean isFiniteTimestamp(long timestamp) {
        return timestamp != CalendarText.TIMESTAMP_INFINITY && timestamp != CalendarText.TIMESTAMP_MINUS_INFINITY;
    }

    private boolean isFiniteDecimal(int column) {
        int offset = locateValue(column);
        try {
            return NumericBinary.isFinite(data, offset, fields.lengthAt(offset));
        } catch (MalformedValueException e) {
            throw unreadable(column, e);
        }
    }

    private void requireFinite(int column, Type.Scalar type) {
        requireType(column, type);
        if (!isFinite(column)) {
            throw new IllegalStateException(named(column) + " is " + getText(column) + ": ask isFinite first");
        }
    }

    private void requireType(int column, Type.Scalar type) {
        if (types[column] != type) {
            throw wrongType(column);
        }
    }

    /** Where a value of this length starts. */
    private int locateValue(int column, int length) {
        int offset = locateValue(column);
        if (fields.lengthAt(offset) != length) {
            throw unreadable(
                    column,
                    new MalformedValueException("expected " + length + " bytes, found " + fields.lengthAt(offset)));
        }
        return offset;
    }

    /** Where a value that is there starts. */
    private int locateValue(int column) {
        int offset = fields.offset(column);
        int length = fields.lengthAt(offset);
        if (length < 0) {
            throw new IllegalStateException(named(column) + (length == RecordBatch.NULL ? " is NULL" : " is unchanged")
                    + " in record " + index);
        }
        return offset;
    }

    private IllegalStateException wrongType(int column) {
        return new IllegalStateException(
                named(column) + " is of type " + types[column] + ", which this accessor does not read");
    }

    private TransvaseException unreadable(int column, MalformedValueException e) {
        return TransvaseException.of(
                MALFORMED_VALUE,
                named(column) + " in record " + index + " of a batch is not a valid " + types[column]
                        + " in PostgreSQL's binary format: " + e.getMessage(),
                e);
    }

    private String named(int column) {
        return "column " + schema().column(column).name() + " of " + schema().table();
    }
}
