package dev.transvase.core.parameter;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that somebody most likely meant. */
public final class Spelling {

    private Spelling() {}

    /**
     * The nearest of {@code known} by edit distance, letter case aside; empty when none is near enough to be meant.
     */
    public static Optional<String> nearest(String found, Collection<String> known) {
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(found.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        int allowed = Math.max(1, Math.min(3, found.length() / 3));
        return least <= allowed ? Optional.ofNullable(nearest) : Optional.empty();
    }

    /** A sentence that offers the nearest name, else lists what is known. */
    public static String remedy(String found, Collection<String> known) {
        return nearest(found, known).map(name -> "did you mean `" + name + "`?").orElseGet(() -> known(known));
    }

    private static String known(Collection<String> known) {
        return known.isEmpty() ? "nothing may stand here" : "known here: " + String.join(", ", known);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
