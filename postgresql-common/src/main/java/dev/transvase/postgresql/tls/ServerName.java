package dev.transvase.postgresql.tls;

import static dev.transvase.postgresql.error.PostgresErrors.TLS_HOST_MISMATCH;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.postgresql.ssl.PGjdbcHostnameVerifier;

/**
 * Compares the host with the names of the server's certificate as the driver does, and tells what they are when they differ.
 * Public because the driver makes it by its name; not for others.
 */
public final class ServerName implements HostnameVerifier {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    @Override
    public boolean verify(String host, SSLSession session) {
        if (PGjdbcHostnameVerifier.INSTANCE.verify(host, session)) {
            return true;
        }
        throw new TlsRefusal(
                TLS_HOST_MISMATCH,
                "the server's certificate is trusted, but it was issued for " + names(session) + ", not for " + host
                        + "; use one of these names as the data source's host, have the server's certificate issued for "
                        + host + ", or choose ssl.mode verify-ca, which does not compare names");
    }

    private static String names(SSLSession session) {
        try {
            Certificate first = session.getPeerCertificates()[0];
            return first instanceof X509Certificate certificate ? names(certificate) : "an unknown name";
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return "a name that cannot be read";
        }
    }

    private static String names(X509Certificate certificate) throws CertificateParsingException {
        List<String> names = new ArrayList<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
            if (alternative.get(0).equals(DNS_NAME) || alternative.get(0).equals(IP_ADDRESS)) {
                names.add(String.valueOf(alternative.get(1)));
            }
        }
        return names.isEmpty() ? ClientCertificate.name(certificate) : String.join(", ", names);
    }
}
