package dev.transvase.cli.progress;

import dev.transvase.cli.text.Figures;
import dev.transvase.core.run.Progress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How fast a run has been lately. For one thread. */
final class Rate {

    /** The current speed says nothing about longer times: ten years. */
    private static final double MOST_SECONDS = 10 * 365.25 * 86_400;

    private final Duration window;
    private final Deque<Progress> samples = new ArrayDeque<>();

    /** @param window how far back it looks */
    Rate(Duration window) {
        this.window = window;
    }

    /** Takes the latest progress. */
    void add(Progress progress) {
        samples.addLast(progress);
        Duration from = progress.elapsed().minus(window);
        while (samples.size() > 2 && second().elapsed().compareTo(from) <= 0) {
            samples.removeFirst();
        }
    }

    private Progress second() {
        var iterator = samples.iterator();
        iterator.next();
        return iterator.next();
    }

    /** Records read per second. */
    double records() {
        return Figures.perSecond(
                samples.getLast().readRecords() - samples.getFirst().readRecords(), time());
    }

    /** Bytes read per second. */
    double bytes() {
        return Figures.perSecond(
                samples.getLast().readBytes() - samples.getFirst().readBytes(), time());
    }

    /** How long it takes at this speed until all records are read; empty when nobody can tell. */
    Optional<Duration> left() {
        Progress latest = samples.getLast();
        double speed = records();
        if (latest.expectedRecords().isEmpty() || speed <= 0) {
            return Optional.empty();
        }
        double seconds = (latest.expectedRecords().getAsLong() - latest.readRecords()) / speed;
        return seconds > MOST_SECONDS ? Optional.empty() : Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private Duration time() {
        return samples.getLast().elapsed().minus(samples.getFirst().elapsed());
    }
}
