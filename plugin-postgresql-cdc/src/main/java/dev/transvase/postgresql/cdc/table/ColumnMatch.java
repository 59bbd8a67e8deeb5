package dev.transvase.postgresql.cdc.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds which of a table's columns are those that the stream tells, by names in the order of their numbers. Of one thread, for
 * one use.
 */
final class ColumnMatch {

    /** More than any table that is not made to be puzzled over takes. */
    private static final int MOST_STEPS = 200_000;

    private final List<Candidate> candidates;
    private final List<String> names;
    private final Map<String, Integer> known;
    private final List<Integer> taken = new ArrayList<>();
    private final List<List<Integer>> found = new ArrayList<>();
    private boolean byName;
    private int steps;

    /**
     * A column that may be one of them.
     *
     * @param presence whether it must be
     * @param known what it is known to be called before or after; empty when that is not known
     * @param fixed whether it had no other name in between
     */
    record Candidate(int number, Presence presence, List<String> known, boolean fixed) {}

    /** Whether a column was there. */
    enum Presence {
        /** It was there before and is after. */
        CERTAIN,
        /** It is gone after, came in between, or may have been computed by the server until then. */
        PERHAPS
    }

    /**
     * @param candidates by their numbers
     * @param known the number that each name had before
     */
    ColumnMatch(List<Candidate> candidates, List<String> names, Map<String, Integer> known) {
        this.candidates = candidates;
        this.names = names;
        this.known = known;
    }

    /**
     * The numbers of the columns. When their count leaves several answers, that one in which no column had a name that it had
     * neither before nor after; but only if all agree which columns the known names are of, since a column may have had a name in
     * between.
     *
     * @return empty when there is not one such answer
     */
    Optional<List<Integer>> find() {
        search(0, 0);
        if (found.size() > 1) {
            found.clear();
            byName = true;
            search(0, 0);
            byName = false;
            if (found.size() == 1 && differs(0, 0, false)) {
                return Optional.empty();
            }
        }
        return found.size() == 1 && steps < MOST_STEPS ? Optional.of(found.get(0)) : Optional.empty();
    }

    private void search(int at, int named) {
        steps++;
        if (found.size() > 1 || steps >= MOST_STEPS || names.size() - named > candidates.size() - at) {
            return;
        }
        if (at == candidates.size()) {
            if (named == names.size()) {
                found.add(List.copyOf(taken));
            }
            return;
        }
        Candidate candidate = candidates.get(at);
        if (named < names.size() && fits(candidate, names.get(named))) {
            taken.add(candidate.number());
            search(at + 1, named + 1);
            taken.remove(taken.size() - 1);
        }
        if (candidate.presence() != Presence.CERTAIN) {
            search(at + 1, named);
        }
    }

    /** Whether in another answer a known name is of another column; when that is not found out soon, it counts as if it were. */
    private boolean differs(int at, int named, boolean other) {
        steps++;
        if (steps >= MOST_STEPS) {
            return true;
        }
        boolean open = other || names.subList(named, names.size()).stream().anyMatch(known::containsKey);
        if (!open || names.size() - named > candidates.size() - at) {
            return false;
        }
        if (at == candidates.size()) {
            return other;
        }
        Candidate candidate = candidates.get(at);
        if (named < names.size() && fits(candidate, names.get(named))) {
            boolean same = found.get(0).get(named) == candidate.number() || !known.containsKey(names.get(named));
            if (differs(at + 1, named + 1, other || !same)) {
                return true;
            }
        }
        return candidate.presence() != Presence.CERTAIN && differs(at + 1, named, other);
    }

    private boolean fits(Candidate candidate, String name) {
        if (candidate.fixed() && !candidate.known().contains(name)) {
            return false;
        }
        return !byName || candidate.known().isEmpty() || candidate.known().contains(name);
    }
}
