package dev.transvase.core.parameter;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The values that must not be shown: passwords, and whatever came from the environment or a file by a reference. They become {@code
 * ***} in everything that is shown, logged or reported, wherever a server or a driver has put them. Thread-safe.
 *
 * <p>A value that says nothing must not make messages unreadable: one of less than {@value #SHORTEST} characters, a number of up to
 * five digits, and a word of every day such as {@code postgres} are left alone; one of less than {@value #LONG} characters is
 * looked for as a word of its own only.
 */
public final class Masks {

    private static final String MASK = "***";
    private static final int SHORTEST = 4;
    private static final int LONG = 8;
    private static final Pattern SMALL_NUMBER = Pattern.compile("[0-9]{1,5}");

    private static final Set<String> EVERYDAY = Set.of(
            "postgres",
            "postgresql",
            "localhost",
            "127.0.0.1",
            "public",
            "true",
            "false",
            "disable",
            "prefer",
            "require",
            "verify-ca",
            "verify-full",
            "server");

    /** The longest first, so that none is taken for a part of another. */
    private final Set<String> values =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    private volatile Pattern pattern;

    /** From now on this value is masked, and so are its lines if it has several. */
    public synchronized void add(String value) {
        int before = values.size();
        keep(value.strip());
        value.lines().map(String::strip).filter(line -> line.length() >= LONG).forEach(this::keep);
        String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
        if (encoded.length() >= LONG) {
            keep(encoded);
        }
        if (values.size() > before) {
            pattern = Pattern.compile(values.stream().map(Masks::expression).collect(Collectors.joining("|")));
        }
    }

    private void keep(String value) {
        boolean everyday = EVERYDAY.contains(value.toLowerCase(Locale.ROOT))
                || SMALL_NUMBER.matcher(value).matches();
        if (value.length() >= SHORTEST && !everyday) {
            values.add(value);
        }
    }

    private static String expression(String value) {
        String quoted = Pattern.quote(value);
        return value.length() < LONG ? "(?<![\\p{L}\\p{N}_])" + quoted + "(?![\\p{L}\\p{N}_])" : quoted;
    }

    /** The text without the values. */
    public String apply(String text) {
        Pattern masked = pattern;
        return masked == null ? text : masked.matcher(text).replaceAll(Matcher.quoteReplacement(MASK));
    }
}
