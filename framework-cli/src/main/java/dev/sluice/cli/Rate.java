package dev.sluice.cli;

import dev.sluice.core.run.Progress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a run has been lately. For one thread. */
final class Rate {

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

    private Duration time() {
        return samples.getLast().elapsed().minus(samples.getFirst().elapsed());
    }
}
