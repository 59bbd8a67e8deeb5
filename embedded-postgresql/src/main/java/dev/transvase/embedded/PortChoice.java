package dev.transvase.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Proposes a port for a server. Only the server's own bind decides whether it gets it, so that a proposal may be refused
 * and the next one is asked for.
 */
@FunctionalInterface
interface PortChoice {
    /** Loopback by number: "localhost" may resolve to an IPv6 address that the server does not listen on. */
    String HOST = "127.0.0.1";

    int next();

    /**
     * Random ports that are free now. They lie below the ranges from which systems take the local end of outgoing
     * connections, so that a port stays free across a restart of its server.
     */
    static PortChoice random() {
        RandomGenerator random = new SecureRandom();
        return () -> {
            for (int attempt = 0; attempt < 1_000; attempt++) {
                int port = random.nextInt(12_000, 30_000);
                if (isFree(port)) {
                    return port;
                }
            }
            throw new EmbeddedServerException("No free port was found between 12000 and 30000 on " + HOST);
        };
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
