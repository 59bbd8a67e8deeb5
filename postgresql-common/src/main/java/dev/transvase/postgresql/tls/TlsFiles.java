package dev.transvase.postgresql.tls;

import static dev.transvase.postgresql.error.PostgresErrors.TLS_CERTIFICATE_UNREADABLE;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_CRL_UNREADABLE;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_FILE_NOT_FOUND;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_FILE_TOO_LARGE;
import static dev.transvase.spi.error.CommonErrors.CONFLICTING_PARAMETERS;
import static dev.transvase.spi.error.CommonErrors.MISSING_PARAMETER;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * The TLS files of a data source. They are read twice: before a connection is tried, so that what is wrong with them is reported
 * whatever the server does, and by {@link TlsSocketFactory}, which the driver makes by its name and gives nothing but
 * properties.
 */
public final class TlsFiles {

    /** Certificates and keys are a few kilobytes. */
    private static final int LARGEST = 1 << 20;

    private static final List<PGProperty> SET_HERE = List.of(
            PGProperty.SSL,
            PGProperty.SSL_MODE,
            PGProperty.SSL_FACTORY,
            PGProperty.SSL_HOSTNAME_VERIFIER,
            PGProperty.SSL_ROOT_CERT,
            PGProperty.SSL_CERT,
            PGProperty.SSL_KEY,
            PGProperty.SSL_PASSWORD);

    private TlsFiles() {}

    /**
     * Sets the driver's properties. Reads files: blocks on the disk.
     *
     * @throws TransvaseException USER that names a file that cannot be used
     */
    public static void apply(Ssl ssl, Properties properties) {
        PGProperty.SSL_MODE.set(properties, driverMode(ssl));
        if (ssl.mode() == SslMode.DISABLE) {
            return;
        }
        PGProperty.SSL_FACTORY.set(properties, TlsSocketFactory.class.getName());
        PGProperty.SSL_HOSTNAME_VERIFIER.set(properties, ServerName.class.getName());
        set(PGProperty.SSL_ROOT_CERT, ssl.truststore().map(Path::toString), properties);
        set(PGProperty.SSL_CERT, ssl.keystore().map(Path::toString), properties);
        set(PGProperty.SSL_KEY, ssl.privateKey().map(Path::toString), properties);
        set(PGProperty.SSL_PASSWORD, ssl.privateKeyPassword().map(Secret::reveal), properties);
        set(PGProperty.SSL_FACTORY_ARG, ssl.crl().map(Path::toString), properties);
        ssl.truststore().ifPresent(file -> certificates("truststore", file));
        revoked(properties);
        clientCertificate(properties);
    }

    /** Refuses properties that say otherwise what the data source says under {@code ssl}. */
    public static void checkProperties(Map<String, String> properties, Checks checks) {
        for (PGProperty property : SET_HERE) {
            if (properties.containsKey(property.getName())) {
                checks.error(
                        "properties." + property.getName(),
                        CONFLICTING_PARAMETERS,
                        "the property " + property.getName() + " is set through ssl, but both are given",
                        "remove one of them");
            }
        }
    }

    /** What a URL may have given does not stand beside what the data source says. */
    private static void set(PGProperty property, Optional<String> value, Properties properties) {
        properties.remove(property.getName());
        value.ifPresent(text -> property.set(properties, text));
    }

    private static String driverMode(Ssl ssl) {
        return switch (ssl.mode()) {
            case DISABLE -> "disable";
            // Nothing to verify with means a regular connection; the server may still demand TLS.
            case PREFER -> ssl.truststore().isPresent() ? "verify-ca" : "allow";
            case VERIFY_CA -> "verify-ca";
            case VERIFY_FULL -> "verify-full";
        };
    }

    /** The certificate and key that {@link #apply} put into the properties. */
    static Optional<ClientCertificate> clientCertificate(Properties properties) {
        String certificate = PGProperty.SSL_CERT.getOrDefault(properties);
        String key = PGProperty.SSL_KEY.getOrDefault(properties);
        if (certificate == null || key == null) {
            return Optional.empty();
        }
        Optional<Secret> password = Optional.ofNullable(PGProperty.SSL_PASSWORD.getOrDefault(properties))
                .map(Secret::new);
        return Optional.of(ClientCertificate.read(Path.of(certificate), Path.of(key), password));
    }

    /** The certificates to trust that {@link #apply} put into the properties. */
    static List<X509Certificate> trusted(Properties properties) {
        String file = PGProperty.SSL_ROOT_CERT.getOrDefault(properties);
        if (file == null) {
            throw TransvaseException.of(
                    MISSING_PARAMETER, "ssl.truststore is missing, so the server cannot be verified");
        }
        return certificates("truststore", Path.of(file));
    }

    /** The lists of revoked certificates that {@link #apply} put into the properties; empty when there are none. */
    static Collection<? extends CRL> revoked(Properties properties) {
        String file = PGProperty.SSL_FACTORY_ARG.getOrDefault(properties);
        if (file == null) {
            return List.of();
        }
        try {
            Collection<? extends CRL> lists = CertificateFactory.getInstance("X.509")
                    .generateCRLs(new ByteArrayInputStream(content("crl", Path.of(file))));
            if (lists.isEmpty()) {
                throw noList(file, "it contains no list");
            }
            return lists;
        } catch (GeneralSecurityException e) {
            throw noList(file, "it is not a valid certificate revocation list (" + e.getMessage() + ")");
        }
    }

    private static TransvaseException noList(String file, String why) {
        return TransvaseException.of(
                TLS_CRL_UNREADABLE,
                "ssl.crl: " + file + " cannot be used, " + why + "; expected PEM (BEGIN X509 CRL) or DER");
    }

    /** All certificates of a file in PEM, DER or PKCS#7; at least one. */
    static List<X509Certificate> certificates(String parameter, Path file) {
        List<X509Certificate> certificates;
        try {
            certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content(parameter, file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
        } catch (CertificateException e) {
            throw noCertificate(parameter, file, "it contains no valid certificates (" + e.getMessage() + ")");
        }
        if (certificates.isEmpty()) {
            throw noCertificate(parameter, file, "it contains no certificate");
        }
        return certificates;
    }

    private static TransvaseException noCertificate(String parameter, Path file, String why) {
        return TransvaseException.of(
                TLS_CERTIFICATE_UNREADABLE,
                "ssl." + parameter + ": " + file + " cannot be used, " + why
                        + "; expected certificates in PEM form (BEGIN CERTIFICATE) or PKCS#7 (.p7b)");
    }

    /** The bytes of a file that the data source names as {@code ssl.<parameter>}. */
    static byte[] content(String parameter, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw TransvaseException.of(
                    TLS_FILE_NOT_FOUND,
                    "ssl." + parameter + ": no readable file " + file
                            + "; a relative path starts at the folder of the data sources file");
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw TransvaseException.of(
                        TLS_FILE_TOO_LARGE,
                        "ssl." + parameter + ": " + file + " is larger than 1 MiB, which is too large for such a file");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw TransvaseException.of(TLS_FILE_NOT_FOUND, "ssl." + parameter + ": cannot read " + file, e);
        }
    }
}
