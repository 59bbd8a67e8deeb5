package dev.transvase.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * How far the target of a change stream is behind its source.
 *
 * @param bytes of the source's log whose changes are not durable at the target yet
 * @param delay how long ago the last transaction that is durable there was committed; zero when nothing is left to apply
 * @param lost how long the stream has had no connection to its source; zero while it has one. The other two say nothing
 *     while it has none
 */
public record Lag(long bytes, Duration delay, Duration lost) {

    public Lag {
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(lost, "lost");
    }

    /** That of a stream which is connected. */
    public static Lag of(long bytes, Duration delay) {
        return new Lag(bytes, delay, Duration.ZERO);
    }

    /** That of a stream which has had no connection for so long. */
    public static Lag unknown(Duration lost) {
        return new Lag(0, Duration.ZERO, lost);
    }
}
