package dev.transvase.ui.plan;

import java.util.List;

/**
 * What a job is going to do.
 *
 * @param channels how many tables or pieces are read at the same time
 * @param splits how many pieces there are
 * @param unbounded whether it goes on until it is stopped
 * @param tables each with where it goes
 * @param leftOut what is not read although it may be expected
 * @param notes what is worth seeing beside that
 */
public record Planned(
        int channels, int splits, boolean unbounded, List<Table> tables, List<LeftOut> leftOut, List<String> notes) {

    /**
     * A table.
     *
     * @param writes how it is written, for example the statement
     */
    public record Table(String source, String target, String writes, int splits, List<Column> columns) {}

    /**
     * A column and where its values go.
     *
     * @param type as the source declares it
     * @param into the column of the target and its type; empty when the writer has no columns of its own
     * @param travelsAs in what form, for example {@code INT64} or {@code postgresql binary}
     * @param named whether it is a column of the source; otherwise an expression or a constant
     */
    public record Column(String name, String type, boolean nullable, String into, String travelsAs, boolean named) {}

    /** A table that is not read, and why. */
    public record LeftOut(String table, String why) {}
}
