package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.PgType;
import java.util.List;

/** Tells what types are, by OID. Blocks on the server. */
@FunctionalInterface
interface TypeLookup {

    /**
     * A column's type.
     *
     * @param type as the catalog has it
     * @param declared how a statement would declare it, modifier included
     */
    record Found(PgType type, String declared) {}

    /** The types of these columns, one for each. */
    List<Found> types(List<Shape.Attribute> columns);
}
