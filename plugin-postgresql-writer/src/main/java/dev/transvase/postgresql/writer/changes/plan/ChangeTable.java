package dev.transvase.postgresql.writer.changes.plan;

import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.conversion.TargetServer;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import java.util.Optional;
import java.util.Set;

/**
 * A table that changes are applied to.
 *
 * @param index its index in the plan
 * @param table as it is now; its columns may become more
 * @param rowOid its row type
 * @param arrayOid the type of arrays of it
 * @param key by what a row is found; empty: by all that is known of it
 * @param chosen the names of the reader's columns that are written; empty when all are
 * @param referenced whether foreign keys refer to it
 * @param mode how inserts are sent when there are many
 * @param server what conversions depend on
 */
public record ChangeTable(
        int index,
        TableDescription table,
        int rowOid,
        int arrayOid,
        Optional<ChangeKey> key,
        Set<String> chosen,
        boolean referenced,
        WriteMode mode,
        TargetServer server) {

    public ChangeTable {
        chosen = Set.copyOf(chosen);
    }

    public ChangeTable with(TableDescription altered) {
        return new ChangeTable(index, altered, rowOid, arrayOid, key, chosen, referenced, mode, server);
    }

    /** Whether a column of the reader is to be written. */
    boolean takes(String column) {
        return chosen.isEmpty() || chosen.contains(column);
    }

    /**
     * Whether any of its columns can be sent in a row in binary while the others are NULL there: a domain may forbid that.
     */
    boolean takesPartsOfRows() {
        return arrayOid != 0
                && table.columns().stream()
                        .allMatch(c -> c.type().hasBinary() && c.type().typtype() != 'd');
    }

    /** Quoted. */
    public String sqlName() {
        return SqlNames.quote(table.table());
    }
}
