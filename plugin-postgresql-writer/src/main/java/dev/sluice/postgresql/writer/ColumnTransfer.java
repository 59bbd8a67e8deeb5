package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.spi.Column;
import java.util.Optional;

/**
 * How one column gets from the reader's record into the table.
 *
 * @param source the reader's column, in the encoding it is to have
 * @param target the table's column
 * @param kind what is done with its values
 * @param wire the column after conversion; {@code source} when there is none
 * @param conversion for {@link Kind#CONVERT} only
 * @param note what the user should know of it; may be empty
 */
record ColumnTransfer(
        Column source, PgColumn target, Kind kind, Column wire, Optional<Conversion> conversion, String note) {

    /** What is done with a column's values. */
    enum Kind {
        /** Nothing: the reader's bytes are what the server takes in binary. */
        IDENTICAL,
        /** Converted here into the binary form of the target's type. */
        CONVERT,
        /** Sent as text, which the server reads as it reads a literal. */
        TEXT
    }

    static ColumnTransfer identical(Column source, PgColumn target) {
        return new ColumnTransfer(source, target, Kind.IDENTICAL, source, Optional.empty(), "");
    }

    static ColumnTransfer text(Column source, PgColumn target) {
        return new ColumnTransfer(
                source.withEncoding(Column.Encoding.STANDARD),
                target,
                Kind.TEXT,
                source.withEncoding(Column.Encoding.STANDARD),
                Optional.empty(),
                "");
    }

    static ColumnTransfer convert(Column source, PgColumn target, Column wire, Conversion conversion) {
        return new ColumnTransfer(source, target, Kind.CONVERT, wire, Optional.of(conversion), "");
    }

    ColumnTransfer withNote(String text) {
        return new ColumnTransfer(source, target, kind, wire, conversion, text);
    }

    /** The same without the binary form of native types, for when the whole record has to travel as text. */
    ColumnTransfer asText() {
        return source.encoding() == Column.Encoding.WIRE ? text(source, target).withNote(note) : this;
    }

    boolean converts() {
        return kind == Kind.CONVERT;
    }
}
