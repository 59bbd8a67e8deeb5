package dev.transvase.postgresql.writer.conversion;

/** What a type's modifier, as the catalog has it, says of the values that a column keeps. */
public final class TypeModifier {

    /** Full precision of times: microseconds. */
    public static final int MAX_SECOND_DIGITS = 6;

    private static final int HEADER = 4;
    private static final int SCALE_SIGN = 1024;
    private static final int SCALE_MASK = 2047;
    private static final int UNLIMITED = 0xFFFF;
    private static final int ALL_FIELDS = 0x7FFF;

    private TypeModifier() {}

    /** Of {@code numeric(p,s)} the s, below 0 where even digits before the point are rounded. */
    public static int numericScale(int typmod) {
        return (((typmod - HEADER) & SCALE_MASK) ^ SCALE_SIGN) - SCALE_SIGN;
    }

    /** Of {@code varchar(n)} the n. */
    public static int characters(int typmod) {
        return typmod - HEADER;
    }

    /** Of an interval how many digits it keeps behind the second. */
    public static int intervalDigits(int typmod) {
        int digits = typmod & UNLIMITED;
        return digits == UNLIMITED ? MAX_SECOND_DIGITS : digits;
    }

    /** Whether an interval is declared with fields, such as {@code interval year to month}. */
    static boolean hasFields(int typmod) {
        return typmod >= 0 && (typmod >> 16 & ALL_FIELDS) != ALL_FIELDS;
    }

    /** The smallest field that an interval keeps. */
    public static IntervalField intervalField(int typmod) {
        int fields = typmod >> 16;
        for (IntervalField field : IntervalField.values()) {
            if ((fields & field.bit) != 0) {
                return field;
            }
        }
        return IntervalField.SECOND;
    }

    /** From the smallest on. */
    public enum IntervalField {
        SECOND(1 << 12),
        MINUTE(1 << 11),
        HOUR(1 << 10),
        DAY(1 << 3),
        MONTH(1 << 1),
        YEAR(1 << 2);

        private final int bit;

        IntervalField(int bit) {
            this.bit = bit;
        }
    }
}
