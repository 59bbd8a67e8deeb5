package dev.transvase.spi.table;

import java.util.Objects;
import java.util.Optional;

/**
 * A column of a {@link Schema}.
 *
 * @param name its name as the source has it, without quotes
 * @param type its type
 * @param nullable whether the source allows NULL in it
 * @param declaredType the type as the source declares it, for example {@code character varying(20)} or {@code
 *     integer[]}; empty when the source has no such thing
 * @param encoding how values of it travel; anything but {@link Encoding#STANDARD} only for native types
 * @param added of a column that a followed table has got since its last record: what its rows from before have in it
 * @param origin what its name stands for
 * @param detail what a writer has to know of a native type beyond its name, in the words of {@link Schema#wireFormat}: for
 *     {@code postgresql} the attributes of a composite, such as {@code (a integer, b text)}, the subtype of a range or
 *     multirange that is not the server's own, such as {@code range (date)}, an array of one of them or of a domain, such
 *     as {@code numeric(10,2)[]}, or the decimal places of money; empty when there is nothing to tell
 */
public record Column(
        String name,
        Type type,
        boolean nullable,
        String declaredType,
        Encoding encoding,
        Optional<Added> added,
        Origin origin,
        String detail) {

    /**
     * What rows have that were there before their table got a column.
     *
     * @param initial the text form of the value, as a default filled it in; empty when that is NULL or not known
     * @param known whether the source tells
     */
    public record Added(Optional<String> initial, boolean known) {

        public Added {
            Objects.requireNonNull(initial, "initial");
            if (initial.isPresent() && !known) {
                throw new IllegalArgumentException("an initial value counts as known");
            }
        }
    }

    /** What the name of a column stands for. A writer that pairs columns by name goes by it. */
    public enum Origin {
        /** A column of the source that has this name, or a value that the user has named so. */
        NAMED,
        /** As {@link #NAMED}, and the source computes its values from other columns. */
        COMPUTED,
        /** Nothing: the reader made the name up, for example for an expression. */
        UNNAMED
    }

    /** How the values of a column travel. */
    public enum Encoding {
        /** As {@link Type} tells; for a native type that is its text form in UTF-8. */
        STANDARD,
        /**
         * A native type in the binary form of {@link Schema#wireFormat()}. In an offered schema: it can be had so. In an
         * accepted one: it is to be so.
         */
        WIRE
    }

    public Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(declaredType, "declaredType");
        Objects.requireNonNull(encoding, "encoding");
        Objects.requireNonNull(added, "added");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(detail, "detail");
        if (encoding == Encoding.WIRE && !(type instanceof Type.Native)) {
            throw new IllegalArgumentException("column " + name + " of type " + type + " has one encoding only");
        }
    }

    /** A nullable column in the standard encoding without a declared type, which was there from the start; its name is its own. */
    public static Column of(String name, Type type) {
        return new Column(name, type, true, "", Encoding.STANDARD, Optional.empty(), Origin.NAMED, "");
    }

    /** The same column, in which the source allows NULL or does not. */
    public Column withNullable(boolean other) {
        return new Column(name, type, other, declaredType, encoding, added, origin, detail);
    }

    /** The same column, which the source declares so. */
    public Column withDeclaredType(String other) {
        return new Column(name, type, nullable, other, encoding, added, origin, detail);
    }

    /** The same column in another encoding. */
    public Column withEncoding(Encoding other) {
        return new Column(name, type, nullable, declaredType, other, added, origin, detail);
    }

    /** The same column, which the table has got. */
    public Column withAdded(Added got) {
        return new Column(name, type, nullable, declaredType, encoding, Optional.of(got), origin, detail);
    }

    /** The same column with a name that stands for something else. */
    public Column withOrigin(Origin other) {
        return new Column(name, type, nullable, declaredType, encoding, added, other, detail);
    }

    /** The same column with what a writer has to know of its type. */
    public Column withDetail(String other) {
        return new Column(name, type, nullable, declaredType, encoding, added, origin, other);
    }

    /** Whether the name tells which column it is. */
    public boolean named() {
        return origin != Origin.UNNAMED;
    }
}
