package dev.transvase.spi.error;

import java.util.Objects;

/**
 * Something that a reader does not read although a user may expect it to, such as a table that a pattern matches but does
 * not mean.
 *
 * @param table its name, for people; of data that a column only points to, the name of the column with its table
 * @param why the reason, in the same words for all that are left out for the same reason
 */
public record LeftOut(String table, String why) {

    public LeftOut {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(why, "why");
    }
}
