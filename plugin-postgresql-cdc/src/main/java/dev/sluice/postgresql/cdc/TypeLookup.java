package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.PgType;
import java.sql.SQLException;
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

    /**
     * The types of these columns, one for each.
     *
     * @throws UnansweredException when the server did not tell
     */
    List<Found> types(List<Shape.Attribute> columns);

    /** The catalog could not be asked, which comes out in the midst of decoding. */
    final class UnansweredException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final SQLException reason;

        UnansweredException(SQLException reason) {
            super(reason);
            this.reason = reason;
        }

        SQLException reason() {
            return reason;
        }
    }
}
