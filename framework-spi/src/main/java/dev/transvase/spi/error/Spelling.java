package dev.transvase.spi.error;

import java.util.Collection;
import java.util.Optional;

/**
 * Finds the known word that somebody most likely meant, for the remedy of an error. Words are the more alike the fewer letters have to
 * be added, dropped, replaced or swapped with their neighbour; letter case does not count. Safe for use by several threads.
 */
public final class Spelling {

    /** More letters than this are no slip of the finger, however long the word. */
    private static final int MOST_MISTAKES = 3;

    private Spelling() {}

    /** The nearest of {@code known}, of several the first; empty when none is near enough to be meant. */
    public static Optional<String> nearest(String found, Collection<String> known) {
        String nearest = null;
        int least = Math.max(1, Math.min(MOST_MISTAKES, found.length() / 3)) + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - found.length()) < least) {
                int distance = distance(found, candidate);
                if (distance < least) {
                    least = distance;
                    nearest = candidate;
                }
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** A sentence that offers the nearest word, else lists what is known. */
    public static String remedy(String found, Collection<String> known) {
        return nearest(found, known).map(name -> "did you mean `" + name + "`?").orElseGet(() -> known(known));
    }

    private static String known(Collection<String> known) {
        return known.isEmpty() ? "nothing is allowed here" : "known here: " + String.join(", ", known);
    }

    /** How many letters must be added, dropped, replaced or swapped with their neighbour to make one of the other. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            current[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] free = beforeLast;
            beforeLast = last;
            last = current;
            current = free;
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (same(a.charAt(i - 1), b.charAt(j - 1)) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(last[j], current[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && same(a.charAt(i - 1), b.charAt(j - 2))
                        && same(a.charAt(i - 2), b.charAt(j - 1))) {
                    current[j] = Math.min(current[j], beforeLast[j - 2] + 1);
                }
            }
        }
        return current[b.length()];
    }

    /** As {@link String#equalsIgnoreCase} compares letters: in no language's way. */
    private static boolean same(char a, char b) {
        return a == b
                || Character.toLowerCase(Character.toUpperCase(a)) == Character.toLowerCase(Character.toUpperCase(b));
    }
}
