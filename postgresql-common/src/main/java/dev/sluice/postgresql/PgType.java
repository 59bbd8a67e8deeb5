package dev.sluice.postgresql;

import dev.sluice.spi.TableName;
import java.util.Objects;
import java.util.Optional;

/**
 * A type as the server's catalog has it.
 *
 * @param oid its OID, of which those from 2^31 on are negative
 * @param name what it is called in a cast, without a modifier, for example {@code character varying}, {@code
 *     "MySchema".mood}
 * @param catalogName its schema and its name in {@code pg_type}
 * @param typtype {@code b} base, {@code c} composite, {@code d} domain, {@code e} enum, {@code m} multirange, {@code p}
 *     pseudo, {@code r} range
 * @param base what a domain is over in the end, never a domain itself; empty for all other types
 * @param elementOid of an array the type of its elements, of a range its subtype; 0 otherwise
 * @param outputFunction schema-qualified and quoted, from the type (of a domain: from its base) to {@code cstring}
 * @param hasBinary whether it can be sent and received in binary
 * @param builtin whether it came with the server and has the same OID on each
 * @param arrayOid the type of arrays of it; 0 when there is none
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
        int arrayOid) {

    public PgType {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(catalogName, "catalogName");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(outputFunction, "outputFunction");
    }

    /** The OID of {@link #base}; 0 when it is not a domain. */
    public int baseOid() {
        return base.map(PgType::oid).orElse(0);
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
