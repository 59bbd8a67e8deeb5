package dev.transvase.ui.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Slows down who guesses. After a few failures an address has to wait, twice as long after each further one; all addresses
 * together likewise, so that many of them guess no faster. Thread-safe.
 */
final class FailedLogins {

    private static final int FREE_FOR_ONE = 5;
    private static final int FREE_FOR_ALL = 50;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int MOST_ADDRESSES = 10_000;
    private static final String ALL = "";

    private final Clock clock;
    private final Map<String, Failures> failures = new HashMap<>();

    private record Failures(int count, Instant last) {}

    FailedLogins(Clock clock) {
        this.clock = clock;
    }

    /** How long this address has to wait before it may try; zero when it may now. */
    synchronized Duration wait(String address) {
        Duration own = wait(failures.get(address), FREE_FOR_ONE);
        Duration all = wait(failures.get(ALL), FREE_FOR_ALL);
        return own.compareTo(all) > 0 ? own : all;
    }

    private Duration wait(Failures found, int free) {
        if (found == null || found.count() < free) {
            return Duration.ZERO;
        }
        Duration wait = pause(found.count() - free);
        Duration left = Duration.between(clock.instant(), found.last().plus(wait));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration pause(int further) {
        Duration pause = Duration.ofSeconds(1L << Math.min(further, 20));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }

    synchronized void failed(String address) {
        Instant now = clock.instant();
        failures.values().removeIf(old -> old.last().plus(LONGEST).isBefore(now));
        if (failures.size() < MOST_ADDRESSES) {
            add(address, now);
        }
        add(ALL, now);
    }

    private void add(String address, Instant now) {
        failures.merge(address, new Failures(1, now), (old, one) -> new Failures(old.count() + 1, now));
    }

    synchronized void succeeded(String address) {
        failures.remove(address);
    }
}
