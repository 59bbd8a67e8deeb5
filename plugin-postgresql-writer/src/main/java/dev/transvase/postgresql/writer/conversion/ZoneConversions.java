package dev.transvase.postgresql.writer.conversion;

import static dev.transvase.postgresql.writer.conversion.BadValueException.INVALID_DATE;
import static dev.transvase.postgresql.writer.conversion.BadValueException.OUT_OF_RANGE;

import dev.transvase.postgresql.writer.wire.WireBytes;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * The conversions that depend on the session's time zone: of what has no zone into {@code timestamptz}, and of that into what
 * has none. As the server's own casts do it: a time that a clock shows twice is the later one, one that it skips is taken as if
 * it had not been set forward yet.
 */
public final class ZoneConversions {

    private static final long MICROS = 1_000_000L;
    private static final long MICROS_PER_DAY = 86_400 * MICROS;
    private static final int TEXT_OID = 25;

    /** Of the server's epoch, 2000-01-01, in Java's. */
    private static final long EPOCH_SECONDS = LocalDateTime.of(2000, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);

    private final ZoneRules rules;

    ZoneConversions(ZoneRules rules) {
        this.rules = rules;
    }

    /** Whether values of the one type need a zone to become values of the other. */
    public static boolean needsZone(Type from, Type to) {
        if (from instanceof Type.Array array && to == Scalar.TEXT) {
            return array.element() == Scalar.TIMESTAMPTZ;
        }
        if (to == Scalar.TIMESTAMPTZ) {
            return from == Scalar.DATE || from == Scalar.TIMESTAMP;
        }
        return from == Scalar.TIMESTAMPTZ && (to == Scalar.DATE || to == Scalar.TIMESTAMP || to == Scalar.TEXT);
    }

    /** The conversion between these types; empty when there is none that needs the zone. */
    public static Optional<Conversion> between(Type from, Scalar to, TargetServer server) {
        if (!needsZone(from, to)) {
            return Optional.empty();
        }
        ZoneConversions zone = new ZoneConversions(server.zone().get());
        if (from instanceof Type.Array) {
            return Optional.of(zone.arrayToText());
        }
        if (from == Scalar.DATE) {
            return Optional.of(zone::dateToInstant);
        }
        if (from == Scalar.TIMESTAMP) {
            return Optional.of(zone::toInstant);
        }
        return Optional.of(
                switch (to) {
                    case DATE -> zone::toDate;
                    case TIMESTAMP -> zone::toTimestamp;
                    default -> zone::toText;
                });
    }

    private void dateToInstant(RecordCursor from, int column, RecordBatchBuilder to) throws BadValueException {
        int day = WireBytes.getInt(from.getBytes(column), 0);
        if (!from.isFinite(column)) {
            to.appendInfinity(day > 0);
            return;
        }
        try {
            append(instant(Math.multiplyExact(day, MICROS_PER_DAY)), to);
        } catch (ArithmeticException e) {
            throw new BadValueException(
                    OUT_OF_RANGE, "value " + from.getText(column) + " is out of range for timestamp with time zone");
        }
    }

    private void toInstant(RecordCursor from, int column, RecordBatchBuilder to) throws BadValueException {
        long micros = WireBytes.getLong(from.getBytes(column), 0);
        append(from.isFinite(column) ? inRange(from, column, true) : micros, to);
    }

    private void toTimestamp(RecordCursor from, int column, RecordBatchBuilder to) throws BadValueException {
        long micros = WireBytes.getLong(from.getBytes(column), 0);
        append(from.isFinite(column) ? inRange(from, column, false) : micros, to);
    }

    private long inRange(RecordCursor from, int column, boolean toInstant) throws BadValueException {
        long micros = WireBytes.getLong(from.getBytes(column), 0);
        try {
            return toInstant ? instant(micros) : Math.addExact(micros, offset(micros) * MICROS);
        } catch (ArithmeticException e) {
            throw new BadValueException(OUT_OF_RANGE, "value " + from.getText(column) + " is out of range");
        }
    }

