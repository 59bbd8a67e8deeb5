package dev.transvase.postgresql.cdc.source;

import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.spi.table.TableName;

/**
 * Which tables a stream that has begun has taken in, with the rows that they had.
 *
 * @param stored what the target has with the position
 * @param publication as it is now, which counts where the target does not tell
 */
public record KnownTables(StoredContext stored, Publication publication) {

    private boolean tells() {
        return !stored.shapes().isEmpty();
    }

    /** Whether the stream has it. */
    public boolean has(TableDescription table) {
        if (!tells()) {
            return published(table.table());
        }
        Shape shape = stored.shapes().get(table.table());
        return stored.shapes().values().stream().anyMatch(s -> s.oid() != 0 && s.oid() == table.oid())
                || (shape != null && shape.oid() == 0);
    }

    /** Whether the stream has another table that had its name. */
    public boolean hasNamesake(TableName table) {
        return stored.shapes().containsKey(table);
    }

    public boolean published(TableName table) {
        return publication.allTables() || publication.tables().contains(table);
    }

    /** Whether an earlier run has begun to copy it. */
    public boolean begun(TableDescription table) {
        return Lsn.NONE.equals(stored.copies().get(table.oid()));
    }

    /** Whether tables can join: the target tells of those that have. */
    public boolean mayGrow() {
        return tells();
    }
}
