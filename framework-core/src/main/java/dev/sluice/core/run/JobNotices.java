package dev.sluice.core.run;

import dev.sluice.spi.Notices;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the steps of a job have warned of while it ran. Thread-safe. */
public final class JobNotices implements Notices {

    private static final Logger LOG = LoggerFactory.getLogger(JobNotices.class);

    /** A job may run for years. */
    static final int MOST = 100;

    private final Set<String> kept = new LinkedHashSet<>();
    private long more;

    /** How many of those kept somebody was told. */
    private int told;

    /** Null before anybody listens. */
    private Consumer<String> listener;

    @Override
    public synchronized void warn(String message) {
        if (kept.contains(message)) {
            return;
        }
        LOG.warn("{}", message);
        if (kept.size() < MOST) {
            kept.add(message);
            tellNew();
            return;
        }
        if (more == 0 && listener != null) {
            listener.accept("more warnings follow; the log has them");
        }
        more++;
    }

    /**
     * Has each warning told from here on, and at once those that nobody was told yet.
     *
     * @param listening is called by whoever warns, one call at a time, in place of whoever was told so far
     */
    public synchronized void tell(Consumer<String> listening) {
        listener = listening;
        tellNew();
    }

    private void tellNew() {
        if (listener != null) {
            kept.stream().skip(told).forEach(listener);
            told = kept.size();
        }
    }

    /** All warnings, or the first of them and how many more there were. */
    public synchronized List<String> all() {
        List<String> all = new ArrayList<>(kept);
        if (more > 0) {
            all.add("and " + more + " more warnings, which the log has");
        }
        return all;
    }
}
