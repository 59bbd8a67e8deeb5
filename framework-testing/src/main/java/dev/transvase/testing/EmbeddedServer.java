package dev.transvase.testing;

import dev.transvase.embedded.PostgresServer;
import dev.transvase.embedded.StopMode;

/** Unpacked binaries on this machine. */
record EmbeddedServer(PostgresServer server) implements ServerControl {
    @Override
    public String host() {
        return server.host();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public String user() {
        return server.user();
    }

    @Override
    public String password() {
        return server.password();
    }

    @Override
    public void stop(StopMode mode) {
        server.stop(mode);
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public void close() {
        server.close();
    }
}
