package dev.transvase.spi.error;

import java.util.List;
import java.util.Objects;

/**
 * Statements that mend a {@link Finding}. The runtime runs none of them: {@code transvase check} writes them to a file.
 *
 * @param place where they are to be run
 * @param statements one after the other, each without a semicolon at its end; they run as they stand, whatever the search path
 * @param kind what they do
 */
public record Fix(Place place, List<String> statements, Kind kind) {

    /** What statements do. */
    public enum Kind {
        /** They change what is there: settings, privileges, tables. */
        MEND,
        /** They make tables that are missing. */
        CREATE
    }

    /**
     * A database.
     *
     * @param name for people, for example {@code database shop at db1:5432}
     * @param condition an SQL expression that is true in this database only, as well as the user may know
     */
    public record Place(String name, String condition) {

        public Place {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(condition, "condition");
        }
    }

    public Fix {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(kind, "kind");
        statements = List.copyOf(statements);
        if (statements.isEmpty()) {
            throw new IllegalArgumentException("expected at least one statement of a fix");
        }
    }

    /** Statements that change what is there. */
    public static Fix mend(Place place, String... statements) {
        return new Fix(place, List.of(statements), Kind.MEND);
    }

    /** Statements that make a table. */
    public static Fix create(Place place, List<String> statements) {
        return new Fix(place, statements, Kind.CREATE);
    }
}
