package dev.transvase.core.report;

import java.util.List;

/**
 * Warnings of one kind, which are the same but for names and numbers.
 *
 * @param count how many there were
 * @param first the first of them
 * @param others what some of the others are about
 */
public record WarningCount(long count, String first, List<String> others) {

    public WarningCount {
        others = List.copyOf(others);
    }

    /** One line for all of them, such as {@code public.a was truncated; likewise public.b, public.c and 297 more}. */
    @Override
    public String toString() {
        if (count == 1) {
            return first;
        }
        long more = count - 1 - others.size();
        if (others.isEmpty()) {
            return first + "; likewise " + more + " more";
        }
        return first + "; likewise " + String.join(", ", others) + (more > 0 ? " and " + more + " more" : "");
    }
}
