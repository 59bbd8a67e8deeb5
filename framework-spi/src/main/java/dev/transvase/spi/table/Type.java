package dev.transvase.spi.table;

import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;
import java.util.Objects;

/**
 * The type of a column. What the bytes of a value look like follows from it: PostgreSQL's binary wire encoding, as described
 * at each constant.
 */
public sealed interface Type {

    /** Types with typed accessors in {@link RecordCursor} and {@link RecordBatchBuilder}. */
    enum Scalar implements Type {
        /** One byte, 0 or 1. */
        BOOL,
        INT16,
        INT32,
        INT64,
        /** IEEE 754, 4 bytes. */
        FLOAT32,
        /** IEEE 754, 8 bytes. */
        FLOAT64,
        /** Any precision and scale, NaN and the infinities; laid out as {@code numeric_send} does. */
        DECIMAL,
        /** UTF-8. */
        TEXT,
        BYTES,
        /** int32 days since 2000-01-01; the extremes are the infinities. */
        DATE,
        /** int64 microseconds since midnight, 24:00 included. */
        TIME,
        /** int64 microseconds since midnight, then int32 seconds west of UTC. */
        TIMETZ,
        /** int64 microseconds since 2000-01-01 00:00, no zone; the extremes are the infinities. */
        TIMESTAMP,
        /** int64 microseconds since 2000-01-01 00:00 UTC; the extremes are the infinities. */
        TIMESTAMPTZ,
        /** int64 microseconds, int32 days, int32 months. */
        INTERVAL,
        /** 16 bytes. */
        UUID,
        /** UTF-8. */
        JSON,
        /** A version byte of 1, then UTF-8. */
        JSONB
    }

    /**
     * An array, of any number of dimensions and with any lower bounds, laid out as {@code array_send} does.
     *
     * @param element the type of its elements
     */
    record Array(Scalar element) implements Type {
        public Array {
            Objects.requireNonNull(element, "element");
        }

        @Override
        public String toString() {
            return element + "[]";
        }
    }

    /**
     * A type that only its source knows, such as {@code inet}, an enum or a composite. Its values travel as the source's
     * own text in UTF-8, or in the source's wire format when reader and writer have agreed on that: see {@link
     * Column#encoding()}.
     *
     * @param name the source's name of the type, for example {@code inet}
     */
    record Native(String name) implements Type {
        public Native {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
