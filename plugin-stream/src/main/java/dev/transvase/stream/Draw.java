package dev.transvase.stream;

/**
 * Random numbers that depend on nothing but seed, split, column and record: any record can be made without those before
 * it, which is what lets a reader go on in the middle. Not for secrets. Not thread-safe; each split reader has its own.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea, Flood: Fast splittable pseudorandom number
 *     generators</a>, whose mixing function this is
 */
final class Draw {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final byte[] ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    /** As many characters as 64 random bits are good for: 62 to the power of 10 is below 2 to the power of 60. */
    private static final int CHARACTERS_PER_DRAW = 10;

    private final long splitSeed;
    private long state;
    private byte[] scratch = new byte[64];

    Draw(long seed, int split) {
        this.splitSeed = mix(mix(seed) + (split + 1L) * GOLDEN_GAMMA);
    }

    /** Goes to the first number for this field. */
    void moveTo(long record, int column) {
        state = mix(mix(splitSeed + (column + 1L) * GOLDEN_GAMMA) + record * GOLDEN_GAMMA);
    }

    /** All 64 bits. */
    long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** From {@code low} to {@code high}, both included, each as likely as the other. */
    long between(long low, long high) {
        long count = high - low + 1;
        if (count <= 0) {
            // More numbers than a long can count: at least every other draw is one of them.
            long drawn = next();
            while (drawn < low || drawn > high) {
                drawn = next();
            }
            return drawn;
        }
        long bits = next() >>> 1;
        long rest = bits % count;
        while (bits + (count - 1) - rest < 0) {
            bits = next() >>> 1;
            rest = bits % count;
        }
        return low + rest;
    }

    /** From 0.0 to 1.0, both included. */
    double fraction() {
        return (next() >>> 11) / (double) ((1L << 53) - 1);
    }

    /** That many letters and digits, in the array that {@link #scratch()} gives. */
    void alphanumeric(int length) {
        byte[] bytes = scratch(length);
        int i = 0;
        while (i < length) {
            long bits = next() >>> 1;
            int end = Math.min(length, i + CHARACTERS_PER_DRAW);
            while (i < end) {
                bytes[i++] = ALPHANUMERIC[(int) (bits % ALPHANUMERIC.length)];
                bits /= ALPHANUMERIC.length;
            }
        }
    }

    /** An array for one value, at least that long; it is used again for the next. */
    byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, (int) Math.min(2L * scratch.length, 1 << 20))];
        }
        return scratch;
    }

    byte[] scratch() {
        return scratch;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
