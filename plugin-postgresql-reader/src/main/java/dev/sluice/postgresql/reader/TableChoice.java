package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.TableDescription;
import dev.sluice.postgresql.TableListing;
import dev.sluice.postgresql.TableListing.Listed;
import dev.sluice.postgresql.TablePattern;
import dev.sluice.spi.Checks;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the tables that the job file's {@code table} and {@code excludeTable} mean, each once and in the job file's order;
 * those of a pattern are sorted by name in its place.
 *
 * <p>A pattern means tables and partitioned tables as a whole: no views and foreign tables, nothing of the system's or of an
 * extension, and no table whose rows are read with those of another one that it belongs to.
 */
final class TableChoice {

    /** So many names are told of what there is. */
    private static final int NAMES_TOLD = 10;

    private final ServerCheck server;
    private final Checks checks;
    private final List<Entry> entries;
    private final List<Entry> excluded;

    /** What the job file says at one place; the pattern is a name when it has no wildcard. */
    private record Entry(String path, TablePattern pattern) {}

    /**
     * A table to be read.
     *
     * @param path where the job file means it
     * @param byPattern whether that is a pattern
     */
    record Chosen(TableDescription table, String path, boolean byPattern) {}

    /** A table of the listing that a pattern means. */
    private record Matched(Listed listed, String path) {}

    TableChoice(ServerCheck server, PostgresReaderParameters parameters) {
        this.server = server;
        this.checks = server.checks();
        this.entries = entries("table", parameters.table());
        this.excluded = entries("excludeTable", parameters.excludeTable());
    }

