package dev.transvase.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.ui.security.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Served by TLS. */
class TlsTest {

    private static final String PASSWORD = "password";

    @TempDir
    Path folder;

    /** What {@code keytool} makes, as PEM. */
    private KeyStore pair(String name) throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=localhost",
                        "-validity",
                        "2",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Key key = store.getKey("server", PASSWORD.toCharArray());
        pem(name + ".crt", "CERTIFICATE", store.getCertificate("server").getEncoded());
        pem(name + ".key", "PRIVATE KEY", key.getEncoded());
        return store;
    }

    private void pem(String name, String what, byte[] der) throws IOException {
        Files.writeString(
                folder.resolve(name),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                        + "-----\n");
    }

    @Test
    void theCookieNeverLeavesTheEncryptedConnection()
            throws IOException, InterruptedException, GeneralSecurityException {
        KeyStore store = pair("server");
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("server", store.getCertificate("server"));
        trusted.init(certificates);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusted.getTrustManagers(), null);
        HttpClient client = HttpClient.newBuilder().sslContext(context).build();
        try (TestingUi ui = new TestingUi(folder)) {
            ui.startTls(folder.resolve("server.crt"), folder.resolve("server.key"));
            URI address = ui.address();
            assertThat(address.getScheme()).isEqualTo("https");
            HttpResponse<String> entered =
                    client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            assertThat(entered.statusCode()).isEqualTo(302);
            assertThat(entered.headers().firstValue("set-cookie").orElseThrow()).contains("; Secure", "HttpOnly");
            assertThat(entered.headers().firstValue("strict-transport-security"))
                    .isPresent();
            HttpRequest asked = HttpRequest.newBuilder(address.resolve("/api/v1/jobs"))
                    .header("Authorization", "Bearer " + ui.token())
                    .header("Origin", "https://" + address.getAuthority())
                    .build();
            assertThat(client.send(asked, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void filesThatDoNotGoTogetherAreRefused() throws IOException, InterruptedException, GeneralSecurityException {
        pair("a");
        pair("b");
        Path certificate = folder.resolve("a.crt");
        assertThat(ServerTls.keyStore(certificate, folder.resolve("a.key")).size())
                .isEqualTo(1);
        for (Path key : new Path[] {folder.resolve("b.key"), certificate, folder.resolve("none")}) {
            assertThatThrownBy(() -> ServerTls.keyStore(certificate, key))
                    .as(key.toString())
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TLS_FILES"));
        }
        assertThatThrownBy(() -> ServerTls.keyStore(folder.resolve("a.key"), folder.resolve("a.key")))
                .isInstanceOf(TransvaseException.class);
    }
}
