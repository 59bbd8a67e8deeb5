package dev.sluice.postgresql;

import dev.sluice.postgresql.PostgresDataSource.Ssl;
import dev.sluice.spi.SluiceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import javax.crypto.EncryptedPrivateKeyInfo;
import org.postgresql.PGProperty;

/**
 * Hands the TLS files of a data source to the driver. The driver reads certificates in PEM and PKCS#7, and private keys
 * in PKCS#8 DER, plain or encrypted with one of PKCS#5's older schemes. Every other form of a key is refused here with
 * what to do about it; this is the place to convert one.
 */
final class TlsFiles {

    private static final String CONVERT =
            "openssl pkcs8 -topk8 -in client.key -outform DER -out client.pk8 -nocrypt (or -v1 PBE-MD5-DES for an"
                    + " encrypted one)";

    private TlsFiles() {}

    /** Sets the driver's properties. Reads files: blocks on the disk. */
    static void apply(Ssl ssl, Properties properties) {
        PGProperty.SSL_MODE.set(properties, driverMode(ssl));
        ssl.truststore().ifPresent(file -> PGProperty.SSL_ROOT_CERT.set(properties, readable("truststore", file)));
        ssl.keystore().ifPresent(file -> PGProperty.SSL_CERT.set(properties, readable("keystore", file)));
        ssl.privateKey().ifPresent(file -> {
            PGProperty.SSL_KEY.set(properties, readable("privateKey", file));
            checkKey(file, ssl);
        });
        ssl.privateKeyPassword().ifPresent(p -> PGProperty.SSL_PASSWORD.set(properties, p.reveal()));
    }

    private static String driverMode(Ssl ssl) {
        return switch (ssl.mode()) {
            case DISABLE -> "disable";
            // S101: nothing to verify with means a regular connection; the server may still demand TLS.
            case PREFER -> ssl.truststore().isPresent() ? "verify-ca" : "allow";
            case VERIFY_CA -> "verify-ca";
            case VERIFY_FULL -> "verify-full";
        };
    }

    private static String readable(String parameter, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw SluiceException.user(
                    "TLS_FILE_NOT_FOUND",
                    "ssl." + parameter + ": no readable file " + file
                            + "; a relative path starts at the folder of the data sources file");
        }
        return file.toString();
    }

    private static void checkKey(Path file, Ssl ssl) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw SluiceException.user("TLS_FILE_NOT_FOUND", "ssl.privateKey: cannot read " + file, e);
        }
        String start = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.ISO_8859_1);
        if (start.contains("-----BEGIN")) {
            throw unusable(file, "it is in PEM form");
        }
        Optional<String> encryption = encryption(bytes);
        if (encryption.isPresent() && ssl.privateKeyPassword().isEmpty()) {
            throw SluiceException.user(
                    "TLS_KEY_PASSWORD_MISSING",
                    "ssl.privateKey: " + file + " is encrypted; give its password as ssl.privateKeyPassword");
        }
        if (encryption.isPresent() && encryption.get().toUpperCase(Locale.ROOT).contains("PBES2")) {
            throw unusable(file, "it is encrypted with PBES2");
        }
    }

    /** The name of the scheme a key is encrypted with; empty when it is not encrypted. */
    private static Optional<String> encryption(byte[] der) {
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
            return Optional.of(info.getAlgName().startsWith("1.2.840.113549.1.5.13") ? "PBES2" : info.getAlgName());
        } catch (IOException e) {
            // Not an encrypted key: the driver reads it, or tells that it cannot.
            return Optional.empty();
        }
    }

    private static SluiceException unusable(Path file, String why) {
        return SluiceException.user(
                "TLS_KEY_UNREADABLE",
                "ssl.privateKey: " + file + " cannot be used, " + why + "; convert it: " + CONVERT);
    }
}
