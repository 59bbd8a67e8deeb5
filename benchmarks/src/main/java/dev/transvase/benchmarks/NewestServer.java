package dev.transvase.benchmarks;

import dev.transvase.embedded.EmbeddedServers;
import dev.transvase.embedded.PostgresServer;
import java.util.Map;
import java.util.SortedSet;

/** Starts servers of the newest major there is. */
final class NewestServer {

    private NewestServer() {}

    /** A server with these settings, which the caller closes. */
    static PostgresServer start(Map<String, String> settings) {
        EmbeddedServers servers = EmbeddedServers.from(BuildFolder.servers());
        SortedSet<Integer> majors = servers.majors();
        if (majors.isEmpty()) {
            throw new IllegalStateException("There is no PostgreSQL server in " + BuildFolder.servers()
                    + ": build the module embedded-postgresql; it has none for other platforms than Linux and macOS");
        }
        return servers.start(majors.last(), settings);
    }
}
