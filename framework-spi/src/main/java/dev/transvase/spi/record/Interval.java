package dev.transvase.spi.record;

/**
 * An interval as PostgreSQL keeps it: the three parts are apart, since a month has no fixed number of days nor a day a
 * fixed number of hours.
 */
public record Interval(int months, int days, long micros) {}
