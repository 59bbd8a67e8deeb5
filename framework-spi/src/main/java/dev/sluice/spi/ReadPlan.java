package dev.sluice.spi;

import java.util.List;

/**
 * What a reader offers.
 *
 * @param tables one schema for each table or query, in the order of the job file. An empty list of columns stands for
 *     "whatever the writer has" and is not allowed to readers today
 * @param unbounded whether reading goes on until it is stopped, as a change stream does
 * @param changes whether records may be of other kinds than {@link RecordKind#INSERT}, and come in transactions, in the
 *     midst of which the position is {@link Position#MIDST}
 */
public record ReadPlan(List<Schema> tables, boolean unbounded, boolean changes) {

    public ReadPlan {
        tables = List.copyOf(tables);
    }

    /** A plan of plain rows. */
    public ReadPlan(List<Schema> tables, boolean unbounded) {
        this(tables, unbounded, false);
    }
}
