package dev.sluice.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * How far a change stream is behind its source.
 *
 * @param bytes of the source's log that have not been read
 * @param delay how long ago the change that was read last was committed; zero when nothing is left to read
 * @param away how long the source has been out of reach; zero while it is there. The other two say nothing then
 */
public record Lag(long bytes, Duration delay, Duration away) {

    public Lag {
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(away, "away");
    }

    /** That of a source which is there. */
    public Lag(long bytes, Duration delay) {
        this(bytes, delay, Duration.ZERO);
    }

    /** That of a source which has been out of reach for so long. */
    public static Lag unknown(Duration away) {
        return new Lag(0, Duration.ZERO, away);
    }
}