    private void toDate(RecordCursor from, int column, RecordBatchBuilder to) throws BadValueException {
        long micros = WireBytes.getLong(from.getBytes(column), 0);
        if (!from.isFinite(column)) {
            to.appendInfinity(micros > 0);
            return;
        }
        long local = micros + offset(micros) * MICROS;
        if (Math.floorMod(local, MICROS_PER_DAY) != 0) {
            throw new BadValueException(
                    INVALID_DATE, "value " + text(from, column) + " has a time of day, which date would lose");
        }
        to.appendDate(LocalDate.of(2000, 1, 1).plusDays(Math.floorDiv(local, MICROS_PER_DAY)));
    }

    private void toText(RecordCursor from, int column, RecordBatchBuilder to) {
        to.appendText(text(from, column));
    }

    /** As the server prints it: the clock's time in the zone, and how far that is from UTC. */
    private String text(RecordCursor from, int column) {
        if (!from.isFinite(column)) {
            return from.getText(column);
        }
        long micros = WireBytes.getLong(from.getBytes(column), 0);
        int offset = offset(micros);
        if (offset == 0) {
            return from.getText(column);
        }
        String local = timestampText(micros + offset * MICROS);
        String era = local.endsWith(" BC") ? " BC" : "";
        return local.substring(0, local.length() - era.length()) + offsetText(offset) + era;
    }

    private static String timestampText(long micros) {
        RecordBatchBuilder builder = new RecordBatchBuilder(schema(Scalar.TIMESTAMP)).beginRecord();
        append(micros, builder);
        return first(builder).getText(0);
    }

    private static String offsetText(int seconds) {
        int east = Math.abs(seconds);
        StringBuilder text = new StringBuilder(seconds < 0 ? "-" : "+");
        twoDigits(east / 3600, text);
        if (east % 3600 != 0) {
            twoDigits(east / 60 % 60, text.append(':'));
        }
        if (east % 60 != 0) {
            twoDigits(east % 60, text.append(':'));
        }
        return text.toString();
    }

    private static void twoDigits(int number, StringBuilder to) {
        to.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private Conversion arrayToText() {
        Conversion texts = new ArrayElements(Column.of("element", Scalar.TIMESTAMPTZ))
                .converted(this::toText, Scalar.TEXT, TEXT_OID);
        Schema wire = schema(new Type.Array(Scalar.TEXT));
        return (from, column, to) -> {
            RecordBatchBuilder builder = new RecordBatchBuilder(wire).beginRecord();
            texts.convert(from, column, builder);
            to.appendText(first(builder).getText(0));
        };
    }

    private static RecordCursor first(RecordBatchBuilder builder) {
        RecordBatch batch = builder.endRecord().build();
        RecordCursor cursor = batch.cursor();
        cursor.advance();
        return cursor;
    }

    private static Schema schema(Type type) {
        return Schema.of(new TableName("", "value"), List.of(Column.of("value", type)));
    }

    /** Seconds east of UTC at a time in microseconds of the server. */
    private int offset(long micros) {
        return rules.getOffset(Instant.ofEpochSecond(EPOCH_SECONDS + Math.floorDiv(micros, MICROS)))
                .getTotalSeconds();
    }

    /** The time at which a clock in the zone shows this one, both in microseconds of the server. */
    private long instant(long local) {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(EPOCH_SECONDS + Math.floorDiv(local, MICROS), 0, ZoneOffset.UTC);
        List<ZoneOffset> valid = rules.getValidOffsets(time);
        ZoneOffset offset = valid.isEmpty() ? rules.getTransition(time).getOffsetBefore() : valid.get(valid.size() - 1);
        return Math.subtractExact(local, offset.getTotalSeconds() * MICROS);
    }

    private static void append(long micros, RecordBatchBuilder to) {
        byte[] value = new byte[Long.BYTES];
        WireBytes.putInt(value, 0, (int) (micros >> 32));
        WireBytes.putInt(value, Integer.BYTES, (int) micros);
        to.appendEncoded(value, 0, value.length);
    }
}
