package dev.transvase.postgresql.reader;

import static dev.transvase.postgresql.error.PostgresErrors.TABLE_NOT_FOUND;
import static dev.transvase.spi.error.CommonErrors.CONFLICTING_PARAMETERS;
import static dev.transvase.spi.error.CommonErrors.DUPLICATE_TABLE;

import dev.transvase.postgresql.catalog.Inheritance;
import dev.transvase.postgresql.catalog.Inheritance.Member;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.catalog.TableListing;
import dev.transvase.postgresql.catalog.TableListing.Listed;
import dev.transvase.postgresql.catalog.TablePattern;
import dev.transvase.postgresql.reader.PostgresReaderParameters.Inherited;
import dev.transvase.postgresql.split.TreePart;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the tables that the job file's {@code table} and {@code excludeTable} mean, each once and in the job file's order;
 * those of a pattern are sorted by name in its place.
 *
 * <p>A pattern means tables and partitioned tables as a whole: no views and foreign tables, nothing of the system's or of an
 * extension. What else it matches is reported as left out.
 */
final class TableChoice {

    /** The kinds of relations whose rows are stored on this server. */
    private static final String STORED = "rpm";

    private final ServerCheck server;
    private final Checks checks;
    private final List<Entry> entries;
    private final List<Entry> excluded;
    private final Inherited inherited;
    private final List<LeftOut> leftOut = new ArrayList<>();

    /** What the job file says at one place; the pattern is a name when it has no wildcard. */
    private record Entry(String path, TablePattern pattern) {}

    /**
     * A table to be read.
     *
     * @param path where the job file means it
     * @param byPattern whether that is a pattern
     * @param part what of it and of the tables below it is read
     * @param taken the tables below it whose rows are read with it
     */
    record Chosen(TableDescription table, String path, boolean byPattern, TreePart part, List<Member> taken) {

        Chosen {
            taken = List.copyOf(taken);
        }

        /** The table with all that is below it. */
        Chosen(TableDescription table, String path, boolean byPattern) {
            this(table, path, byPattern, TreePart.WHOLE, List.of());
        }

        Chosen with(TreePart share, List<Member> members) {
            return new Chosen(table, path, byPattern, share, members);
        }

        /** The table, or one whose rows are read with it, that is on another server. */
        Optional<TableName> foreign() {
            return table.relkind() == 'f'
                    ? Optional.of(table.table())
                    : taken.stream()
                            .filter(member -> member.relkind() == 'f')
                            .map(Member::table)
                            .findFirst();
        }

        /** Whether all its rows are stored in tables of this server, so that each has the same values whenever it is read. */
        boolean stored() {
            return STORED.indexOf(table.relkind()) >= 0
                    && taken.stream().allMatch(member -> STORED.indexOf(member.relkind()) >= 0);
        }
    }

    /** A table of the listing that a pattern means. */
    private record Matched(Listed listed, String path) {}

    TableChoice(ServerCheck server, PostgresReaderParameters parameters) {
        this.server = server;
        this.checks = server.checks();
        this.entries = entries("table", parameters.table());
        this.excluded = entries("excludeTable", parameters.excludeTable());
        this.inherited = parameters.inherited();
    }

