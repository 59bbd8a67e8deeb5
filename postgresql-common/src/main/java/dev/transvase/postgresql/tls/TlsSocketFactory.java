package dev.transvase.postgresql.tls;

import dev.transvase.postgresql.socket.StartupTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Properties;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.SslMode;

/**
 * Makes the TLS connections of a data source with {@code ssl} from the files that {@link TlsFiles} put into the driver's
 * properties. The driver's own factory reads few forms of keys and does not tell why it trusts a server not. Public because
 * the driver makes it by its name, one for each connection; not for others.
 */
public final class TlsSocketFactory extends SSLSocketFactory {

    private final SSLSocketFactory sockets;

    public TlsSocketFactory(Properties properties) throws GeneralSecurityException {
        KeyManager[] keys = TlsFiles.clientCertificate(properties)
                .map(client -> new KeyManager[] {new ClientCertificateChoice(client)})
                .orElse(new KeyManager[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {trust(properties)}, null);
        sockets = context.getSocketFactory();
    }

    private static TrustManager trust(Properties properties) throws GeneralSecurityException {
        if (SslMode.ALLOW.value.equals(PGProperty.SSL_MODE.getOrDefault(properties))) {
            return new UnverifiedServer();
        }
        return ServerTrust.in(
                TlsFiles.trusted(properties),
                PGProperty.SSL_ROOT_CERT.getOrDefault(properties),
                TlsFiles.revoked(properties));
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return StartupTls.over(sockets.createSocket(socket, host, port, autoClose), socket);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return sockets.createSocket(host, port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return sockets.createSocket(host, port, localHost, localPort);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }
}
