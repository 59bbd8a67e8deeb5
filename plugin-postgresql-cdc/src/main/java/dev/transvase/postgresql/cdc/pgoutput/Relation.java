package dev.transvase.postgresql.cdc.pgoutput;

import dev.transvase.spi.table.TableName;
import java.util.List;

/**
 * A table as the stream describes it before the first change of it: as it was when the changes that follow were made.
 *
 * @param oid the table's at the source
 * @param table its name
 * @param identity {@code d} default, {@code n} nothing, {@code f} full, {@code i} index
 * @param columns those that are published
 */
public record Relation(int oid, TableName table, char identity, List<Attribute> columns) {

    public Relation {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param name as the catalog has it
     * @param inIdentity whether it is part of the replica identity
     * @param typeOid its type, which may be a domain
     * @param typmod its type's modifier; -1 when there is none
     */
    public record Attribute(String name, boolean inIdentity, int typeOid, int typmod) {}
}
