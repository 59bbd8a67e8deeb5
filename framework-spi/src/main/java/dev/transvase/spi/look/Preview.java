package dev.transvase.spi.look;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The first records of what a reader would read.
 *
 * @param table where they come from
 * @param columns their names and types
 * @param records the text form of each value; empty for NULL
 * @param complete whether there are no more
 */
public record Preview(String table, List<Column> columns, List<List<Optional<String>>> records, boolean complete) {

    public Preview {
        Objects.requireNonNull(table, "table");
        columns = List.copyOf(columns);
        records = records.stream().map(List::copyOf).toList();
    }

    /** A column by its name and the type that its source declares. */
    public record Column(String name, String type) {

        public Column {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(type, "type");
        }
    }

    /**
     * What is asked for.
     *
     * @param table which of the reader's tables, by its name as the plan tells it; empty for the first
     * @param records how many at most
     * @param longest how many characters of a value at most
     * @param limit how long the source may take
     */
    public record Request(Optional<String> table, int records, int longest, Duration limit) {

        public Request {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(limit, "limit");
        }
    }
}
