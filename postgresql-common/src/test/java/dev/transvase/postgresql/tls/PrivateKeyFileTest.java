package dev.transvase.postgresql.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.Sources;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys as OpenSSL writes them. */
class PrivateKeyFileTest {

    @TempDir
    private Path folder;

    private static PrivateKey read(Path file, String password) {
        return PrivateKeyFile.read(file, Optional.ofNullable(password).map(Secret::new));
    }

    private static void assertRefused(Path file, String password, String code, String... hints) {
        assertThatThrownBy(() -> read(file, password)).isInstanceOfSatisfying(TransvaseException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.type()).isEqualTo(ErrorType.USER);
            assertThat(e).hasMessageStartingWith("ssl.privateKey: ").hasMessageContaining(file.toString());
            assertThat(List.of(hints)).allSatisfy(hint -> assertThat(e).hasMessageContaining(hint));
            assertThat(Sources.everything(e)).doesNotContain(Sources.PASSWORD).doesNotContain("Wr0ng");
        });
    }

    static Iterable<TestingKey> all() {
        return TestingKey.readable();
    }

    static Iterable<TestingKey> encrypted() {
        return TestingKey.encrypted();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyFormIsTheSameKey(TestingKey key) {
        assertSame(read(key.file(), key.password()), read(key.plain().file(), null));
        // A password that is not needed is not looked at.
        assertSame(read(key.file(), Sources.PASSWORD), read(key.plain().file(), null));
    }

    private static void assertSame(PrivateKey key, PrivateKey expected) {
        if (key instanceof ECPrivateKey ec && expected instanceof ECPrivateKey plain) {
            // Not every form holds the public key, which is part of what the JDK compares.
            assertThat(ec.getS()).isEqualTo(plain.getS());
            assertThat(ec.getParams()).isSameAs(plain.getParams());
        } else {
            assertThat(key).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("encrypted")
    void anEncryptedKeyNeedsItsPassword(TestingKey key) {
        assertRefused(key.file(), null, "TLS_KEY_PASSWORD_MISSING", "ssl.privateKeyPassword");
        assertRefused(key.file(), "Wr0ng", "TLS_KEY_PASSWORD_WRONG", "ssl.privateKeyPassword");
    }

    /** One wrong password in 256 passes the check of the padding. */
    @Test
    void noiseIsAWrongPasswordToo() {
        Path file = TestingKey.named("ec-traditional-aes128.pem").file();
        for (int i = 0; i < 600; i++) {
            assertRefused(file, "Wr0ng" + i, "TLS_KEY_PASSWORD_WRONG");
        }
    }

    @Test
    void textAroundTheKeyAndWindowsLineEndsDoNotMatter() throws IOException {
        String pem =
                Files.readString(TestingKey.named("rsa-traditional-aes256.pem").file());
        Path file = Files.writeString(
                folder.resolve("client.pk8"), "\uFEFFMy key: \n\n" + pem.replace("\n", "\r\n") + "\r\nthe end");
        assertThat(read(file, Sources.PASSWORD))
                .isEqualTo(read(TestingKey.named("rsa-pkcs8.pem").file(), null));
    }

    @Test
    void whatCannotBeReadSaysHowToConvertIt() throws IOException {
        assertRefused(
                TestingKey.named("rsa-pkcs8-scrypt.pem").file(),
                Sources.PASSWORD,
                "TLS_KEY_UNREADABLE",
                "key derivation",
                "openssl pkcs8 -topk8");
        assertRefused(TestingKey.named("rsa-public.pem").file(), null, "TLS_KEY_UNREADABLE", "contains no private key");
        Path openSsh = Files.writeString(
                folder.resolve("id_rsa"),
                "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n");
        assertRefused(openSsh, null, "TLS_KEY_UNREADABLE", "openssl");
    }

    @Test
    void garbageIsNoKey() throws IOException {
        Random random = new Random(7);
        for (TestingKey key : TestingKey.readable()) {
            byte[] whole = Files.readAllBytes(key.file());
            for (int i = 0; i < 8; i++) {
                byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length - 40));
                Path file = Files.write(folder.resolve("cut"), cut);
                assertThatThrownBy(() -> read(file, Sources.PASSWORD))
                        .as("%s, %d bytes", key, cut.length)
                        .isInstanceOfSatisfying(
                                TransvaseException.class,
                                e -> assertThat(e.code()).isEqualTo("TLS_KEY_UNREADABLE"));
            }
        }
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            assertRefused(Files.write(folder.resolve("noise"), noise), Sources.PASSWORD, "TLS_KEY_UNREADABLE");
        }
        for (String text : new String[] {
            "",
            "0",
            "not a key",
            "-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,xy\n\nAAAA\n-----END RSA"
                    + " PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: ROT13,00\n\nAAAA\n-----END RSA"
                    + " PRIVATE KEY-----"
        }) {
            Path file = Files.write(folder.resolve("text"), text.getBytes(StandardCharsets.US_ASCII));
            assertRefused(file, Sources.PASSWORD, "TLS_KEY_UNREADABLE");
        }
    }

    @Test
    void aFileThatIsNoneOrMuchTooLarge() throws IOException {
        assertRefused(folder.resolve("absent"), null, "TLS_FILE_NOT_FOUND");
        assertRefused(folder, null, "TLS_FILE_NOT_FOUND");
        assertRefused(Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]), null, "TLS_FILE_TOO_LARGE");
    }
}
