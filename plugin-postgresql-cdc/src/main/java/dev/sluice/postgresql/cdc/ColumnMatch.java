package dev.sluice.postgresql.cdc;

import java.util.ArrayList;
import java.util.List;
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
    private final List<Integer> taken = new ArrayList<>();
    private final List<List<Integer>> found = new ArrayList<>();
    private boolean byName;
    private int steps;

    /**
     * A column that may be one of them.
     *
     * @param presence whether it must be
     * @param known what it is known to be called before or after; empty when that is not known
     */
    record Candidate(int number, Presence presence, List<String> known) {}

    /** Whether a column was there. */
    enum Presence {
        /** It was there before and is after. */
        CERTAIN,
        /** It is gone after, came in between, or may have been computed by the server until then. */
        PERHAPS
    }

    /** @param candidates by their numbers */
    ColumnMatch(List<Candidate> candidates, List<String> names) {
        this.candidates = candidates;
        this.names = names;
    }

    /**
     * The numbers of the columns. When their count leaves several answers, that one in which no column had a name that it had
     * neither before nor after.
     *
     * @return empty when there is not one such answer
     */
    Optional<List<Integer>> find() {
        search(0, 0);
        if (found.size() > 1) {
            found.clear();
            byName = true;
            search(0, 0);
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

    private boolean fits(Candidate candidate, String name) {
        return !byName || candidate.known().isEmpty() || candidate.known().contains(name);
    }
}
