package dev.transvase.postgresql.cdc.table;

import dev.transvase.postgresql.cdc.table.ColumnMatch.Candidate;
import dev.transvase.postgresql.cdc.table.ColumnMatch.Presence;
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
 * column that is recreated under a name gets a new one.
 *
 * @param last no column had a higher number; 0 when nothing is known
 * @param byName the number of each column that the stream has, or had when the table was looked at last
 * @param hidden those that the stream need not have, because the server computes them: until {@code DROP EXPRESSION}
 * @param changedBy of columns that the catalog had under these names, the transaction that had last changed their entry: as long as
 *     that is the same, so are they
 */
public record ColumnNumbers(
        int last, Map<String, Integer> byName, Set<Integer> hidden, Map<Integer, Integer> changedBy) {

    /** Nothing is known: for what was stored before numbers were. */
    public static final ColumnNumbers UNKNOWN = new ColumnNumbers(0, Map.of(), Set.of(), Map.of());

    public ColumnNumbers {
        byName = Map.copyOf(byName);
        hidden = Set.copyOf(hidden);
        changedBy = Map.copyOf(changedBy);
    }

    /** Of a table as the catalog has it. */
    public static ColumnNumbers of(CatalogColumns columns) {
        Map<String, Integer> byName = new HashMap<>();
        columns.live().forEach((number, name) -> byName.put(name, number));
        return described(columns.last(), byName, columns.generated(), columns);
    }

    private static ColumnNumbers described(
            int last, Map<String, Integer> byName, Set<Integer> hidden, CatalogColumns now) {
        Map<Integer, Integer> changedBy = new HashMap<>();
        byName.forEach((name, number) -> {
            if (name.equals(now.live().get(number)) && now.changedBy().containsKey(number)) {
                changedBy.put(number, now.changedBy().get(number));
            }
        });
        return new ColumnNumbers(last, byName, hidden, changedBy);
    }

    /**
     * The numbers at a later position. The stream tells the columns in the order of their numbers, but not these; the catalog has
     * them, and is of a later time still. So the columns are those that can have existed in this number.
     *
     * @param names the columns as the stream tells them
     * @param now the catalog after that position
     * @param xid the transaction there
     * @return empty when that leaves a doubt which columns the known names are of
     */
    Optional<ColumnNumbers> at(List<String> names, CatalogColumns now, int xid) {
        if (now.last() == 0) {
            return Optional.of(this); // the table is gone, and nothing can be asked any more
        }
        if (last == 0) {
            return Optional.of(sameNames(names, now));
        }
        Map<String, Integer> sent = new HashMap<>(byName);
        sent.values().removeAll(hidden);
        return aroundOneChange(names, sent, now, xid)
                .or(() -> new ColumnMatch(candidates(names, now), names, sent).find())
                .map(numbers -> numbered(names, numbers, now));
    }

    /**
     * The numbers when one transaction made all changes of the columns since, and another one was there at that position: all is as it
     * was known, or as the catalog has it now.
     */
    private Optional<List<Integer>> aroundOneChange(
            List<String> names, Map<String, Integer> sent, CatalogColumns now, int xid) {
        Set<Integer> changes = new HashSet<>();
        now.changedBy().forEach((number, change) -> {
            boolean concerned = number > last || byName.containsValue(number);
            if (concerned && !unchanged(number, now)) {
                changes.add(change);
            }
        });
        if (changes.size() != 1 || changes.contains(xid)) {
            return Optional.empty();
        }
        SortedMap<Integer, String> before = new TreeMap<>();
        sent.forEach((name, number) -> before.put(number, name));
        SortedMap<Integer, String> after = new TreeMap<>(now.live());
        after.keySet().removeIf(number -> !sent(number, names, now));
        boolean wasBefore = names.equals(List.copyOf(before.values()));
        boolean wasAfter = names.equals(List.copyOf(after.values()));
        if (wasBefore == wasAfter) {
            return Optional.empty();
        }
        return Optional.of(List.copyOf(wasBefore ? before.keySet() : after.keySet()));
    }

    private boolean unchanged(int number, CatalogColumns now) {
        Integer known = changedBy.get(number);
        return known != null && known.equals(now.changedBy().get(number));
    }

    private List<Candidate> candidates(List<String> names, CatalogColumns now) {
        SortedMap<Integer, String> known = new TreeMap<>();
        byName.forEach((name, number) -> known.put(number, name));
        List<Candidate> candidates = new ArrayList<>();
        known.forEach((number, name) -> {
            String later = now.live().get(number);
            if (later == null) {
                candidates.add(new Candidate(number, Presence.PERHAPS, List.of(name), false));
            } else if (sent(number, names, now)) {
                boolean certain = !hidden.contains(number) || now.generated().contains(number);
                candidates.add(new Candidate(
                        number,
                        certain ? Presence.CERTAIN : Presence.PERHAPS,
                        List.of(name, later),
                        unchanged(number, now)));
            }
        });
        for (int number = last + 1; number <= now.last(); number++) {
            String later = now.live().get(number);
            if (later == null) {
                candidates.add(new Candidate(number, Presence.PERHAPS, List.of(), false));
            } else if (sent(number, names, now)) {
                candidates.add(new Candidate(number, Presence.PERHAPS, List.of(later), false));
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
        return described(highest, found, unsent, now);
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
        return sent.equals(Set.copyOf(names))
                ? new ColumnNumbers(all.last(), all.byName(), unsent, all.changedBy())
                : UNKNOWN;
    }
}
