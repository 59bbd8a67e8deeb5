package dev.transvase.postgresql.socket;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/**
 * The driver's own TLS, with a {@link Startup} in it. Public because the driver makes it by its name, one for each connection;
 * not for others.
 */
public final class DriverTlsFactory extends LibPQFactory {

    public DriverTlsFactory(Properties properties) throws PSQLException {
        super(properties);
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return StartupTls.over(super.createSocket(socket, host, port, autoClose), socket);
    }
}
