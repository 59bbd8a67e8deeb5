package dev.sluice.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * How far a change stream is behind its source.
 *
 * @param bytes of the source's log that have not been read
 * @param delay how long ago the change that was read last was committed; zero when nothing is left to read
 */
public record Lag(long bytes, Duration delay) {

    public Lag {
        Objects.requireNonNull(delay, "delay");
    }
}
