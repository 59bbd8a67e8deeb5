package dev.transvase.core.parameter;

import dev.transvase.spi.parameter.Parameter;

/** The numbers that a parameter may be; its text is what messages and descriptions say. */
record Range(long min, long max) {

    static final Range ANY = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

    static Range of(Parameter rules) {
        return new Range(rules.min(), rules.max());
    }

    /** The part of it that an {@code int} can hold. */
    Range ints() {
        long least = Math.max(min, Integer.MIN_VALUE);
        long most = Math.min(max, Integer.MAX_VALUE);
        return new Range(least, most);
    }

    boolean hasMin() {
        return min != Long.MIN_VALUE;
    }

    boolean hasMax() {
        return max != Long.MAX_VALUE;
    }

    boolean contains(double value) {
        return (!hasMin() || value >= min) && (!hasMax() || value <= max);
    }

    boolean contains(long value) {
        return value >= min && value <= max;
    }

    /** For example {@code " from 1 to 100"} or {@code " of at least 1"}; empty when every number is in it. */
    @Override
    public String toString() {
        if (hasMin() && hasMax()) {
            return " from " + min + " to " + max;
        }
        if (hasMin()) {
            return " of at least " + min;
        }
        return hasMax() ? " of at most " + max : "";
    }
}
