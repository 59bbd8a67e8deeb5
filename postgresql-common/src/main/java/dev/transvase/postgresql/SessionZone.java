package dev.transvase.postgresql;

import static dev.transvase.postgresql.error.PostgresErrors.TIME_ZONE_UNKNOWN;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time zone of a session with its rules, so that times can be converted here as the server would convert them. The rules
 * are Java's; the server is asked whether it has the same. Used by the session's thread.
 */
public final class SessionZone {

    private static final Logger log = LoggerFactory.getLogger(SessionZone.class);

    /** Between these years zones are looked at day by day for what is no transition in Java's rules. */
    private static final int FIRST_YEAR = 1850;

    private static final int LAST_YEAR = 2110;
    private static final long STEP_SECONDS = 7 * 86_400L;

    private final PostgresSession session;
    private final String name;
    private ZoneRules rules;
    private TransvaseException unknown;

    public SessionZone(PostgresSession session) {
        this.session = session;
        this.name = session.timeZone();
    }

    /** As the server calls it. */
    public String name() {
        return name;
    }

    /**
     * The rules. Blocks on the server the first time.
     *
     * @throws TransvaseException when Java does not know the zone, or has other rules for it than the server
     */
    public ZoneRules rules() {
        learn();
        if (rules == null) {
            throw unknown;
        }
        return rules;
    }

    /** Finds the rules out now, so that they can be had when the session is closed. Does not throw when they are unknown. */
    public void learn() {
        if (rules == null && unknown == null) {
            try {
                rules = find();
            } catch (TransvaseException e) {
                unknown = e;
            }
        }
    }

    private ZoneRules find() {
        if (SessionReport.isUtc(name)) {
            return ZoneOffset.UTC.getRules();
        }
        for (ZoneRules candidate : candidates()) {
            if (agrees(candidate)) {
                return candidate;
            }
        }
        throw TransvaseException.of(
                TIME_ZONE_UNKNOWN,
                "timestamps have to be converted in the session's time zone " + name + ", for which Java has no"
                        + " rules or other rules than the server; set the data source's timeZone to a zone that"
                        + " both agree on, such as UTC, or cast the columns in the reader's column list");
    }

    /** Java's zone of that name, which may be another one, and what the zone is today, should it always be that. */
    private List<ZoneRules> candidates() {
        List<ZoneRules> candidates = new ArrayList<>();
        try {
            candidates.add(ZoneId.of(name).getRules());
        } catch (DateTimeException e) {
            log.debug("Java has no zone {}", name, e);
        }
        int seconds = (int) (long) offsets(List.of(0L)).get(0);
        candidates.add(ZoneOffset.ofTotalSeconds(seconds).getRules());
        return candidates;
    }

    private boolean agrees(ZoneRules candidate) {
        List<Long> instants = List.copyOf(instants(candidate));
        List<Long> offsets = offsets(instants);
        for (int i = 0; i < instants.size(); i++) {
            int expected =
                    candidate.getOffset(Instant.ofEpochSecond(instants.get(i))).getTotalSeconds();
            if (expected != offsets.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** Both sides of each transition, and times at short intervals. */
    private static Set<Long> instants(ZoneRules candidate) {
        long first = startOf(FIRST_YEAR);
        long last = startOf(LAST_YEAR);
        Set<Long> instants = new TreeSet<>();
        for (long at = first; at < last; at += STEP_SECONDS) {
            instants.add(at);
        }
        ZoneOffsetTransition next = candidate.nextTransition(Instant.ofEpochSecond(first));
        while (next != null && next.toEpochSecond() < last) {
            instants.add(next.toEpochSecond() - 1);
            instants.add(next.toEpochSecond());
            next = candidate.nextTransition(next.getInstant());
        }
        for (int year : new int[] {-4000, 1, 1000, 1700, 2500, 9999}) {
            instants.add(startOf(year));
            instants.add(startOf(year) + Year.of(year).length() / 2 * 86_400L);
        }
        return instants;
    }

    private static long startOf(int year) {
        return LocalDateTime.of(year, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
    }

    /** How many seconds east of UTC the session's zone is at these times. */
    private List<Long> offsets(List<Long> instants) {
        String sql = "SELECT pg_catalog.date_part('timezone', pg_catalog.to_timestamp(x))::pg_catalog.int8"
                + " FROM pg_catalog.unnest(?::pg_catalog.int8[]) WITH ORDINALITY AS f(x, n) ORDER BY n";
        List<Long> offsets = new ArrayList<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setArray(1, session.jdbc().createArrayOf("int8", instants.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    offsets.add(row.getLong(1));
                }
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking for the rules of the time zone " + name);
        }
        return offsets;
    }
}
