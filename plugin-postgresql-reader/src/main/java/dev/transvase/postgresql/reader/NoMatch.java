package dev.transvase.postgresql.reader;

import static dev.transvase.postgresql.error.PostgresErrors.NO_TABLE_MATCHES;

import dev.transvase.postgresql.catalog.TableListing;
import dev.transvase.postgresql.catalog.TableListing.Listed;
import dev.transvase.postgresql.catalog.TablePattern;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells of a pattern that means no table, and what there is in place of it. */
final class NoMatch {

    /** The number of names that are listed. */
    private static final int NAMES_SHOWN = 10;

    private final Checks checks;
    private final TableListing listing;

    NoMatch(Checks checks, TableListing listing) {
        this.checks = checks;
        this.listing = listing;
    }

    /** @param meant what the pattern matches, which excludeTable excludes altogether */
    void report(String path, TablePattern pattern, List<Listed> meant) {
        if (!meant.isEmpty()) {
            checks.error(
                    path,
                    NO_TABLE_MATCHES,
                    "excludeTable excludes all tables that match " + pattern + ": " + reported(meant.stream()),
                    "correct table or excludeTable");
            return;
        }
        List<Listed> others = listing.tables().stream()
                .filter(t -> TableChoice.means(pattern, t))
                .toList();
        if (!others.isEmpty()) {
            checks.error(
                    path,
                    NO_TABLE_MATCHES,
                    "no table matches " + pattern + ", only views, foreign tables, partitions, sequences or tables of"
                            + " extensions: "
                            + reported(others.stream()),
                    "name those that are to be read one by one");
            return;
        }
        checks.error(
                path,
                NO_TABLE_MATCHES,
                "no table matches " + pattern + "; there " + whatThereIs(pattern),
                "correct the pattern; capitals need double quotes, wildcards must not be quoted"
                        + (pattern.hasSchema() ? "" : ", and a schema that is not on the search path a name"));
    }

    private String whatThereIs(TablePattern pattern) {
        List<Listed> near = listing.tables().stream()
                .filter(Listed::isWholeTable)
                .filter(t -> pattern.hasSchema()
                        ? t.table().namespace().equals(pattern.schemaName().orElse(""))
                        : t.visible())
                .toList();
        if (!near.isEmpty()) {
            return "is " + reported(near.stream());
        }
        Map<String, Long> schemas = listing.tables().stream()
                .filter(Listed::isWholeTable)
                .collect(Collectors.groupingBy(t -> t.table().namespace(), TreeMap::new, Collectors.counting()));
        return schemas.isEmpty()
                ? "is no table in the database"
                : "are tables in "
                        + schemas.entrySet().stream()
                                .limit(NAMES_SHOWN)
                                .map(e -> "schema " + new TableName("", e.getKey()) + " (" + e.getValue() + ")")
                                .collect(Collectors.joining(", "));
    }

    private static String reported(Stream<Listed> tables) {
        List<String> names = tables.map(t -> t.table().toString()).toList();
        return names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "))
                + (names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more" : "");
    }
}
