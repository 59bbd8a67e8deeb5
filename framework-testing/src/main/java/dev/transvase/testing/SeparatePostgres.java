package dev.transvase.testing;

import dev.transvase.embedded.ServerSetup;
import dev.transvase.embedded.StopMode;
import java.util.Map;

/** A server of one test's own: with settings of its own, to be stopped, crashed and started again. */
public final class SeparatePostgres implements AutoCloseable {
    private final TestingPostgres server;

    private SeparatePostgres(TestingPostgres server) {
        this.server = server;
    }

    /**
     * Starts it; takes about as long as an {@code initdb}.
     *
     * @param settings what differs from the settings that {@link TestingPostgres} names
     */
    public static SeparatePostgres start(int major, Map<String, String> settings) {
        return start(major, ServerSetup.of(settings));
    }

    /** Starts it with access rules and files of its own, for example with TLS; an address is best {@code all}. */
    public static SeparatePostgres start(int major, ServerSetup setup) {
        return new SeparatePostgres(TestingPostgres.start(major, setup));
    }

    /** Its address, and a way to make databases. After {@link #start()} in a container its port is another one. */
    public TestingPostgres server() {
        return server;
    }

    /** Ends the server and keeps its data; blocks until it has ended. */
    public void stop(StopMode mode) {
        server.stop(mode);
    }

    /** Starts the stopped server on the same data; blocks until it takes connections. */
    public void start() {
        server.startAgain();
    }

    /** Ends the server and deletes its data. */
    @Override
    public void close() {
        server.close();
    }
}
