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
    private Consumer<String> listener = message -> {};

    @Override
    public synchronized void warn(String message) {
        if (kept.contains(message)) {
            return;
        }
        LOG.warn("{}", message);
        if (kept.size() < MOST) {
            kept.add(message);
            listener.accept(message);
            return;
        }
        if (more == 0) {
            listener.accept("more warnings follow; the log has them");
        }
        more++;
    }

    /**
     * Has each warning told from here on, and those that were given before at once.
     *
     * @param told is called by whoever warns, one call at a time
     */
    public synchronized void tell(Consumer<String> told) {
        listener = told;
        kept.forEach(told);
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
