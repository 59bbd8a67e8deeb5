package dev.transvase.postgresql.tls;

import static dev.transvase.postgresql.error.PostgresErrors.TLS_REVOCATION_UNKNOWN;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_SERVER_CERTIFICATE_EXPIRED;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_SERVER_CERTIFICATE_REVOKED;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_UNTRUSTED_SERVER;

import dev.transvase.postgresql.sql.SqlErrors;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts the servers whose certificates lead to one of the truststore's, and tells what is wrong with the others. */
final class ServerTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager rules;
    private final String truststore;
    private final Collection<? extends CRL> revoked;

    private ServerTrust(X509ExtendedTrustManager rules, String truststore, Collection<? extends CRL> revoked) {
        this.rules = rules;
        this.truststore = truststore;
        this.revoked = revoked;
    }

    /**
     * @param truststore for messages
     * @param revoked when there are any, there must be a current one of each authority that leads to a server's certificate
     */
    static ServerTrust in(List<X509Certificate> certificates, String truststore, Collection<? extends CRL> revoked)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new HashSet<>();
        certificates.forEach(certificate -> anchors.add(new TrustAnchor(certificate, null)));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, null);
        parameters.setRevocationEnabled(Boolean.getBoolean("com.sun.net.ssl.checkRevocation"));
        if (!revoked.isEmpty()) {
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
            PKIXRevocationChecker checker = (PKIXRevocationChecker)
                    CertPathValidator.getInstance("PKIX").getRevocationChecker();
            // The lists that are given, and no question to anybody over the network.
            checker.setOptions(
                    EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
            parameters.setRevocationEnabled(true);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager rules) {
                return new ServerTrust(rules, truststore, revoked);
            }
        }
        throw new GeneralSecurityException("no PKIX trust manager");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, () -> rules.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, () -> rules.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, () -> rules.checkServerTrusted(chain, authType));
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void check(X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            throw new CertificateException(refusal(chain, e));
        }
        // One that is in the truststore itself is trusted without a look at the lists.
        if (revoked.stream().anyMatch(list -> list.isRevoked(chain[0]))) {
            throw new CertificateException(revoked(chain[0]));
        }
        // A certificate that is in the truststore itself is trusted without a look at its dates.
        if (!isCurrent(chain[0])) {
            throw new CertificateException(outOfDate(chain));
        }
    }

    private TlsRefusal refusal(X509Certificate[] chain, CertificateException error) {
        if (has(error, BasicReason.REVOKED)) {
            return revoked(chain[0]);
        }
        if (has(error, BasicReason.UNDETERMINED_REVOCATION_STATUS)) {
            return new TlsRefusal(
                    TLS_REVOCATION_UNKNOWN,
                    "whether the server's certificate, " + ClientCertificate.name(chain[0])
                            + ", was revoked is unknown: ssl.crl has no current list of "
                            + chain[0].getIssuerX500Principal().getName()
                            + ", or of an authority above it; give the newest lists of all of them");
        }
        return isOutOfDate(error) ? outOfDate(chain) : untrusted(chain[0], error);
    }

    private static TlsRefusal revoked(X509Certificate server) {
        return new TlsRefusal(
                TLS_SERVER_CERTIFICATE_REVOKED,
                "the server's certificate, " + ClientCertificate.name(server)
                        + ", or one in its chain was revoked according to ssl.crl; have a new one issued for the server");
    }

    private static boolean has(CertificateException error, BasicReason reason) {
        return SqlErrors.cause(error, CertPathValidatorException.class)
                .filter(invalid -> invalid.getReason() == reason)
                .isPresent();
    }

    private TlsRefusal untrusted(X509Certificate server, CertificateException error) {
        Throwable reason = error;
        while (reason.getCause() != null && reason.getCause() != reason) {
            reason = reason.getCause();
        }
        return new TlsRefusal(
                TLS_UNTRUSTED_SERVER,
                "the server's certificate, " + ClientCertificate.name(server) + ", issued by "
                        + server.getIssuerX500Principal().getName() + ", is not trusted by the certificates in "
                        + truststore + " (" + reason.getMessage()
                        + "); give the certificate of the authority that issued it as ssl.truststore"
                        + (isCurrent(server) ? "" : "; it has also expired"));
    }

    private static TlsRefusal outOfDate(X509Certificate[] chain) {
        for (X509Certificate certificate : chain) {
            if (!isCurrent(certificate)) {
                return new TlsRefusal(
                        TLS_SERVER_CERTIFICATE_EXPIRED,
                        "the server's certificate, " + ClientCertificate.name(certificate) + ", is valid from "
                                + certificate.getNotBefore().toInstant() + " to "
                                + certificate.getNotAfter().toInstant()
                                + "; have it renewed, or correct this machine's clock");
            }
        }
        return new TlsRefusal(
                TLS_SERVER_CERTIFICATE_EXPIRED,
                "a certificate in the server's chain has expired; have it renewed, and update ssl.truststore");
    }

    /** Whether it is within its dates now. */
    static boolean isCurrent(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return true;
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            return false;
        }
    }

    private static boolean isOutOfDate(CertificateException error) {
        for (Throwable at = error; at != null; at = at.getCause()) {
            if (at instanceof CertPathValidatorException invalid
                    && (invalid.getReason() == BasicReason.EXPIRED
                            || invalid.getReason() == BasicReason.NOT_YET_VALID)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("not a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return rules.getAcceptedIssuers();
    }
}
