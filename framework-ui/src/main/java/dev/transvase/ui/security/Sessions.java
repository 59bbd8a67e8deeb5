package dev.transvase.ui.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Browsers that have shown the token or the password. Thread-safe. */
final class Sessions {

    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Duration IDLE = Duration.ofHours(12);
    private static final int MOST = 1_000;

    private final Clock clock;
    private final Map<String, Session> sessions = new HashMap<>();

    private record Session(Instant begun, Instant used) {}

    Sessions(Clock clock) {
        this.clock = clock;
    }

    /** Begins one; gives its name, which nobody guesses. */
    synchronized String begin() {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> isOver(session, now));
        if (sessions.size() >= MOST) {
            sessions.clear(); // whoever is there still logs in again
        }
        String name = Token.random().text();
        sessions.put(name, new Session(now, now));
        return name;
    }

    /** Whether there is one of this name. A name has 256 random bits, so how long looking it up takes tells nothing of use. */
    synchronized boolean knows(String name) {
        Session found = sessions.get(name);
        Instant now = clock.instant();
        if (found == null || isOver(found, now)) {
            return false;
        }
        sessions.put(name, new Session(found.begun(), now));
        return true;
    }

    synchronized void end(String name) {
        sessions.remove(name);
    }

    private static boolean isOver(Session session, Instant now) {
        return session.begun().plus(LONGEST).isBefore(now)
                || session.used().plus(IDLE).isBefore(now);
    }
}
