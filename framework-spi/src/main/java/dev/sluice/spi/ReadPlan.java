package dev.sluice.spi;

import java.util.List;

/**
 * What a reader offers.
 *
 * @param tables one schema for each table or query, in the order of the job file. An empty list of columns stands for
 *     "whatever the writer has" and is not allowed to readers today
 * @param unbounded whether reading goes on until it is stopped, as a change stream does
 */
public record ReadPlan(List<Schema> tables, boolean unbounded) {

    public ReadPlan {
        tables = List.copyOf(tables);
    }
}
