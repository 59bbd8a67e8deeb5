package dev.transvase.postgresql.tls;

import static dev.transvase.spi.error.CommonErrors.CONFLICTING_PARAMETERS;
import static dev.transvase.spi.error.CommonErrors.MISSING_PARAMETER;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.spi.parameter.Validated;
import java.nio.file.Path;
import java.util.Optional;

/** How a connection is encrypted and who is verified. */
public record Ssl(
        @Parameter(
                description = "disable: no TLS. prefer: with a truststore, encrypted with the server's certificate"
                        + " verified; without one, not encrypted unless the server requires TLS. verify-ca: the"
                        + " server's certificate is verified; a client certificate and key are required."
                        + " verify-full: as verify-ca, and the certificate must match the host name; a client"
                        + " certificate and key are optional.",
                defaultValue = "prefer")
        SslMode mode,

        @Parameter(description = "Certificates to trust, .pem or .p7b.")
        Optional<Path> truststore,

        @Parameter(description = "The client's certificate, for example client.crt; its CN is the user's name.")
        Optional<Path> keystore,

        @Parameter(description = "The client's private key as OpenSSL writes it, for example client.pk8.")
        Optional<Path> privateKey,

        @Parameter(description = "Password of an encrypted private key.")
        Optional<Secret> privateKeyPassword,

        @Parameter(
                description = "Certificate revocation lists (CRL) of all authorities in the chain of the server's"
                        + " certificate, PEM or DER.")
        Optional<Path> crl)
        implements Validated {

    @Override
    public void validate(Checks checks) {
        boolean verifies = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
        if (verifies && truststore.isEmpty()) {
            missing(checks, "truststore", "the certificate of the authority that signed the server's, .pem or .p7b");
        }
        boolean needsClient = mode == SslMode.VERIFY_CA;
        if (keystore.isEmpty() && (needsClient || privateKey.isPresent())) {
            missing(checks, "keystore", "the client's certificate");
        }
        if (privateKey.isEmpty() && (needsClient || keystore.isPresent())) {
            missing(checks, "privateKey", "the key of the client's certificate");
        }
        if (crl.isPresent() && (mode == SslMode.DISABLE || truststore.isEmpty())) {
            checks.error(
                    "crl",
                    CONFLICTING_PARAMETERS,
                    "crl is given, but the server's certificate is not verified",
                    "add ssl.truststore and choose an ssl.mode other than disable, or remove crl");
        }
        privateKey.ifPresent(file -> PrivateFiles.check("privateKey", file, checks));
    }

    private void missing(Checks checks, String parameter, String what) {
        checks.error(
                parameter,
                MISSING_PARAMETER,
                parameter + " is missing, " + what,
                "add ssl." + parameter + ", or choose another ssl.mode");
    }
}
