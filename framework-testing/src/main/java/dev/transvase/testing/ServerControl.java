package dev.transvase.testing;

import dev.transvase.embedded.StopMode;

/** A server as its provider runs it. */
sealed interface ServerControl extends AutoCloseable permits EmbeddedServer, ContainerServer {
    String host();

    /** May change when the server is started again. */
    int port();

    String user();

    String password();

    void stop(StopMode mode);

    void start();

    @Override
    void close();
}
