package dev.transvase.postgresql.tls;

import static dev.transvase.postgresql.error.PostgresErrors.TLS_CLIENT_CERTIFICATE_EXPIRED;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_CLIENT_CERTIFICATE_REFUSED;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_CLIENT_CERTIFICATE_REQUIRED;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_CLIENT_NAME_MISMATCH;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_FAILED;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_NOT_OFFERED;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_REQUIRED;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import java.io.EOFException;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.postgresql.PGProperty;
import org.postgresql.util.GT;

/**
 * Says what is wrong between the TLS of a data source and that of the server. Where only the server's words tell its refusals
 * apart, these are known in English; in other languages the refusal is passed on unchanged.
 *
 * @param to the start of messages
 * @param database the data source's
 * @param username likewise
 * @param properties what the driver was given
 */
public record TlsErrors(String to, String database, String username, Properties properties) {

    /** In pg_hba.conf no line for an unencrypted connection fits, or the one that does rejects it. */
    private static final Pattern REFUSES_PLAIN = Pattern.compile("pg_hba\\.conf.*(SSL off|no encryption)");

    private static final Pattern ALERT_ON_CERTIFICATE =
            Pattern.compile("Received fatal alert: (\\w*certificate\\w*|unknown_ca|decrypt_error|access_denied)");

    /** Empty when TLS has nothing to do with it. */
    public Optional<TransvaseException> translate(SQLException error) {
        return SqlErrors.cause(error, TransvaseException.class)
                .or(() -> SqlErrors.cause(error, TlsRefusal.class)
                        .map(refusal -> external(refusal.code(), " with TLS: " + refusal.getMessage(), error)))
                .or(() -> byServersWords(error))
                .or(() -> byCause(error));
    }

    private Optional<TransvaseException> byServersWords(SQLException error) {
        if (!SqlErrors.sqlState(error).equals("28000")) {
            return Optional.empty();
        }
        String words = SqlErrors.message(error);
        if (isRefusalOfPlain(error) && "disable".equals(PGProperty.SSL_MODE.getOrDefault(properties))) {
            return Optional.of(external(
                    TLS_REQUIRED,
                    ", database " + database + ": the server accepts no unencrypted connection from user "
                            + username + ", and the data source does not allow TLS (" + words
                            + "); choose ssl.mode prefer, verify-ca or verify-full, and if the server refuses that"
                            + " as well, add an entry to its pg_hba.conf",
                    error));
        }
        if (words.contains("connection requires a valid client certificate")) {
            return Optional.of(clientCertificate().isEmpty() ? certificateMissing(error) : certificateNotShown(error));
        }
        if (words.contains("certificate authentication failed")) {
            return Optional.of(external(
                    TLS_CLIENT_NAME_MISMATCH,
                    ": the server rejects the client certificate for user " + username
                            + ": its common name is " + commonName().orElse("missing") + " (ssl.keystore "
                            + keystore().orElseThrow()
                            + "); use a certificate whose CN is the user's name, the right username, or a map in the"
                            + " server's pg_ident.conf",
                    error));
        }
        return Optional.empty();
    }

    private TransvaseException certificateMissing(SQLException error) {
        return external(
                TLS_CLIENT_CERTIFICATE_REQUIRED,
                ": the server requires a client certificate from user " + username
                        + ", but the data source has none; add ssl.keystore and ssl.privateKey",
                error);
    }

    /** A certificate is shown only to a server that names one of its authorities. */
    private TransvaseException certificateNotShown(SQLException error) {
        X509Certificate certificate = clientCertificate().orElseThrow();
        return external(
                TLS_CLIENT_CERTIFICATE_REFUSED,
                ": the server requires a client certificate from an authority that it trusts, but the one in"
                        + " ssl.keystore "
                        + keystore().orElseThrow() + " was issued by another one, "
                        + certificate.getIssuerX500Principal().getName()
                        + "; have it issued by one of the server's authorities, or add its authority to the server's"
                        + " ssl_ca_file",
                error);
    }

