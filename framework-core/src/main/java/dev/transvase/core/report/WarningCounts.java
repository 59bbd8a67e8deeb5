package dev.transvase.core.report;

import dev.transvase.core.parameter.MessageKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts warnings by their kind, with no more memory for a million of them than for a few. Not thread-safe.
 */
public final class WarningCounts {

    /** How many kinds are counted separately; the others count as one. */
    static final int MOST_KINDS = 100;

    private static final int OTHERS_NAMED = 3;

    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private long uncounted;

    private static final class Kind {

        private final String message;
        private final MessageKind first;
        private final List<String> others = new ArrayList<>();
        private long count = 1;

        Kind(String message, MessageKind first) {
            this.message = message;
            this.first = first;
        }

        void add(MessageKind one) {
            count++;
            if (others.size() < OTHERS_NAMED) {
                first.difference(one).filter(name -> !others.contains(name)).ifPresent(others::add);
            }
        }
    }

    /**
     * Counts one.
     *
     * @return how many of its kind there are now
     */
    public long add(String message) {
        MessageKind one = MessageKind.of(message);
        Kind known = kinds.get(one.template());
        if (known != null) {
            known.add(one);
            return known.count;
        }
        if (kinds.size() == MOST_KINDS) {
            return ++uncounted;
        }
        kinds.put(one.template(), new Kind(message, one));
        return 1;
    }

    /** What was counted, in the order of the first of each kind. */
    public List<WarningCount> counts() {
        List<WarningCount> counts = new ArrayList<>();
        kinds.values().forEach(kind -> counts.add(new WarningCount(kind.count, kind.message, kind.others)));
        if (uncounted > 0) {
            counts.add(new WarningCount(uncounted, "warnings of other kinds; the log has them", List.of()));
        }
        return counts;
    }
}