    private List<Entry> entries(String parameter, List<String> texts) {
        List<Entry> parsed = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String path = texts.size() == 1 ? parameter : parameter + '[' + i + ']';
            try {
                parsed.add(new Entry(path, TablePattern.parse(texts.get(i))));
            } catch (SluiceException e) {
                checks.error(path, e.code(), e.getMessage(), "correct the name");
            }
        }
        return parsed;
    }

    /** The tables; what is wrong with the others has been reported. */
    List<Chosen> choose() {
        boolean patterns = entries.stream().anyMatch(e -> !e.pattern().isName());
        TableListing listing = patterns ? TableListing.of(server.session()) : new TableListing(List.of());
        if (!patterns) {
            excluded.forEach(e -> checks.warning(e.path(), "no effect: table has no pattern to leave anything out of"));
        }
        Map<TableName, TableDescription> named = TableDescription.find(
                server.session(),
                entries.stream()
                        .map(Entry::pattern)
                        .filter(TablePattern::isName)
                        .map(TablePattern::name)
                        .collect(Collectors.toSet()));
        Set<Integer> namedOids =
                named.values().stream().map(TableDescription::oid).collect(Collectors.toSet());
        Map<Integer, Matched> matched = withoutInherited(match(listing, namedOids), namedOids, listing);
        Map<TableName, TableDescription> described = TableDescription.find(
                server.session(),
                matched.values().stream().map(m -> m.listed().table()).toList());
        return inOrder(named, matched, described);
    }

    private List<Chosen> inOrder(
            Map<TableName, TableDescription> named,
            Map<Integer, Matched> matched,
            Map<TableName, TableDescription> described) {
        List<Chosen> chosen = new ArrayList<>();
        Map<Integer, String> places = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.pattern().isName()) {
                named(entry, named).ifPresent(table -> {
                    String before = places.putIfAbsent(table.oid(), entry.path());
                    if (before == null) {
                        chosen.add(new Chosen(table, entry.path(), false));
                    } else {
                        checks.error(
                                entry.path(),
                                "DUPLICATE_TABLE",
                                table.table() + " is named by " + before + " already: its rows would be read twice",
                                "remove one of the two");
                    }
                });
            } else {
                for (Matched match : matched.values()) {
                    TableDescription table = described.get(match.listed().table());
                    // One that was dropped since it was listed is none that the pattern means.
                    if (match.path().equals(entry.path()) && table != null) {
                        chosen.add(new Chosen(table, entry.path(), true));
                    }
                }
            }
        }
        return chosen;
    }

    private Optional<TableDescription> named(Entry entry, Map<TableName, TableDescription> named) {
        TableDescription table = named.get(entry.pattern().name());
        if (table == null) {
            reportMissing(entry);
            return Optional.empty();
        }
        for (Entry out : excluded) {
            if (out.pattern().isName() && out.pattern().matches(table.table())) {
                checks.error(
                        out.path(),
                        "CONFLICTING_PARAMETERS",
                        table.table() + " is named both here and by " + entry.path(),
                        "keep one of the two");
            }
        }
        return Optional.of(table);
    }

    private void reportMissing(Entry entry) {
        try {
            TableDescription.describe(server.session(), entry.pattern().name());
        } catch (SluiceException e) {
            if (!e.code().equals("TABLE_NOT_FOUND")) {
                throw e;
            }
            checks.error(
                    entry.path(),
                    e.code(),
                    e.getMessage(),
                    "correct the name; capitals need double quotes, and a schema that is not on the search path must be"
                            + " named");
        }
    }

    /** What the patterns mean that is neither named nor excluded, by OID, each with the first pattern that means it. */
    private Map<Integer, Matched> match(TableListing listing, Set<Integer> named) {
        Map<Integer, Matched> matched = new LinkedHashMap<>();
        Set<Entry> effective = new HashSet<>();
        for (Entry entry : entries) {
            if (entry.pattern().isName()) {
                continue;
            }
            List<Listed> meant = listing.tables().stream()
                    .filter(t -> means(entry.pattern(), t) && t.isWholeTable())
                    .toList();
            List<Listed> kept = new ArrayList<>();
            for (Listed table : meant) {
                List<Entry> out = excluded.stream()
                        .filter(e -> e.pattern().matches(table.table()))
                        .toList();
                effective.addAll(out);
                if (out.isEmpty()) {
                    kept.add(table);
                }
            }
            if (kept.isEmpty()) {
                reportNothing(entry, meant, listing);
            }
            for (Listed table : kept) {
                if (!named.contains(table.oid())) {
                    matched.putIfAbsent(table.oid(), new Matched(table, entry.path()));
                }
            }
        }
        if (entries.stream().anyMatch(e -> !e.pattern().isName())) {
            excluded.stream()
                    .filter(e -> !effective.contains(e))
                    .forEach(e -> checks.warning(
                            e.path(), "leaves nothing out: no table that a pattern means matches " + e.pattern()));
        }
        return matched;
    }

    private static boolean means(TablePattern pattern, Listed table) {
        return pattern.matches(table.table()) && (pattern.hasSchema() || table.visible());
    }

    /** Leaves out tables whose parent is read: reading that gives their rows too. */
    private Map<Integer, Matched> withoutInherited(
            Map<Integer, Matched> matched, Set<Integer> named, TableListing listing) {
        Map<Integer, TableName> names = listing.tables().stream().collect(Collectors.toMap(Listed::oid, Listed::table));
        Map<Integer, Matched> kept = new LinkedHashMap<>();
        matched.forEach((oid, match) -> {
            Optional<Integer> parent = match.listed().ancestors().stream()
                    .filter(a -> matched.containsKey(a) || named.contains(a))
                    .min(Integer::compare);
            if (parent.isEmpty()) {
                kept.put(oid, match);
            } else {
                checks.warning(
                        match.path(),
                        match.listed().table() + " inherits from " + names.get(parent.get())
                                + ", its rows are read with those of that table and in its columns; name it in table as"
                                + " well to read it once more on its own");
            }
        });
        return kept;
    }

    private void reportNothing(Entry entry, List<Listed> meant, TableListing listing) {
        String pattern = entry.pattern().toString();
        if (!meant.isEmpty()) {
            checks.error(
                    entry.path(),
                    "NO_TABLE_MATCHES",
                    "excludeTable leaves out all that match " + pattern + ": " + told(meant.stream()),
                    "correct table or excludeTable");
            return;
        }
        List<Listed> others =
                listing.tables().stream().filter(t -> means(entry.pattern(), t)).toList();
        if (!others.isEmpty()) {
            checks.error(
                    entry.path(),
                    "NO_TABLE_MATCHES",
                    "no table matches " + pattern + ", only views, foreign tables, partitions or tables of extensions: "
                            + told(others.stream()),
                    "name those that are to be read one by one");
            return;
        }
        checks.error(
                entry.path(),
                "NO_TABLE_MATCHES",
                "no table matches " + pattern + "; there " + whatThereIs(entry.pattern(), listing),
                "correct the pattern; capitals need double quotes, a wildcard none"
                        + (entry.pattern().hasSchema() ? "" : ", and a schema that is not on the search path a name"));
    }

    private static String whatThereIs(TablePattern pattern, TableListing listing) {
        List<Listed> near = listing.tables().stream()
                .filter(Listed::isWholeTable)
                .filter(t -> pattern.hasSchema()
                        ? t.table().namespace().equals(pattern.schemaName().orElse(""))
                        : t.visible())
                .toList();
        if (!near.isEmpty()) {
            return "is " + told(near.stream());
        }
        Map<String, Long> schemas = listing.tables().stream()
                .filter(Listed::isWholeTable)
                .collect(Collectors.groupingBy(t -> t.table().namespace(), TreeMap::new, Collectors.counting()));
        return schemas.isEmpty()
                ? "is no table in the database"
                : "are tables in "
                        + schemas.entrySet().stream()
                                .limit(NAMES_TOLD)
                                .map(e -> "schema " + new TableName("", e.getKey()) + " (" + e.getValue() + ")")
                                .collect(Collectors.joining(", "));
    }

    private static String told(Stream<Listed> tables) {
        List<String> names = tables.map(t -> t.table().toString()).toList();
        return names.stream().limit(NAMES_TOLD).collect(Collectors.joining(", "))
                + (names.size() > NAMES_TOLD ? " and " + (names.size() - NAMES_TOLD) + " more" : "");
    }
}
