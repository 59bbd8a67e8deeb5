package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.TableDescription;
import dev.sluice.postgresql.copy.ReadTask;
import dev.sluice.spi.Schema;
import java.util.Optional;

/**
 * A table or query that the plan found to be readable.
 *
 * @param schema as offered
 * @param task reads all of it
 * @param table empty for a query
 * @param path where the job file names it, for example {@code table[1]}
 * @param byPattern whether the job file means it by a pattern
 */
record Source(Schema schema, ReadTask task, Optional<TableDescription> table, String path, boolean byPattern) {}
