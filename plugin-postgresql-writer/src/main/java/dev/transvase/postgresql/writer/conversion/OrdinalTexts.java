package dev.transvase.postgresql.writer.conversion;

import static dev.transvase.postgresql.writer.conversion.BadValueException.INVALID_TEXT;
import static dev.transvase.postgresql.writer.conversion.BadValueException.OUT_OF_RANGE;

import dev.transvase.postgresql.catalog.PgType;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks of texts of the server's own numbers from 0 on: servers wrap what is out of range around, newer ones read {@code 010}
 * in base 8, and old ones take any text for a transaction's number, for 0 if need be.
 */
public final class OrdinalTexts {

    private static final int OID_OID = 26;
    private static final int TID_OID = 27;
    private static final int XID_OID = 28;
    private static final int CID_OID = 29;
    private static final int OIDVECTOR_OID = 30;
    private static final int TSVECTOR_OID = 3614;
    private static final int XID8_OID = 5069;

    /** The last place in a text that the server tells from those behind it. */
    private static final int LAST_POSITION = 16_383;

    private static final Pattern ORDINAL = Pattern.compile("0|[1-9]\\d{0,30}");
    private static final Pattern QUOTED = Pattern.compile("'(?:[^']|'')*'");
    private static final Pattern POSITION = Pattern.compile("[:,]\\s*(\\d{1,30})");
    private static final Pattern BLOCK = Pattern.compile("\\(\\s*([^,]*?)\\s*,.*");

    private OrdinalTexts() {}

    /** The check of texts of this type, or {@code null}. */
    static TextCheck check(PgType type) {
        return switch (type.oid()) {
            case OID_OID, XID_OID, CID_OID -> text -> check(text, text.strip(), type.name(), Integer.SIZE);
            case XID8_OID -> text -> check(text, text.strip(), type.name(), Long.SIZE);
            case OIDVECTOR_OID -> OrdinalTexts::checkVector;
            case TID_OID -> OrdinalTexts::checkBlock;
            case TSVECTOR_OID -> OrdinalTexts::checkPositions;
            default -> isOid8(type) ? OrdinalTexts::checkOid8 : null;
        };
    }

    /** The type {@code oid8}, which servers have from 19 on. */
    public static boolean isOid8(PgType type) {
        return type.builtin() && type.name().equals("oid8");
    }

    public static void checkOid8(String text) throws BadValueException {
        check(text, text.strip(), "oid8", Long.SIZE);
    }

    private static void check(String text, String number, String type, int bits) throws BadValueException {
        if (!ORDINAL.matcher(number).matches()) {
            throw new BadValueException(
                    INVALID_TEXT,
                    "value " + Conversions.shown(text) + " has no non-negative integer where " + type
                            + " requires one");
        }
        if (new BigInteger(number).bitLength() > bits) {
            throw new BadValueException(
                    OUT_OF_RANGE, "value " + Conversions.shown(text) + " is out of range for " + type);
        }
    }

    private static void checkVector(String text) throws BadValueException {
        for (String number : text.strip().split("\\s+", -1)) {
            if (!number.isEmpty()) {
                check(text, number, "oidvector", Integer.SIZE);
            }
        }
    }

    private static void checkBlock(String text) throws BadValueException {
        Matcher block = BLOCK.matcher(text.strip());
        if (block.matches()) {
            check(text, block.group(1), "tid", Integer.SIZE);
        }
    }

    private static void checkPositions(String text) throws BadValueException {
        Matcher position = POSITION.matcher(QUOTED.matcher(text).replaceAll(""));
        while (position.find()) {
            if (new BigInteger(position.group(1)).compareTo(BigInteger.valueOf(LAST_POSITION)) > 0) {
                throw new BadValueException(
                        OUT_OF_RANGE,
                        "value " + Conversions.shown(text) + " has a position above " + LAST_POSITION
                                + ", the last one that tsvector stores");
            }
        }
    }
}
