package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.copy.ReadTask;
import dev.sluice.postgresql.reader.TableChoice.Chosen;
import dev.sluice.spi.Schema;
import java.util.Optional;

/**
 * A table or query that the plan found to be readable.
 *
 * @param schema as offered
 * @param task reads all of it
 * @param chosen the table and what of it is read; empty for a query
 */
record Source(Schema schema, ReadTask task, Optional<Chosen> chosen) {}
