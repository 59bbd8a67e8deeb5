package dev.transvase.postgresql.tls;

import static dev.transvase.postgresql.error.PostgresErrors.TLS_KEY_PASSWORD_MISSING;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_KEY_PASSWORD_WRONG;
import static dev.transvase.postgresql.error.PostgresErrors.TLS_KEY_UNREADABLE;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.util.Optional;

/**
 * Reads a private key in the forms that OpenSSL writes: PKCS#8, PKCS#1 (RSA) and SEC 1 (EC), in PEM or DER, plain or
 * encrypted. The driver knows few of them. The key stays in memory.
 */
final class PrivateKeyFile {

    private static final String CONVERT =
            "; convert it with: openssl pkcs8 -topk8 -in OLD.key -out client.pk8 (it asks for a password; -nocrypt"
                    + " leaves the"
                    + " key unencrypted)";

    private final Path file;
    private final Optional<Secret> password;

    private PrivateKeyFile(Path file, Optional<Secret> password) {
        this.file = file;
        this.password = password;
    }

    /**
     * Blocks on the disk.
     *
     * @param password ignored when the key is not encrypted
     * @throws TransvaseException USER that names the file
     */
    static PrivateKey read(Path file, Optional<Secret> password) {
        return new PrivateKeyFile(file, password).key(TlsFiles.content("privateKey", file));
    }

    private PrivateKey key(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        try {
            if (!text.contains("-----BEGIN ")) {
                return der(content);
            }
            PemKey pem = PemKey.find(text).orElseThrow(() -> unreadable("it contains no private key"));
            return pem.dekInfo().isPresent()
                    ? decrypted(EncryptedKey.traditional(pem.dekInfo().get(), pem.content()))
                    : der(pem.content());
        } catch (Der.Malformed e) {
            throw unreadable("it is not a private key in PEM or DER format, or it is damaged (" + e.getMessage() + ")");
        } catch (GeneralSecurityException e) {
            throw unreadable("this kind of key or encryption is not supported (" + e.getMessage() + ")");
        }
    }

    private PrivateKey der(byte[] der) throws Der.Malformed, GeneralSecurityException {
        return new Der(der).enter(Der.SEQUENCE).tag() == Der.SEQUENCE
                ? decrypted(EncryptedKey.pkcs8(der))
                : KeyEncoding.decode(der);
    }

    private PrivateKey decrypted(EncryptedKey key) throws GeneralSecurityException {
        Secret secret = password.orElseThrow(() -> TransvaseException.of(
                TLS_KEY_PASSWORD_MISSING,
                "ssl.privateKey: " + file + " is encrypted; give its password as ssl.privateKeyPassword"));
        try {
            return KeyEncoding.decode(key.decrypt(secret));
        } catch (EncryptedKey.WrongPassword | InvalidKeySpecException | Der.Malformed e) {
            // One wrong password in about 256 passes the check of the padding and leaves noise.
            throw wrongPassword();
        }
    }

    private TransvaseException wrongPassword() {
        return TransvaseException.of(
                TLS_KEY_PASSWORD_WRONG,
                "ssl.privateKey: " + file
                        + " cannot be decrypted with ssl.privateKeyPassword; correct the password or the file");
    }

    private TransvaseException unreadable(String why) {
        return TransvaseException.of(
                TLS_KEY_UNREADABLE, "ssl.privateKey: " + file + " cannot be used, " + why + CONVERT);
    }
}
