package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.cdc.ColumnMatch.Candidate;
import dev.sluice.postgresql.cdc.ColumnMatch.Presence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The numbers of a table's columns at a position of the stream. A column keeps its number when it gets another name, and a
 * column that is made anew under a name gets a new one.
 *
 * @param last no column had a higher number; 0 when nothing is known
 * @param byName the number of each column that the stream has, or had when the table was looked at last
 * @param hidden those that the stream need not have, because the server computes them: until {@code DROP EXPRESSION}
 */
record ColumnNumbers(int last, Map<String, Integer> byName, Set<Integer> hidden) {

    /** Nothing is known: for what was stored before numbers were. */
    static final ColumnNumbers UNKNOWN = new ColumnNumbers(0, Map.of(), Set.of());

    ColumnNumbers {
        byName = Map.copyOf(byName);
        hidden = Set.copyOf(hidden);
    }

    /** Of a table as the catalog has it. */
    static ColumnNumbers of(CatalogColumns columns) {
        Map<String, Integer> byName = new HashMap<>();
        columns.live().forEach((number, name) -> byName.put(name, number));
        return new ColumnNumbers(columns.last(), byName, columns.generated());
    }

    /**
     * The numbers at a later position. The stream tells the columns in the order of their numbers, but not these; the catalog has
     * them, and is of a later time still. So the columns are those of which that many can have been there.
     *
     * @param names the columns as the stream tells them
     * @param now the catalog after that position
     * @return empty when that leaves more than one answer, also with a look at the names
     */
    Optional<ColumnNumbers> at(List<String> names, CatalogColumns now) {
        if (now.last() == 0) {
            return Optional.of(this); // the table is gone, and nothing can be asked any more
        }
        if (last == 0) {
            return Optional.of(sameNames(names, now));
        }
        return new ColumnMatch(candidates(names, now), names).find().map(numbers -> numbered(names, numbers, now));
    }

    private List<Candidate> candidates(List<String> names, CatalogColumns now) {
        SortedMap<Integer, String> known = new TreeMap<>();
        byName.forEach((name, number) -> known.put(number, name));
        List<Candidate> candidates = new ArrayList<>();
        known.forEach((number, name) -> {
            String later = now.live().get(number);
            if (later == null) {
                candidates.add(new Candidate(number, Presence.PERHAPS, List.of(name)));
            } else if (sent(number, names, now)) {
                boolean certain = !hidden.contains(number) || now.generated().contains(number);
                candidates.add(
                        new Candidate(number, certain ? Presence.CERTAIN : Presence.PERHAPS, List.of(name, later)));
            }
        });
        for (int number = last + 1; number <= now.last(); number++) {
            String later = now.live().get(number);
            if (later == null) {
                candidates.add(new Candidate(number, Presence.PERHAPS, List.of()));
            } else if (sent(number, names, now)) {
                candidates.add(new Candidate(number, Presence.PERHAPS, List.of(later)));
            }
        }
        return candidates;
    }

    /** A column that is generated may be left out of the stream. */
    private static boolean sent(int number, List<String> names, CatalogColumns now) {
        return !now.generated().contains(number) || names.contains(now.live().get(number));
    }

    private ColumnNumbers numbered(List<String> names, List<Integer> numbers, CatalogColumns now) {
        int highest = Math.max(last, numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1));
        Map<String, Integer> found = new HashMap<>();
        Set<Integer> unsent = new HashSet<>();
        // What the stream may have one day: columns that are computed, or were then.
        now.live().forEach((number, name) -> {
            if (number > last && number <= highest && !numbers.contains(number)) {
                found.put(name, number);
                unsent.add(number);
            }
        });
        byName.forEach((name, number) -> {
            if (now.live().containsKey(number) && !numbers.contains(number)) {
                found.put(name, number);
                unsent.add(number);
            }
        });
        for (int i = 0; i < names.size(); i++) {
            unsent.remove(found.put(names.get(i), numbers.get(i)));
        }
        return new ColumnNumbers(highest, found, unsent);
    }

    /** Where nothing was known: the catalog's, when it has just these names. */
    private static ColumnNumbers sameNames(List<String> names, CatalogColumns now) {
        ColumnNumbers all = of(now);
        Set<Integer> unsent = new HashSet<>();
        Set<String> sent = new HashSet<>();
        now.live().forEach((number, name) -> {
            if (sent(number, names, now)) {
                sent.add(name);
            } else {
                unsent.add(number);
            }
        });
        return sent.equals(Set.copyOf(names)) ? new ColumnNumbers(all.last(), all.byName(), unsent) : UNKNOWN;
    }
}
