package dev.transvase.stream;

import dev.transvase.spi.table.Type;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The types that a column of the stream reader can have. */
enum ValueType {
    STRING(Type.Scalar.TEXT, "text"),
    LONG(Type.Scalar.INT64, "bigint"),
    INT(Type.Scalar.INT32, "integer"),
    SHORT(Type.Scalar.INT16, "smallint"),
    DOUBLE(Type.Scalar.FLOAT64),
    FLOAT(Type.Scalar.FLOAT32, "real"),
    DECIMAL(Type.Scalar.DECIMAL, "numeric"),
    BOOL(Type.Scalar.BOOL, "boolean"),
    BYTES(Type.Scalar.BYTES, "bytea"),
    /** DataX has one type for both, and it has a time. */
    DATE(Type.Scalar.TIMESTAMP),
    TIMESTAMP(Type.Scalar.TIMESTAMP),
    TIMESTAMPTZ(Type.Scalar.TIMESTAMPTZ),
    DAY(Type.Scalar.DATE),
    TIME(Type.Scalar.TIME),
    TIMETZ(Type.Scalar.TIMETZ),
    UUID(Type.Scalar.UUID),
    JSON(Type.Scalar.JSON),
    JSONB(Type.Scalar.JSONB);

    private final Type.Scalar type;
    /** PostgreSQL's name, where that is another one; else empty. */
    private final String otherName;

    ValueType(Type.Scalar type) {
        this(type, "");
    }

    ValueType(Type.Scalar type, String otherName) {
        this.type = type;
        this.otherName = otherName;
    }

    /** The type its values travel as. */
    Type.Scalar type() {
        return type;
    }

    /** As a job file writes it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its values are written in a date format. */
    boolean temporal() {
        return switch (this) {
            case DATE, TIMESTAMP, TIMESTAMPTZ, DAY, TIME -> true;
            default -> false;
        };
    }

    static Optional<ValueType> of(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(type -> !wanted.isEmpty() && (type.label().equals(wanted) || type.otherName.equals(wanted)))
                .findFirst();
    }

    /** All names, for messages. */
    static String labels() {
        return Arrays.stream(values()).map(ValueType::label).collect(Collectors.joining(", "));
    }
}
