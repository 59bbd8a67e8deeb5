package dev.transvase.postgresql.cdc.table;

import dev.transvase.postgresql.catalog.PgType;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Tells what the stream does not tell of columns. Blocks on the server. */
@FunctionalInterface
public interface TypeLookup {

    /**
     * A column's type, and what it began with.
     *
     * @param type as the catalog has it
     * @param declared how a statement would declare it, modifier included
     * @param initial the text form of the value that the table's rows had in it when it was added, where the server still
     *     knows that; empty when NULL
     * @param hasDefault whether it has a default by now
     */
    record Found(PgType type, String declared, Optional<String> initial, boolean hasDefault) {}

    /**
     * What there is to know of these columns of a relation, one for each.
     *
     * @throws SQLException when the server did not tell
     */
    List<Found> types(int relation, List<Shape.Attribute> columns) throws SQLException;

    /**
     * The columns of a relation after a transaction whose changes of it are in the stream. Waits until others see what that
     * transaction has done.
     *
     * @param xid the transaction
     * @param goOn is asked now and then meanwhile whether to go on waiting
     * @return empty when the waiting was not to go on
     * @throws SQLException when the server did not tell
     */
    default Optional<CatalogColumns> columns(int relation, int xid, BooleanSupplier goOn) throws SQLException {
        return Optional.of(CatalogColumns.NONE);
    }
}
