package dev.transvase.postgresql.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.Sources;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Secret;
import dev.transvase.testing.TestingAuthority;
import dev.transvase.testing.TestingCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {

    private final TestingAuthority authority = TestingAuthority.named("ca");
    private final TestingCertificate client = authority.client("me");

    @TempDir
    private Path folder;

    private Path ca;
    private Path certificate;
    private Path key;

    @BeforeEach
    void write() throws IOException {
        ca = file("ca.pem", authority.pem());
        certificate = file("client.crt", client.pem());
        key = file("client.pk8", client.keyPem());
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static Properties apply(SslMode mode, Path truststore, Path keystore, Path key, String password) {
        Properties properties = new Properties();
        // As a URL may have it.
        properties.setProperty("sslpassword", "of a URL");
        TlsFiles.apply(
                new Ssl(
                        mode,
                        Optional.ofNullable(truststore),
                        Optional.ofNullable(keystore),
                        Optional.ofNullable(key),
                        Optional.ofNullable(password).map(Secret::new),
                        Optional.empty()),
                properties);
        return properties;
    }

    @Test
    void modesInTheDriversTerms() {
        assertThat(apply(SslMode.DISABLE, ca, null, null, null)).containsEntry("sslmode", "disable");
        assertThat(apply(SslMode.PREFER, null, null, null, null))
                .containsEntry("sslmode", "allow")
                .doesNotContainKey("sslpassword");
        assertThat(apply(SslMode.PREFER, ca, null, null, null)).containsEntry("sslmode", "verify-ca");
        assertThat(apply(SslMode.VERIFY_CA, ca, certificate, key, null)).containsEntry("sslmode", "verify-ca");
        assertThat(apply(SslMode.VERIFY_FULL, ca, null, null, null)).containsEntry("sslmode", "verify-full");
    }

    @Test
    void withTlsOffTheFilesAreNotLookedAt() {
        Path absent = folder.resolve("absent");
        assertThat(apply(SslMode.DISABLE, absent, absent, absent, null)).doesNotContainKey("sslcert");
    }

    @Test
    void aTruststoreHoldsSeveralCertificatesInAnyForm() throws IOException {
        TestingAuthority other = TestingAuthority.named("other");
        byte[] pkcs7 = TestingAuthority.pkcs7(other, authority);
        Path der = Files.write(folder.resolve("ca.p7b"), pkcs7);
        Path armoured = file("ca-pem.p7b", TestingCertificate.pem("PKCS7", pkcs7));
        Path text = file("both.pem", "Certificate:\n    Data: 0-1\n" + other.pem() + "\nand\r\n" + authority.pem());
        for (Path file : new Path[] {der, armoured, text}) {
            assertThat(TlsFiles.trusted(apply(SslMode.PREFER, file, null, null, null)))
                    .as(file.toString())
                    .extracting(c -> c.getSubjectX500Principal().getName())
                    .containsExactlyInAnyOrder("CN=other", "CN=ca");
        }
    }

    private static void assertRefused(String code, Path truststore, Path keystore, Path key, Path named) {
        assertThatThrownBy(() -> apply(SslMode.PREFER, truststore, keystore, key, Sources.PASSWORD))
                .isInstanceOfSatisfying(TransvaseException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.type()).isEqualTo(ErrorType.USER);
                    assertThat(e).hasMessageContaining(named.toString());
                    assertThat(Sources.everything(e)).doesNotContain(Sources.PASSWORD);
                });
    }

    @Test
    void aFileThatIsNotThere() {
        Path absent = folder.resolve("absent");
        assertRefused("TLS_FILE_NOT_FOUND", absent, null, null, absent);
        assertRefused("TLS_FILE_NOT_FOUND", ca, absent, key, absent);
        assertRefused("TLS_FILE_NOT_FOUND", ca, certificate, absent, absent);
    }

    @Test
    void whatIsNoCertificate() throws IOException {
        byte[] cut = authority.pem().substring(0, 200).getBytes(StandardCharsets.US_ASCII);
        for (byte[] content :
                new byte[][] {{}, {0x30, 0x03, 1, 2, 3}, "not one".getBytes(StandardCharsets.US_ASCII), cut}) {
            Path file = Files.write(folder.resolve("garbage"), content);
            assertRefused("TLS_CERTIFICATE_UNREADABLE", file, null, null, file);
            assertRefused("TLS_CERTIFICATE_UNREADABLE", ca, file, key, file);
        }
        assertRefused("TLS_CERTIFICATE_UNREADABLE", key, null, null, key);
    }

    @Test
    void aKeyOfAnotherCertificate() throws IOException {
        Path other = file("other.pk8", authority.client("me").keyPem());
        assertRefused("TLS_KEY_MISMATCH", ca, certificate, other, other);
        Path rsa = TestingKey.named("rsa-pkcs8.pem").file();
        assertRefused("TLS_KEY_MISMATCH", ca, certificate, rsa, rsa);
    }
}