    private List<Entry> entries(String parameter, List<String> texts) {
        List<Entry> parsed = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String path = texts.size() == 1 ? parameter : parameter + '[' + i + ']';
            try {
                parsed.add(new Entry(path, TablePattern.parse(texts.get(i))));
            } catch (TransvaseException e) {
                checks.error(path, e.errorCode(), e.getMessage(), "correct the name");
            }
        }
        return parsed;
    }

    /** The tables; what is wrong with the others has been reported. */
    List<Chosen> choose() {
        boolean patterns = entries.stream().anyMatch(e -> !e.pattern().isName());
        TableListing listing = patterns ? TableListing.of(server.session()) : new TableListing(List.of());
        if (!patterns) {
            excluded.forEach(e -> checks.warning(e.path(), "no effect: table has no pattern to exclude anything from"));
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
        Map<Integer, Matched> matched = match(listing, namedOids);
        Map<TableName, TableDescription> described = TableDescription.find(
                server.session(),
                matched.values().stream().map(m -> m.listed().table()).toList());
        List<Chosen> chosen = shared(inOrder(named, matched, described));
        leaveOut(listing, chosen);
        return chosen;
    }

    private List<Chosen> shared(List<Chosen> chosen) {
        List<Integer> roots = chosen.stream()
                .map(Chosen::table)
                .filter(TableDescription::hasChildren)
                .map(TableDescription::oid)
                .toList();
        TreeShares shares = new TreeShares(Inheritance.below(server.session(), roots), inherited, checks);
        List<Chosen> shared = shares.share(chosen);
        leftOut.addAll(shares.leftOut());
        return shared;
    }

    /** What the job does not read although somebody may think that it does; complete once {@link #choose} is done. */
    List<LeftOut> leftOut() {
        return leftOut;
    }

    private void leaveOut(TableListing listing, List<Chosen> chosen) {
        Set<Integer> read = new HashSet<>();
        for (Chosen one : chosen) {
            read.add(one.table().oid());
            one.taken().forEach(member -> read.add(member.oid()));
        }
        Set<String> reported = leftOut.stream().map(LeftOut::table).collect(Collectors.toSet());
        for (Listed table : listing.tables()) {
            boolean meant = entries.stream().anyMatch(e -> !e.pattern().isName() && means(e.pattern(), table));
            if (meant
                    && !read.contains(table.oid())
                    && reported.add(table.table().toString())) {
                leftOut.add(new LeftOut(
                        table.table().toString(),
                        table.whyNotMeant().orElse("excludeTable excludes it from the pattern")));
            }
        }
        leaveOutHidden(listing, reported);
    }

    /** A pattern without a schema means what the search path shows: of two tables of one name the first. */
    private void leaveOutHidden(TableListing listing, Set<String> reported) {
        List<TablePattern> patterns = entries.stream()
                .map(Entry::pattern)
                .filter(p -> !p.isName() && !p.hasSchema())
                .toList();
        if (patterns.isEmpty()) {
            return;
        }
        Map<String, TableName> shown = new HashMap<>();
        listing.tables().stream()
                .filter(Listed::visible)
                .forEach(t -> shown.put(t.table().name(), t.table()));
        List<String> path = server.searchPath();
        for (Listed table : listing.tables()) {
            TableName name = table.table();
            boolean hidden = table.isWholeTable()
                    && !table.visible()
                    && path.contains(name.namespace())
                    && shown.containsKey(name.name());
            if (hidden && patterns.stream().anyMatch(p -> p.matches(name)) && reported.add(name.toString())) {
                leftOut.add(new LeftOut(
                        name.toString(),
                        "on the search path " + shown.get(name.name())
                                + " comes before it; give its schema to read it"));
            }
        }
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
                                DUPLICATE_TABLE,
                                table.table() + " is already named by " + before + ": its rows would be read twice",
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
                        CONFLICTING_PARAMETERS,
                        table.table() + " is named both here and by " + entry.path(),
                        "keep one of the two");
            }
        }
        return Optional.of(table);
    }

    private void reportMissing(Entry entry) {
        try {
            TableDescription.describe(server.session(), entry.pattern().name());
        } catch (TransvaseException e) {
            if (!e.is(TABLE_NOT_FOUND)) {
                throw e;
            }
            checks.error(
                    entry.path(),
                    e.errorCode(),
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
                new NoMatch(checks, listing).report(entry.path(), entry.pattern(), meant);
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
                    .forEach(e ->
                            checks.warning(e.path(), "excludes nothing: no table of a pattern matches " + e.pattern()));
        }
        return matched;
    }

    static boolean means(TablePattern pattern, Listed table) {
        return pattern.matches(table.table()) && (pattern.hasSchema() || table.visible());
    }
}
