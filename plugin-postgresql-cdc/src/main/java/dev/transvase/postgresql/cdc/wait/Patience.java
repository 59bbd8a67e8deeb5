package dev.transvase.postgresql.cdc.wait;

import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.Notices.Waiting;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long others at the source are waited for, and what is said meanwhile: the first time to the user, after that now and then
 * to the log, and all the time by progress. Used by one thread.
 */
public final class Patience implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Patience.class);

    private static final Duration TELL_EVERY = Duration.ofSeconds(30);

    private final Optional<Duration> atMost;
    private final Notices notices;
    private final long beganNanos = System.nanoTime();
    private boolean reported;
    private long toldNanos;

    /** Null before anything is waited for. */
    private Waiting waits;

    /** Begins now. */
    public Patience(Duration atMost, Notices notices) {
        this(Optional.of(atMost), notices);
    }

    private Patience(Optional<Duration> atMost, Notices notices) {
        this.atMost = atMost;
        this.notices = notices;
    }

    /** One that does not give up. */
    public static Patience endless(Notices notices) {
        return new Patience(Optional.empty(), notices);
    }

    public boolean exhausted() {
        return atMost.isPresent()
                && System.nanoTime() - beganNanos >= atMost.get().toNanos();
    }

    /**
     * Says what is waited for, unless it was said a short while ago.
     *
     * @param what the same in few words, for progress
     */
    public void tell(String waiting, String what) {
        if (waits == null) {
            waits = notices.waiting(what, Duration.ofNanos(System.nanoTime() - beganNanos));
        } else {
            waits.now(what);
        }
        long now = System.nanoTime();
        if (!reported) {
            notices.warn(waiting);
        } else if (now - toldNanos >= TELL_EVERY.toNanos()) {
            log.warn("{}", waiting);
        } else {
            return;
        }
        reported = true;
        toldNanos = now;
    }

    /** Nobody is waited for any more. */
    @Override
    public void close() {
        if (waits != null) {
            waits.close();
            waits = null;
        }
    }
}
