package dev.transvase.testing;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Has the next database ready when it is asked for: it is made on a thread of its own while the test runs that got the last one, and
 * to copy a template takes a server about as long as a short test takes.
 */
final class SpareDatabase {

    private final Supplier<String> make;

    /** Empty before the first was taken. */
    private Optional<CompletableFuture<String>> next = Optional.empty();

    /** @param make makes a database and tells its name; called from any thread */
    SpareDatabase(Supplier<String> make) {
        this.make = make;
    }

    /** The name of a fresh database. Blocks while it is made. */
    String take() {
        Optional<CompletableFuture<String>> ready;
        synchronized (this) {
            ready = next;
            next = Optional.of(CompletableFuture.supplyAsync(make, SpareDatabase::start));
        }
        return ready.map(CompletableFuture::join).orElseGet(make);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "spare database");
        thread.setDaemon(true);
        thread.start();
    }
}
