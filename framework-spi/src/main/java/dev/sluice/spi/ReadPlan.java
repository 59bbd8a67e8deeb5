package dev.sluice.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a reader offers.
 *
 * @param tables one schema for each table or query, in the order of the job file. An empty list of columns stands for
 *     "whatever the writer has" and is not allowed to readers today
 * @param unbounded whether reading goes on until it is stopped, as a change stream does
 * @param changes the stream of changes among its splits; empty when all records are rows
 */
public record ReadPlan(List<Schema> tables, boolean unbounded, Optional<ChangeStream> changes) {

    public ReadPlan {
        tables = List.copyOf(tables);
        Objects.requireNonNull(changes, "changes");
    }

    /** A plan of plain rows. */
    public ReadPlan(List<Schema> tables, boolean unbounded) {
        this(tables, unbounded, Optional.empty());
    }
}
