package dev.transvase.spi.record;

import java.math.BigInteger;

/**
 * Finds, of all decimals that lie strictly nearer to a binary floating-point number than to its neighbours, one with the
 * fewest digits; of several the nearest. These are the digits PostgreSQL prints: a decimal exactly half-way between two
 * numbers does not count for it, so that readers need not agree on how they round.
 *
 * <p>This is the method of R. Giulietti, "The Schubfach way to render doubles": the number and the two ends of its
 * interval are scaled by a power of ten, with 126 bits of it, such that the interval is between 1 and 10 wide; then only
 * the two integers next to the number, and the two multiples of ten, are candidates.
 */
final class ShortestDecimal {

    private static final int MIN_EXPONENT = -324;
    private static final int MAX_EXPONENT = 292;
    private static final int POWER_BITS = 126;
    private static final int HALF_BITS = 63;
    private static final long HALF_MASK = Long.MAX_VALUE;

    /** For each decimal exponent k, the first 126 bits of 10 to the -k, rounded up: high half, low half. */
    private static final long[] POWERS = powers();

    private ShortestDecimal() {}

    private static long[] powers() {
        long[] powers = new long[2 * (MAX_EXPONENT - MIN_EXPONENT + 1)];
        for (int k = MIN_EXPONENT; k <= MAX_EXPONENT; k++) {
            BigInteger power = BigInteger.TEN.pow(Math.abs(k));
            BigInteger scaled;
            if (k <= 0) {
                scaled = power.shiftLeft(POWER_BITS).shiftRight(power.bitLength());
            } else {
                scaled = BigInteger.ONE
                        .shiftLeft(POWER_BITS - 1 + power.bitLength())
                        .divide(power);
            }
            BigInteger rounded = scaled.add(BigInteger.ONE);
            powers[2 * (k - MIN_EXPONENT)] = rounded.shiftRight(HALF_BITS).longValue();
            powers[2 * (k - MIN_EXPONENT) + 1] = rounded.longValue() & HALF_MASK;
        }
        return powers;
    }

    /** The decimal exponent of the digits that {@link #digits} gives for the same arguments. */
    static int exponent(int exponent, boolean lowestOfBinade) {
        // floor(log10(2^q)), or floor(log10(3/4 * 2^q)) as the interval is that wide only, in fixed-point arithmetic
        return (int) ((exponent * 661_971_961_083L - (lowestOfBinade ? 274_743_187_321L : 0)) >> 41);
    }

    /**
     * The digits of {@code significand} times 2 to the {@code exponent}, perhaps with zeros at their end.
     *
     * @param significand above 0, at most 53 bits
     * @param lowestOfBinade whether the next number below is only half as far away as the next one above
     */
    static long digits(long significand, int exponent, boolean lowestOfBinade) {
        int k = exponent(exponent, lowestOfBinade);
        int shift = exponent + floorLog2OfPowerOfTen(-k) + 2;
        long high = POWERS[2 * (k - MIN_EXPONENT)];
        long low = POWERS[2 * (k - MIN_EXPONENT) + 1];
        // All three in quarters of the unit 10^k.
        long value = scale(high, low, (4 * significand) << shift);
        long lower = scale(high, low, (4 * significand - (lowestOfBinade ? 1 : 2)) << shift);
        long upper = scale(high, low, (4 * significand + 2) << shift);

        long below = value >> 2;
        long tenBelow = below / 10 * 10;
        long tenAbove = tenBelow + 10;
        boolean tenBelowFits = lower < (tenBelow << 2);
        boolean tenAboveFits = (tenAbove << 2) < upper;
        if (tenBelowFits != tenAboveFits) {
            return tenBelowFits ? tenBelow : tenAbove;
        }
        long above = below + 1;
        boolean belowFits = lower < (below << 2);
        boolean aboveFits = (above << 2) < upper;
        if (belowFits != aboveFits) {
            return belowFits ? below : above;
        }
        long middle = (below + above) << 1;
        return value < middle || (value == middle && (below & 1) == 0) ? below : above;
    }

    private static int floorLog2OfPowerOfTen(int exponent) {
        return (int) ((exponent * 913_124_641_741L) >> 38);
    }

    /**
     * The product of a power of ten and a shifted significand without its last 127 bits. When these were not 0, the last
     * bit is set: it then compares with even numbers as the exact product would.
     */
    private static long scale(long high, long low, long factor) {
        long middle = ((high * factor) >>> 1) + Math.multiplyHigh(low, factor);
        long top = Math.multiplyHigh(high, factor) + (middle >>> HALF_BITS);
        return top | (((middle & HALF_MASK) + HALF_MASK) >>> HALF_BITS);
    }
}
