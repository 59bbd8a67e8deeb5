package dev.transvase.postgresql.writer.conversion;

import static dev.transvase.postgresql.writer.conversion.BadValueException.INVALID_DATE;
import static dev.transvase.postgresql.writer.conversion.BadValueException.TOO_LONG;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks of texts that the server would read and keep a part of only, or take for something else than they say. A text of a
 * kind that is not known here is left to the server, which refuses what it cannot read.
 */
public final class TextChecks {

    private static final int CHAR_OID = 18;
    private static final int NAME_OID = 19;
    private static final int MONEY_OID = 790;
    private static final int VARCHAR_OID = 1043;

    private static final int NAME_BYTES = 63;
    private static final int MAX_NUMBER_LENGTH = 150_000;

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d[\\d_]*)?(\\.[\\d_]*)?([eE][+-]?\\d{1,9})?");

    /** What most texts look like, so that they need no second look. */
    private static final Pattern PLAIN_DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

    private static final Pattern PLAIN_TIME = Pattern.compile("\\d\\d:\\d\\d(?::\\d\\d(?:\\.(\\d+))?)?");
    private static final Pattern PLAIN_TIMESTAMP = Pattern.compile(PLAIN_DATE + "(?:[ T]" + PLAIN_TIME + ")?");

    private TextChecks() {}

    private static Optional<TextCheck> leaf(PgType type, int typmod, String declared, TargetServer server) {
        return Optional.ofNullable(
                PgTypes.spiType(type) instanceof Scalar scalar
                        ? ofScalar(type, scalar, typmod, declared, server)
                        : ofNative(type));
    }

    private static TextCheck ofScalar(PgType type, Scalar scalar, int typmod, String declared, TargetServer server) {
        return switch (scalar) {
            case DECIMAL -> typmod < 0 ? null : decimal(TypeModifier.numericScale(typmod), declared);
            case TEXT -> type.oid() == NAME_OID ? TextChecks::checkName : trailingSpaces(type, typmod, declared);
            case TIMETZ -> withOffset(temporal(scalar, typmod, declared), server);
            case DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> temporal(scalar, typmod, declared);
            case INTERVAL -> interval(typmod, declared);
            default -> null;
        };
    }

    private static TextCheck ofNative(PgType type) {
        return switch (type.oid()) {
            case CHAR_OID -> TextChecks::checkChar;
            case MONEY_OID ->
                MoneyText.check(MoneyText.decimalPlaces(type.parts().detail()));
            default -> OrdinalTexts.check(type);
        };
    }

    /**
     * The check of texts before the server reads them as values of this column; empty when it takes or refuses each as a
     * whole.
     */
    public static Optional<ValueCheck> ofValues(PgColumn target, TargetServer server) {
        NestedChecks checks = new NestedChecks((type, typmod, declared) -> leaf(type, typmod, declared, server));
        int longest = target.type().effective().oid() == VARCHAR_OID ? TypeModifier.characters(target.typmod()) : -1;
        // A text of no more bytes than characters are allowed need not be looked at.
        return checks.of(target.type(), target.typmod(), target.declaredType()).map(check -> (cursor, column) -> {
            if (cursor.valueLength(column) > longest) {
                check.check(text(cursor, column));
            }
        });
    }

    /** The number that a text says; empty when it is of a kind that is not known here. */
    static Optional<BigDecimal> number(String text) {
        String number = text.strip();
        if (number.length() > MAX_NUMBER_LENGTH
                || !NUMBER.matcher(number).matches()
                || number.chars().noneMatch(Character::isDigit)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(number.replace("_", "")));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static TextCheck decimal(int scale, String declared) {
        return text -> {
            Optional<BigDecimal> value = number(text);
            if (value.isPresent() && Precision.hasMoreDecimals(value.get(), scale)) {
                throw Precision.losesDigits(text, declared);
            }
        };
    }

    private static void checkName(String text) throws BadValueException {
        if (text.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
            throw new BadValueException(
                    TOO_LONG, "value " + Conversions.shown(text) + " is longer than " + NAME_BYTES + " bytes");
        }
    }

    /** Of a longer text the server keeps the first byte. */
    private static void checkChar(String text) throws BadValueException {
        if (text.getBytes(StandardCharsets.UTF_8).length > 1) {
            throw new BadValueException(
                    TOO_LONG, "value " + Conversions.shown(text) + " is longer than the one byte of \"char\"");
        }
    }

    /** A {@code varchar(n)} takes a text that is too long when only spaces are too many, and drops them. */
    private static TextCheck trailingSpaces(PgType type, int typmod, String declared) {
        int limit = TypeModifier.characters(typmod);
        if (type.oid() != VARCHAR_OID || limit < 0) {
            return null;
        }
        return text -> {
            if (text.endsWith(" ") && length(text) > limit && length(withoutSpaces(text)) <= limit) {
                throw new BadValueException(
                        TOO_LONG,
                        "value " + Conversions.shown(text) + " has more spaces at its end than " + declared + " keeps");
            }
        };
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static String withoutSpaces(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static TextCheck temporal(Scalar to, int typmod, String declared) {
        int kept = typmod >= 0 ? typmod : TypeModifier.MAX_SECOND_DIGITS;
        boolean dated = to != Scalar.TIME && to != Scalar.TIMETZ;
        boolean zoned = to == Scalar.TIMETZ || to == Scalar.TIMESTAMPTZ;
        Pattern plain = to == Scalar.DATE ? PLAIN_DATE : dated ? PLAIN_TIMESTAMP : PLAIN_TIME;
        return text -> {
            Matcher known = plain.matcher(text);
            if (known.matches()
                    && (known.groupCount() == 0 || known.group(1) == null || known.end(1) - known.start(1) <= kept)) {
                return;
            }
            TemporalText temporal = TemporalText.of(text);
            if (temporal.isMoment()) {
                throw isMoment(text);
            } else if (to == Scalar.DATE && temporal.hasTimeOfDay()) {
                throw loses(text, "a time of day", declared);
            } else if (to != Scalar.DATE && temporal.isMorePreciseThan(kept)) {
                throw Precision.losesSeconds(text, declared);
            } else if (!zoned && temporal.hasZone()) {
                throw loses(text, "a time zone", declared);
            } else if (!dated && temporal.hasDate()) {
                throw loses(text, "a date", declared);
            } else if (to == Scalar.TIMETZ && temporal.hasRegion()) {
                throw new BadValueException(
                        INVALID_DATE,
                        "value " + Conversions.shown(text)
                                + " has a time zone with an offset that depends on the date");
            }
        };
    }

    /** Without an offset a time is in the session's zone, whose offset is that of the day on which the server reads it. */
    private static TextCheck withOffset(TextCheck check, TargetServer server) {
        if (server.keepsItsOffset()) {
            return check;
        }
        return text -> {
            check.check(text);
            if (!TemporalText.of(text).saysZone()) {
                throw dependsOnTheDay(text, server);
            }
        };
    }

    public static BadValueException dependsOnTheDay(String text, TargetServer server) {
        return new BadValueException(
                INVALID_DATE,
                "value " + Conversions.shown(text) + " has no time zone, and the offset of the session's zone "
                        + server.zoneName() + " depends on the date");
    }

    private static BadValueException isMoment(String text) {
        return new BadValueException(
                INVALID_DATE,
                "value " + Conversions.shown(text) + " means a different time each time the server reads it");
    }

    private static TextCheck interval(int typmod, String declared) {
        TypeModifier.IntervalField field = TypeModifier.intervalField(typmod);
        int digits = TypeModifier.intervalDigits(typmod);
        boolean range = TypeModifier.hasFields(typmod);
        boolean whole = typmod < 0;
        return text -> {
            if (!IntervalText.isKept(text, field, digits, range).orElse(whole || isUnbounded(text))) {
                throw Precision.losesSeconds(text, declared);
            }
        };
    }

    private static boolean isUnbounded(String text) {
        return text.strip().toLowerCase(Locale.ROOT).matches("[-+]?infinity");
    }

    private static BadValueException loses(String text, String what, String declared) {
        return new BadValueException(
                INVALID_DATE,
                "value " + Conversions.shown(text) + " has " + what + ", which " + declared + " would lose");
    }

    /** For messages. */
    static String text(RecordCursor cursor, int column, Type type) {
        return type == Scalar.TEXT || type instanceof Type.Native ? text(cursor, column) : cursor.getText(column);
    }

    /** Not as the cursor gives it, which refuses what is not UTF-8: that is for the server to tell. */
    public static String text(RecordCursor cursor, int column) {
        return new String(cursor.getBytes(column), StandardCharsets.UTF_8);
    }

    /** The type of an element of this column, which is of an array. */
    public static PgColumn element(PgColumn array) {
        return NestedChecks.element(array.name(), array.type().effective(), array.typmod(), array.declaredType());
    }
}
