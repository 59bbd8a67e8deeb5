package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.cdc.ColumnMatch.Candidate;
import dev.sluice.postgresql.cdc.ColumnMatch.Presence;
import java.util.ArrayList;
import java.util.HashMap;
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
 */
record ColumnNumbers(int last, Map<String, Integer> byName) {

    /** Nothing is known: for what was stored before numbers were. */
    static final ColumnNumbers UNKNOWN = new ColumnNumbers(0, Map.of());

    ColumnNumbers {
        byName = Map.copyOf(byName);
    }

    /** Of a table as the catalog has it. */
    static ColumnNumbers of(CatalogColumns columns) {
        Map<String, Integer> byName = new HashMap<>();
        columns.live().forEach((number, name) -> byName.put(name, number));
        return new ColumnNumbers(columns.last(), byName);
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
                candidates.add(new Candidate(number, Presence.CERTAIN, List.of(name, later)));
            }
        });
        for (int number = last + 1; number <= now.last(); number++) {
            String later = now.live().get(number);
            if (later == null) {
                candidates.add(new Candidate(number, Presence.PERHAPS, List.of()));
            } else if (sent(number, names, now)) {
                candidates.add(new Candidate(number, Presence.UNLESS_LATER, List.of(later)));
            }
        }
        return candidates;
    }

    /** A column that is generated may be left out of the stream. */
    private static boolean sent(int number, List<String> names, CatalogColumns now) {
        return !now.generated().contains(number) || names.contains(now.live().get(number));
    }

    private ColumnNumbers numbered(List<String> names, List<Integer> numbers, CatalogColumns now) {
        Map<String, Integer> found = new HashMap<>();
        byName.forEach((name, number) -> {
            if (!sent(number, names, now)) {
                found.put(name, number); // the stream may have it one day
            }
        });
        for (int i = 0; i < names.size(); i++) {
            found.put(names.get(i), numbers.get(i));
        }
        int highest = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
        return new ColumnNumbers(Math.max(last, highest), found);
    }

    /** Where nothing was known: the catalog's, when it has just these names. */
    private static ColumnNumbers sameNames(List<String> names, CatalogColumns now) {
        Map<String, Integer> found = new HashMap<>();
        now.live().forEach((number, name) -> {
            if (sent(number, names, now)) {
                found.put(name, number);
            }
        });
        return found.keySet().equals(Set.copyOf(names)) ? new ColumnNumbers(now.last(), found) : UNKNOWN;
    }
}