    private Optional<TransvaseException> byCause(SQLException error) {
        if (isNotOffered(error)) {
            return Optional.of(external(
                    TLS_NOT_OFFERED,
                    " with TLS: the server does not offer it; enable it there (ssl = on), or, to connect unencrypted,"
                            + " remove ssl.truststore and choose ssl.mode prefer or disable",
                    error));
        }
        Optional<String> alert = SqlErrors.cause(error, SSLException.class).map(e -> String.valueOf(e.getMessage()));
        boolean certificateRefused =
                alert.filter(m -> ALERT_ON_CERTIFICATE.matcher(m).find()).isPresent();
        boolean hungUp = clientCertificate().isPresent() && hangsUp(error);
        if (clientCertificate().isPresent() && (certificateRefused || hungUp)) {
            X509Certificate certificate = clientCertificate().orElseThrow();
            if (!ServerTrust.isCurrent(certificate)) {
                return Optional.of(external(
                        TLS_CLIENT_CERTIFICATE_EXPIRED,
                        " with TLS: the client certificate in ssl.keystore "
                                + keystore().orElseThrow() + " is valid from "
                                + certificate.getNotBefore().toInstant() + " to "
                                + certificate.getNotAfter().toInstant() + "; have a new one issued",
                        error));
            }
        }
        if (certificateRefused || hungUp) {
            return Optional.of(external(
                    TLS_CLIENT_CERTIFICATE_REFUSED,
                    " with TLS: the server "
                            + (certificateRefused
                                    ? "refused the client certificate"
                                    : "closed the connection after it received the client certificate")
                            + keystore().map(file -> " in ssl.keystore " + file).orElse("")
                            + alert.map(text -> " (" + text + ")").orElse("")
                            + "; it must be issued by an authority in the server's ssl_ca_file, and the server's log"
                            + " has details",
                    error));
        }
        return alert.map(text -> external(
                TLS_FAILED,
                " with TLS: " + text
                        + "; check the server's TLS versions and ciphers, and its log, and the data source's" + " ssl",
                error));
    }

    /** What a refusal can look like when the connection is gone before its reason arrives. */
    private static boolean hangsUp(SQLException error) {
        return SqlErrors.cause(error, EOFException.class).isPresent()
                || SqlErrors.cause(error, SocketException.class)
                        .filter(e -> e.getClass() == SocketException.class)
                        .isPresent();
    }

    /** For a refused password: servers with {@code clientcert=verify-full} refuse a wrong name in the same words. */
    public String nameAdvice() {
        return commonName()
                .filter(name -> !name.equals(username))
                .map(name ->
                        "; or the server requires the client certificate to name the user: its common name is " + name)
                .orElse("");
    }

    /** The driver gives neither a cause nor a state of its own when the server answers a request for TLS with no. */
    public static boolean isNotOffered(SQLException error) {
        return GT.tr("The server does not support SSL.").equals(error.getMessage());
    }

    public static boolean isRefusalOfPlain(SQLException error) {
        return REFUSES_PLAIN.matcher(SqlErrors.message(error)).find();
    }

    private Optional<Path> keystore() {
        return Optional.ofNullable(properties.getProperty(PGProperty.SSL_FACTORY.getName()))
                .filter(TlsSocketFactory.class.getName()::equals)
                .map(ours -> PGProperty.SSL_CERT.getOrDefault(properties))
                .map(Path::of);
    }

    private Optional<X509Certificate> clientCertificate() {
        return keystore().map(file -> TlsFiles.certificates("keystore", file).get(0));
    }

    private Optional<String> commonName() {
        return clientCertificate().flatMap(ClientCertificate::commonName);
    }

    private TransvaseException external(ErrorCode code, String message, SQLException cause) {
        return TransvaseException.of(code, to + message, cause);
    }
}
