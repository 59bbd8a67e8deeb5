package dev.transvase.ui.security;

import static dev.transvase.ui.error.UiErrors.TLS_FILES;

import dev.transvase.spi.error.TransvaseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's certificate and its private key, from files in PEM. */
public final class ServerTls {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final char[] NO_PASSWORD = new char[0];

    private ServerTls() {}

    /**
     * A key store with both. Blocks on the disk.
     *
     * @throws TransvaseException USER when one is not what it should be, or they do not belong together
     */
    public static KeyStore keyStore(Path certificate, Path key) {
        try {
            Certificate[] chain = chain(certificate);
            PrivateKey privateKey = key(key);
            requirePair(chain[0].getPublicKey(), privateKey);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("server", privateKey, NO_PASSWORD, chain);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw TransvaseException.of(TLS_FILES, "--certificate and --key cannot be used: " + e.getMessage(), e);
        }
    }

    private static Certificate[] chain(Path file) throws GeneralSecurityException {
        byte[] bytes = bytes(file, "--certificate");
        Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bytes))
                .toArray(Certificate[]::new);
        if (chain.length == 0) {
            throw TransvaseException.of(TLS_FILES, "--certificate: there is no certificate in " + file);
        }
        return chain;
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException {
        Matcher pem = KEY.matcher(new String(bytes(file, "--key"), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw TransvaseException.of(
                    TLS_FILES,
                    "--key: expected a private key between BEGIN PRIVATE KEY and END PRIVATE KEY in " + file
                            + "; convert another one with `openssl pkcs8 -topk8 -nocrypt -in KEY -out FILE`");
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        InvalidKeySpecException last = null;
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                last = e; // a key of another kind
            }
        }
        throw TransvaseException.of(TLS_FILES, "--key: the private key in " + file + " is of an unknown kind", last);
    }

    private static byte[] bytes(Path file, String option) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw TransvaseException.of(TLS_FILES, option + ": " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What one signs the other has to know. */
    private static void requirePair(PublicKey publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        String kind = privateKey.getAlgorithm();
        boolean alike = kind.equals(publicKey.getAlgorithm());
        if (alike && (kind.equals("RSA") || kind.equals("EC"))) {
            Signature signature = Signature.getInstance(kind.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(privateKey);
            signature.update((byte) 1);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update((byte) 1);
            alike = signature.verify(signed);
        }
        if (!alike) {
            throw TransvaseException.of(TLS_FILES, "--key is not the private key of --certificate");
        }
    }
}
