package dev.transvase.postgresql.writer.conversion;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.SessionZone;
import dev.transvase.spi.error.TransvaseException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.function.Supplier;

/**
 * What conversions depend on at the target.
 *
 * @param major the server's
 * @param zoneName the time zone of the sessions that write, as the server calls it
 * @param zone its rules; asks the server the first time, and throws when they are not known
 */
public record TargetServer(int major, String zoneName, Supplier<ZoneRules> zone) {

    /** The rules can be asked for as long as the session is open. */
    public static TargetServer of(PostgresSession session) {
        SessionZone zone = new SessionZone(session);
        return new TargetServer(session.majorVersion(), zone.name(), zone::rules);
    }

    /** As {@link #of}, with the rules for as long as wanted. */
    public static TargetServer ofChanges(PostgresSession session) {
        SessionZone zone = new SessionZone(session);
        zone.learn();
        return new TargetServer(session.majorVersion(), zone.name(), zone::rules);
    }

    /**
     * Whether the zone is as far from UTC on each day to come as it is today. Not when its rules are unknown. May ask the
     * server, as {@link #zone}.
     */
    public boolean keepsItsOffset() {
        try {
            return zone.get().nextTransition(Instant.now()) == null;
        } catch (TransvaseException e) {
            return false;
        }
    }

    public static TargetServer inUtc(int major) {
        return new TargetServer(major, "UTC", ZoneOffset.UTC::getRules);
    }
}
