package dev.transvase.postgresql.writer.conversion;

import dev.transvase.spi.table.Column;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Money as text. Our sessions have {@code lc_monetary} C, under which money is printed and read alike everywhere, with two
 * decimal places; {@link Column#detail} has the number for the database's {@code lc_monetary}.
 */
public final class MoneyText {

    /** As the locale C has it. */
    public static final int DECIMAL_PLACES = 2;

    private static final Pattern PLACES = Pattern.compile(" ?with (\\d+) decimal places");

    /** As the server prints money under C, or a plain number. Elsewhere a comma may be the decimal point. */
    private static final Pattern AMOUNT =
            Pattern.compile("([-+(]?)\\s*[$]?\\s*((?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d*)?|\\.\\d+)\\s*(\\)?)");

    private static final int MAX_LENGTH = 100;

    private MoneyText() {}

    /** How many decimal places money has there; those of C when unknown. */
    public static int decimalPlaces(String detail) {
        Matcher places = PLACES.matcher(detail);
        return places.find() ? Integer.parseInt(places.group(1)) : DECIMAL_PLACES;
    }

    /** Without how many decimal places money has. */
    public static String withoutPlaces(String detail) {
        return PLACES.matcher(detail).replaceAll("");
    }

    /** The amount that a text tells; empty when it depends on the locale, or is none at all. */
    static Optional<BigDecimal> amount(String text) {
        Matcher amount = AMOUNT.matcher(text.strip());
        if (text.length() > MAX_LENGTH || !amount.matches()) {
            return Optional.empty();
        }
        boolean bracketed = amount.group(1).equals("(");
        if (bracketed != !amount.group(3).isEmpty()) {
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(amount.group(2).replace(",", ""));
        return Optional.of(bracketed || amount.group(1).equals("-") ? value.negate() : value);
    }

    static TextCheck check(int decimalPlaces) {
        return text -> {
            Optional<BigDecimal> amount = amount(text);
            if (amount.isEmpty()) {
                throw new BadValueException(
                        BadValueException.INVALID_TEXT,
                        "value " + Conversions.shown(text)
                                + " is not an amount such as 1234.56 or $1,234.56, which money accepts everywhere:"
                                + " any other form depends on the server's lc_monetary");
            }
            if (amount.get().stripTrailingZeros().scale() > decimalPlaces) {
                throw Precision.losesDigits(text, "money");
            }
        };
    }

    /** A number as the text that a session under C reads as this amount of a money with other decimal places. */
    static BigDecimal underC(BigDecimal amount, int decimalPlaces) {
        return amount.scaleByPowerOfTen(decimalPlaces - DECIMAL_PLACES);
    }
}
