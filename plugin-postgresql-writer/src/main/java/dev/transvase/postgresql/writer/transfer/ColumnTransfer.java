package dev.transvase.postgresql.writer.transfer;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.writer.conversion.Conversion;
import dev.transvase.postgresql.writer.conversion.ValueCheck;
import dev.transvase.spi.table.Column;
import java.util.Optional;

/**
 * How one column gets from the reader's record into the table.
 *
 * @param source the reader's column, in the encoding it is to have
 * @param target the table's column
 * @param kind what is done with its values
 * @param wire the column after conversion; {@code source} when there is none
 * @param conversion always there for {@link Kind#CONVERT}, seldom for {@link Kind#TEXT}
 * @param check what each value has to pass first
 * @param note what the user should know of it; may be empty
 */
public record ColumnTransfer(
        Column source,
        PgColumn target,
        Kind kind,
        Column wire,
        Optional<Conversion> conversion,
        Optional<ValueCheck> check,
        String note) {

    /** What is done with a column's values. */
    public enum Kind {
        /** Nothing: the reader's bytes are what the server takes in binary. */
        IDENTICAL,
        /** Converted here into the binary form of the target's type. */
        CONVERT,
        /** Sent as text, which the server reads as it reads a literal. */
        TEXT
    }

    static ColumnTransfer identical(Column source, PgColumn target) {
        return new ColumnTransfer(source, target, Kind.IDENTICAL, source, Optional.empty(), Optional.empty(), "");
    }

    static ColumnTransfer text(Column source, PgColumn target) {
        return new ColumnTransfer(
                source.withEncoding(Column.Encoding.STANDARD),
                target,
                Kind.TEXT,
                source.withEncoding(Column.Encoding.STANDARD),
                Optional.empty(),
                Optional.empty(),
                "");
    }

    /** Sent as the text of another type. */
    static ColumnTransfer text(Column source, PgColumn target, Column wire, Conversion conversion) {
        return new ColumnTransfer(source, target, Kind.TEXT, wire, Optional.of(conversion), Optional.empty(), "");
    }

    static ColumnTransfer convert(Column source, PgColumn target, Column wire, Conversion conversion) {
        return new ColumnTransfer(source, target, Kind.CONVERT, wire, Optional.of(conversion), Optional.empty(), "");
    }

    ColumnTransfer withNote(String text) {
        return new ColumnTransfer(source, target, kind, wire, conversion, check, text);
    }

    ColumnTransfer withCheck(Optional<ValueCheck> other) {
        return new ColumnTransfer(source, target, kind, wire, conversion, other, note);
    }

    /** The same without the binary form of native types, for when the whole record has to travel as text. */
    public ColumnTransfer asText() {
        return source.encoding() == Column.Encoding.WIRE
                ? text(source, target).withCheck(check).withNote(note)
                : this;
    }

    public boolean converts() {
        return conversion.isPresent();
    }
}
