package dev.transvase.postgresql.tls;

import dev.transvase.postgresql.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * A key file as OpenSSL wrote it.
 *
 * @param name kind of key, then form, as in the resources
 * @param password null when it is not encrypted
 */
public record TestingKey(String name, String password) {

    private static final List<String> PLAIN = List.of(
            "rsa-pkcs8.pem",
            "rsa-pkcs8.der",
            "rsa-pkcs1.pem",
            "rsa-pkcs1.der",
            "ec-pkcs8.pem",
            "ec-sec1.pem",
            "ec-sec1.der",
            "ed25519-pkcs8.pem");

    private static final List<String> ENCRYPTED = List.of(
            "rsa-pkcs8-encrypted.pem",
            "rsa-pkcs8-encrypted.der",
            "rsa-pkcs8-aes256-sha512.der",
            "rsa-pkcs8-aes192-sha1.der",
            "rsa-pkcs8-des3.pem",
            "rsa-pkcs8-md5-des.der",
            "rsa-pkcs8-sha1-3des.pem",
            "rsa-traditional-aes256.pem",
            "rsa-traditional-des3.pem",
            "ec-traditional-aes128.pem",
            "ec-pkcs8-encrypted.der");

    public static TestingKey named(String name) {
        return new TestingKey(name, PLAIN.contains(name) ? null : Sources.PASSWORD);
    }

    /** Every form that is read. */
    public static List<TestingKey> readable() {
        return Stream.concat(PLAIN.stream(), ENCRYPTED.stream())
                .map(TestingKey::named)
                .toList();
    }

    public static List<TestingKey> encrypted() {
        return ENCRYPTED.stream().map(TestingKey::named).toList();
    }

    public Path file() {
        try {
            return Path.of(TestingKey.class.getResource("keys/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same key as plain PKCS#8. */
    public TestingKey plain() {
        return named(kind() + "-pkcs8.pem");
    }

    public PublicKey publicKey() {
        try {
            String pem = Files.readString(named(kind() + "-public.pem").file());
            byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*", ""));
            String algorithm = kind().equals("ed25519") ? "Ed25519" : kind();
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String kind() {
        return name.substring(0, name.indexOf('-'));
    }

    @Override
    public String toString() {
        return name;
    }
}
