package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.table.TableName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A type as the server's catalog has it.
 *
 * @param oid its OID; those from 2^31 on are negative
 * @param name what it is called, without a modifier, for example {@code character varying}, {@code "MySchema".mood}
 * @param catalogName its schema and its name in {@code pg_type}
 * @param typtype {@code b} base, {@code c} composite, {@code d} domain, {@code e} enum, {@code m} multirange, {@code p}
 *     pseudo, {@code r} range
 * @param base what a domain is over in the end, never a domain itself; empty for all other types
 * @param elementOid of an array the type of its elements, of a range or multirange its subtype; 0 otherwise
 * @param outputFunction schema-qualified and quoted, from the type (of a domain: from its base) to {@code cstring}
 * @param hasBinary whether it can be sent and received in binary
 * @param builtin whether it came with the server and has the same OID on each
 * @param arrayOid the type of arrays of it; 0 when there is none
 * @param parts what its values are made of
 */
public record PgType(
        int oid,
        String name,
        TableName catalogName,
        char typtype,
        Optional<PgType> base,
        int elementOid,
        String outputFunction,
        boolean hasBinary,
        boolean builtin,
        int arrayOid,
        Parts parts) {

    /**
     * What the values of a type are made of.
     *
     * @param element of an array the type of its elements, of a range or multirange its subtype
     * @param attributes of a composite type its attributes; no other type has any
     * @param modifier of a domain the modifier of its base; -1 when there is none
     * @param declaredBase of a domain how a statement would declare its base, for example {@code numeric(10,2)}; of
     *     another type its name
     * @param detail what {@link dev.transvase.spi.table.Column#detail} tells of a column of this type
     */
    public record Parts(
            Optional<PgType> element, List<PgColumn> attributes, int modifier, String declaredBase, String detail) {

        /** Of a type without parts. */
        public static final Parts NONE = new Parts(Optional.empty(), List.of(), -1, "", "");

        public Parts {
            Objects.requireNonNull(element, "element");
            attributes = List.copyOf(attributes);
            Objects.requireNonNull(declaredBase, "declaredBase");
            Objects.requireNonNull(detail, "detail");
        }
    }

    public PgType {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(catalogName, "catalogName");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(outputFunction, "outputFunction");
        Objects.requireNonNull(parts, "parts");
    }

    PgType with(Parts other) {
        return new PgType(
                oid, name, catalogName, typtype, base, elementOid, outputFunction, hasBinary, builtin, arrayOid, other);
    }

    /** The OID of {@link #base}; 0 when it is not a domain. */
    public int baseOid() {
        return base.map(PgType::oid).orElse(0);
    }

    /** How a cast to it is written, whatever the session's {@code search_path} is. */
    public String cast() {
        return SqlNames.quote(catalogName);
    }

    /** The type whose form its values have on the wire: for a domain its base, otherwise itself. */
    public PgType effective() {
        return base.orElse(this);
    }

    /** Whether it is an array, of a domain whether its base is. */
    public boolean isArray() {
        PgType type = effective();
        return type.typtype == 'b' && type.elementOid != 0;
    }
}
