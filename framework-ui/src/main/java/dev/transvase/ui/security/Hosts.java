package dev.transvase.ui.security;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names by which requests may call the server. A page of another site can have its own name lead to this machine, and so send
 * requests here with its own name in {@code Host}; an address in digits cannot be made to lead elsewhere.
 */
final class Hosts {

    private static final Pattern DIGITS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+(%\\w+)?]");

    private final Set<String> names;
    private final boolean anyAddress;

    /**
     * @param names in lower case, without ports
     * @param anyAddress whether any address in digits will do
     */
    Hosts(Set<String> names, boolean anyAddress) {
        this.names = Set.copyOf(names);
        this.anyAddress = anyAddress;
    }

    /** Those that lead to this machine only, and further names. */
    static Hosts of(boolean loopback, Optional<String> further) {
        Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        further.ifPresent(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return new Hosts(names, !loopback);
    }

    /** Whether a request may have this {@code Host}. */
    boolean allows(String host) {
        if (host == null) {
            return false;
        }
        String name = host.replaceFirst(":\\d{1,5}$", "").toLowerCase(Locale.ROOT);
        return names.contains(name) || (anyAddress && DIGITS.matcher(name).matches());
    }
}
