package dev.transvase.core.run;

import dev.transvase.core.report.WarningCount;
import dev.transvase.core.report.WarningCounts;
import dev.transvase.spi.error.Notices;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the steps of a job have warned of while it ran. Each warning is reported once. A job may run for years, so only the first
 * warnings are kept for the report; of the others, the most recent ones are remembered to avoid repeats. Thread-safe.
 */
public final class JobNotices implements Notices {

    private static final Logger LOG = LoggerFactory.getLogger(JobNotices.class);

    /** How many are kept. */
    static final int MOST = 100;

    /** How many more are remembered, with some hundred bytes each. */
    static final int REMEMBERED = 10_000;

    private final Set<String> kept = new LinkedHashSet<>();
    private final Map<Fingerprint, Boolean> remembered = new LastOnes();
    private final WarningCounts counts = new WarningCounts();
    private long more;

    /** How many of those kept have been passed to the listener. */
    private int reported;

    /** Null before anybody listens. */
    private Consumer<String> listener;

    /** Whether the listener hears what the job waits for. */
    private boolean waitsTold = true;

    /** In the order in which they came. */
    private final Set<OneWait> waits = new LinkedHashSet<>();

    /** Stands for a warning, whatever its length. */
    private record Fingerprint(long high, long low) {

        static Fingerprint of(String message) {
            try {
                ByteBuffer digest = ByteBuffer.wrap(
                        MessageDigest.getInstance("SHA-256").digest(message.getBytes(StandardCharsets.UTF_8)));
                return new Fingerprint(digest.getLong(), digest.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    /** Forgets the one that was not heard of for the longest time. */
    private static final class LastOnes extends LinkedHashMap<Fingerprint, Boolean> {

        private static final long serialVersionUID = 1L;

        LastOnes() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Fingerprint, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }

    @Override
    public synchronized void warn(String message) {
        if (kept.contains(message)) {
            return;
        }
        if (kept.size() < MOST) {
            kept.add(message);
            counts.add(message);
            LOG.warn("{}", message);
            tellNew();
        } else if (remembered.put(Fingerprint.of(message), true) == null) {
            more++;
            counts.add(message);
            LOG.warn("{}", message);
            if (listener != null) {
                listener.accept(message);
            }
        }
    }

    /**
     * Passes each warning from here on to a listener, and at once those not passed on yet; before a run moves data, also what it waits for.
     *
     * @param listening is called by whoever warns, one call at a time; replaces the listener before
     */
    public synchronized void tell(Consumer<String> listening) {
        listener = listening;
        tellNew();
    }

    private void tellNew() {
        if (listener != null) {
            kept.stream().skip(reported).forEach(listener);
            reported = kept.size();
        }
    }

    /** Waits are no longer reported: progress shows them from here on. */
    synchronized void leaveWaitsToProgress() {
        waitsTold = false;
    }

    @Override
    public synchronized Waiting waiting(String what, Duration already) {
        OneWait wait = new OneWait(what, System.nanoTime() - already.toNanos());
        waits.add(wait);
        LOG.warn("waiting for {}", what);
        if (listener != null && waitsTold) {
            listener.accept("waiting for " + what);
        }
        return wait;
    }

    /** What steps wait for now, the longest wait first. */
    synchronized List<Progress.Wait> waits() {
        long now = System.nanoTime();
        return waits.stream()
                .map(wait -> new Progress.Wait(wait.what, Duration.ofNanos(now - wait.sinceNanos)))
                .sorted(Comparator.comparing(Progress.Wait::since).reversed())
                .toList();
    }

    /** Guarded by the notices. */
    private final class OneWait implements Waiting {

        private final long sinceNanos;
        private String what;

        OneWait(String what, long sinceNanos) {
            this.what = what;
            this.sinceNanos = sinceNanos;
        }

        @Override
        public void now(String newer) {
            synchronized (JobNotices.this) {
                what = newer;
            }
        }

        @Override
        public void close() {
            synchronized (JobNotices.this) {
                if (waits.remove(this)) {
                    LOG.info(
                            "waited {} s for {}",
                            Duration.ofNanos(System.nanoTime() - sinceNanos).toSeconds(),
                            what);
                }
            }
        }
    }

    /** All of them, also those that are not kept, summed up by what they say. */
    public synchronized List<WarningCount> counts() {
        return counts.counts();
    }

    /** All warnings, or the first of them and how many more there were. */
    public synchronized List<String> all() {
        List<String> all = new ArrayList<>(kept);
        if (more > 0) {
            all.add("and " + more + (more == 1 ? " more warning" : " more warnings") + "; the log has them");
        }
        return all;
    }
}
