package dev.sluice.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.postgresql.PostgresDataSource.Ssl;
import dev.sluice.postgresql.PostgresDataSource.SslMode;
import dev.sluice.spi.Secret;
import dev.sluice.spi.SluiceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {

    /** A key of no use, as {@code openssl pkcs8 -topk8 -outform DER} of OpenSSL 3 writes it. */
    private static final String PBES2 =
            "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgCw93ecPz4SgICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoE"
                    + "EFwfqKHtr4ZoLXIw2ULAGUwEgZBfL10TZgEAM3bWAnCwNSLFsBBlq4J17Er9r33g9pQZBe7DIUqURMvkb7Arfn118EIplMBaMzmP"
                    + "q3I5ELNLZZz16ehvsKjCZsjyngTjgftdr/jhmQP6eB+RA6gPAeARQ06oW9TOgHWfwxiwgN4CK3F+MAp5sisgRmd7KcY+97vo6sAX"
                    + "xOUZrQgBN0sYxHt1BIc=";

    @TempDir
    private Path folder;

    private byte[] key;

    @BeforeEach
    void generate() throws GeneralSecurityException {
        key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static Properties apply(SslMode mode, Path truststore, Path keystore, Path key, String password) {
        Properties properties = new Properties();
        TlsFiles.apply(
                new Ssl(
                        mode,
                        Optional.ofNullable(truststore),
                        Optional.ofNullable(keystore),
                        Optional.ofNullable(key),
                        Optional.ofNullable(password).map(Secret::new)),
                properties);
        return properties;
    }

    @Test
    void modesInTheDriversTerms_S101_S104() throws IOException {
        Path ca = file("ca.pem", new byte[0]);
        assertThat(apply(SslMode.DISABLE, ca, null, null, null)).containsEntry("sslmode", "disable");
        assertThat(apply(SslMode.PREFER, null, null, null, null)).containsEntry("sslmode", "allow");
        assertThat(apply(SslMode.PREFER, ca, null, null, null))
                .containsEntry("sslmode", "verify-ca")
                .containsEntry("sslrootcert", ca.toString());
        assertThat(apply(SslMode.VERIFY_CA, ca, null, null, null)).containsEntry("sslmode", "verify-ca");
        assertThat(apply(SslMode.VERIFY_FULL, ca, null, null, null)).containsEntry("sslmode", "verify-full");
    }

    @Test
    void filesAndPasswordAreHandedOn_S107_S109() throws IOException, GeneralSecurityException {
        Path cert = file("client.crt", new byte[0]);
        Path encrypted = file("client.pk8", encrypted("PBEWithMD5AndDES"));
        assertThat(apply(SslMode.VERIFY_CA, cert, cert, encrypted, "pw"))
                .containsEntry("sslcert", cert.toString())
                .containsEntry("sslkey", encrypted.toString())
                .containsEntry("sslpassword", "pw");
        Path plain = file("plain.pk8", key);
        assertThat(apply(SslMode.VERIFY_CA, cert, cert, plain, null)).containsEntry("sslkey", plain.toString());
    }

    @Test
    void aFileThatIsNotThere() {
        assertRefused("TLS_FILE_NOT_FOUND", folder.resolve("absent"), null, null);
    }

    @Test
    void aKeyThatTheDriverCannotRead() throws IOException, GeneralSecurityException {
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key);
        assertRefused("TLS_KEY_UNREADABLE", null, file("pem.pk8", pem.getBytes(StandardCharsets.US_ASCII)), null);
        Path pbes2 = file("pbes2.pk8", Base64.getDecoder().decode(PBES2));
        assertRefused("TLS_KEY_UNREADABLE", null, pbes2, "pw");
        Path withoutPassword = file("md5.pk8", encrypted("PBEWithMD5AndDES"));
        assertRefused("TLS_KEY_PASSWORD_MISSING", null, withoutPassword, null);
    }

    private static void assertRefused(String code, Path truststore, Path key, String password) {
        assertThatThrownBy(() -> apply(SslMode.PREFER, truststore, null, key, password))
                .isInstanceOfSatisfying(SluiceException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e).hasMessageContaining((truststore == null ? key : truststore).toString());
                });
    }

    private byte[] encrypted(String scheme) throws GeneralSecurityException, IOException {
        SecretKey secret = SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec("pw".toCharArray()));
        Cipher cipher = Cipher.getInstance(scheme);
        cipher.init(Cipher.ENCRYPT_MODE, secret);
        byte[] content = cipher.doFinal(key);
        return new EncryptedPrivateKeyInfo(cipher.getParameters(), content).getEncoded();
    }
}
