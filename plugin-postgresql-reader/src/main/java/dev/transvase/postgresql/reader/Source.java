package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.reader.TableChoice.Chosen;
import dev.transvase.postgresql.split.ReadTask;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.table.Schema;
import java.util.Optional;

/**
 * A table or query that the plan found to be readable.
 *
 * @param schema as offered
 * @param task reads all of it
 * @param chosen the table and what of it is read; empty for a query
 * @param whole whether a column is computed over several rows, so that reading a part of them would give another value
 */
record Source(Schema schema, ReadTask task, Optional<Chosen> chosen, boolean whole) {

    /** Where the job file names it, for example {@code table[1]} or {@code querySql}. */
    String path() {
        return chosen.map(Chosen::path).orElse(task.label());
    }

    /** Whether reading it may call functions of the user's: all but naming columns of a table does. */
    boolean runsCode() {
        return whole
                || chosen.isEmpty()
                || !task.conditions().isEmpty()
                || (chosen.get().table().relkind() != 'r'
                        && chosen.get().table().relkind() != 'p')
                || task.items().stream()
                        .anyMatch(item -> SqlNames.quotedName(item.expression()).isEmpty());
    }
}
