package dev.sluice.postgresql.writer;

import static dev.sluice.postgresql.writer.BadValueException.INVALID_DATE;
import static dev.sluice.postgresql.writer.BadValueException.TOO_LONG;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.spi.Column;
import dev.sluice.spi.RecordCursor;
import dev.sluice.spi.Type.Scalar;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks of texts that the server would read and keep a part of only. A text of a kind that is not known here is left to
 * the server, which refuses what it cannot read.
 */
final class TextChecks {

    private static final int VARCHAR_OID = 1043;
    private static final int VARCHAR_ARRAY_OID = 1015;
    private static final int MAX_NUMBER_LENGTH = 150_000;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[$]?(\\d[\\d_,]*)?(\\.[\\d_]*)?([eE][+-]?\\d{1,9})?");

    /** Hours and minutes, perhaps seconds, their fraction and an offset from UTC. */
    private static final Pattern TIME = Pattern.compile(
            "(?<![\\d:+-])(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d*))?)?\\s*(?:([+-]\\d{1,2}(?::?\\d{2}){0,2})|([Zz]|UTC)\\b)?");

    private static final Pattern ZONE_NAME = Pattern.compile("[A-Za-z]+/[A-Za-z_]+");
    private static final Pattern VARCHAR = Pattern.compile("character varying\\((\\d+)\\)");
    private static final Pattern PADDED = Pattern.compile("character\\(|bpchar");

    private static final Pattern DATE = Pattern.compile("\\d+[-/.]\\w+[-/.]\\d+");

    private TextChecks() {}

    static Optional<ValueCheck> of(Column source, PgColumn target, Scalar to, String declared) {
        return Optional.ofNullable(
                switch (to) {
                    case DECIMAL ->
                        target.typmod() < 0
                                ? null
                                : ValueChecks.decimalPlaces(
                                        Scalar.TEXT, TypeModifier.numericScale(target.typmod()), declared);
                    case TEXT -> trailingSpaces(source, target, declared);
                    case DATE -> TextChecks::checkDate;
                    case TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ -> time(target, to, declared);
                    default -> null;
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
            return Optional.of(new BigDecimal(number.replaceAll("[$_,]", "")));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A {@code varchar(n)} takes a text that is too long when only spaces are too many, and drops them. */
    private static ValueCheck trailingSpaces(Column source, PgColumn target, String declared) {
        int limit = TypeModifier.characters(target.typmod());
        if (target.type().effective().oid() != VARCHAR_OID
                && target.type().effective().oid() != VARCHAR_ARRAY_OID) {
            return null;
        }
        if (limit < 0 || PADDED.matcher(source.declaredType()).lookingAt() || fits(source.declaredType(), limit)) {
            return null;
        }
        return (cursor, column) -> {
            if (cursor.valueLength(column) <= limit) {
                return;
            }
            String text = text(cursor, column);
            if (text.endsWith(" ") && length(text) > limit && length(withoutSpaces(text)) <= limit) {
                throw new BadValueException(
                        TOO_LONG,
                        "value " + Conversions.shown(text) + " has more spaces at its end than " + declared + " keeps");
            }
        };
    }

    private static boolean fits(String declaredSource, int limit) {
        Matcher matcher = VARCHAR.matcher(declaredSource);
        return matcher.lookingAt() && Integer.parseInt(matcher.group(1)) <= limit;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String withoutSpaces(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static void checkDate(RecordCursor cursor, int column) throws BadValueException {
        String text = text(cursor, column);
        Matcher time = TIME.matcher(text);
        if (time.find()) {
            for (int group = 1; group <= 4; group++) {
                if (time.group(group) != null && hasDigitAboveZero(time.group(group))) {
                    throw loses(text, "a time of day", "date");
                }
            }
        }
    }

    private static ValueCheck time(PgColumn target, Scalar to, String declared) {
        int kept = target.typmod() >= 0 ? target.typmod() : TypeModifier.MAX_SECOND_DIGITS;
        boolean dated = to == Scalar.TIMESTAMP || to == Scalar.TIMESTAMPTZ;
        boolean zoned = to == Scalar.TIMETZ || to == Scalar.TIMESTAMPTZ;
        return (cursor, column) -> {
            String text = text(cursor, column);
            Matcher time = TIME.matcher(text);
            if (!time.find()) {
                return;
            }
            String fraction = time.group(4) == null ? "" : time.group(4);
            if (fraction.length() > kept && hasDigitAboveZero(fraction.substring(kept))) {
                throw ValueChecks.losesSeconds(text, declared);
            }
            boolean offset = time.group(5) != null && hasDigitAboveZero(time.group(5));
            if (!zoned && (offset || ZONE_NAME.matcher(text).find(time.end()))) {
                throw loses(text, "a time zone", declared);
            }
            if (!dated && DATE.matcher(text).find()) {
                throw loses(text, "a date", declared);
            }
        };
    }

    private static boolean hasDigitAboveZero(String digits) {
        return digits.chars().anyMatch(c -> c >= '1' && c <= '9');
    }

    private static BadValueException loses(String text, String what, String declared) {
        return new BadValueException(
                INVALID_DATE,
                "value " + Conversions.shown(text) + " has " + what + ", which " + declared + " would lose");
    }

    /** For messages. */
    static String text(RecordCursor cursor, int column, Scalar type) {
        return type == Scalar.TEXT ? text(cursor, column) : cursor.getText(column);
    }

    /** Not as the cursor gives it, which refuses what is not UTF-8: that is for the server to tell. */
    static String text(RecordCursor cursor, int column) {
        return new String(cursor.getBytes(column), StandardCharsets.UTF_8);
    }
}
