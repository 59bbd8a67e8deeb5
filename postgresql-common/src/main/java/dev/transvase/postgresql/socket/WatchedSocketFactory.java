package dev.transvase.postgresql.socket;

import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.postgresql.PGProperty;

/**
 * Makes the sockets of the driver's connections and hands the one of a new connection to whoever opens it. Public because the
 * driver makes it by its name, one for each connection; not for others.
 */
public final class WatchedSocketFactory extends SocketFactory {

    /**
     * The connections that are being opened; the driver takes nothing but strings along, so its sockets and who opens them can
     * meet only here. A connection that is open has no entry any more.
     */
    private static final Map<String, Opening> OPENING = new ConcurrentHashMap<>();

    private static final Set<String> DRIVERS_OWN_TLS =
            Set.of("org.postgresql.ssl.LibPQFactory", "org.postgresql.ssl.jdbc4.LibPQFactory");

    private final String connection;

    /** @param last the last socket made for the connection */
    private record Opening(WatchedSocket.Traffic traffic, boolean clearText, AtomicReference<WatchedSocket> last) {}

    public WatchedSocketFactory(String connection) {
        this.connection = connection;
    }

    /**
     * Has the driver use this factory for a connection.
     *
     * @param clearText whether a server elsewhere may have the password in clear text
     */
    public static void choose(Properties properties, WatchedSocket.Traffic traffic, boolean clearText) {
        String connection = UUID.randomUUID().toString();
        OPENING.put(connection, new Opening(traffic, clearText, new AtomicReference<>()));
        PGProperty.SOCKET_FACTORY.set(properties, WatchedSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(properties, connection);
        String tls = PGProperty.SSL_FACTORY.getOrDefault(properties);
        if (tls == null || DRIVERS_OWN_TLS.contains(tls)) {
            PGProperty.SSL_FACTORY.set(properties, DriverTlsFactory.class.getName());
        }
    }

    /**
     * Ends what {@link #choose} began; to be called whether the connection was made or not.
     *
     * @return the connection's socket; empty when it has none of this factory
     */
    public static Optional<WatchedSocket> chosen(Properties properties) {
        String connection = PGProperty.SOCKET_FACTORY_ARG.getOrDefault(properties);
        Opening opening = connection == null ? null : OPENING.remove(connection);
        return opening == null
                ? Optional.empty()
                : Optional.ofNullable(opening.last().get());
    }

    @Override
    public Socket createSocket() {
        Opening opening = OPENING.get(connection);
        if (opening == null) {
            // Of a request to cancel, which the driver bounds itself.
            return new Socket();
        }
        // After a server that is not there or has no TLS, the driver tries again.
        WatchedSocket socket = new WatchedSocket(opening.traffic(), opening.clearText());
        opening.last().set(socket);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("the driver connects its sockets itself");
    }
}
