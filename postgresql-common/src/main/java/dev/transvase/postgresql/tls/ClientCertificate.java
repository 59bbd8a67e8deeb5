package dev.transvase.postgresql.tls;

import static dev.transvase.postgresql.error.PostgresErrors.TLS_KEY_MISMATCH;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * What a client shows to a server to say who it is.
 *
 * @param chain its certificate, then those that lead to an authority, if the file has them
 * @param key the certificate's private key
 */
record ClientCertificate(List<X509Certificate> chain, PrivateKey key) {

    /**
     * Reads both files; blocks on the disk.
     *
     * @throws TransvaseException USER that names the file that cannot be used
     */
    static ClientCertificate read(Path certificate, Path key, Optional<Secret> password) {
        List<X509Certificate> chain = TlsFiles.certificates("keystore", certificate);
        PrivateKey privateKey = PrivateKeyFile.read(key, password);
        if (!belongsTo(privateKey, chain.get(0).getPublicKey())) {
            throw TransvaseException.of(
                    TLS_KEY_MISMATCH,
                    "ssl.privateKey: " + key + " is not the key of the certificate in ssl.keystore " + certificate
                            + ", " + name(chain.get(0)) + "; give the key that the certificate was issued for");
        }
        return new ClientCertificate(chain, privateKey);
    }

    private static boolean belongsTo(PrivateKey key, PublicKey certified) {
        // The JDK names a key on Edwards' curves EdDSA and its signatures, too.
        String signatures = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "DSA" -> "SHA256withDSA";
            default -> certified.getAlgorithm();
        };
        if (signatures.equals("RSASSA-PSS")) {
            // Such a signature needs parameters; the server notices a wrong key.
            return key.getAlgorithm().equals(signatures);
        }
        byte[] text = "whose key is it".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(signatures);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** The name that a server compares with the user's; empty when it has none. */
    static Optional<String> commonName(X509Certificate certificate) {
        try {
            LdapName subject = new LdapName(name(certificate));
            return subject.getRdns().stream()
                    .filter(part -> part.getType().equalsIgnoreCase("CN"))
                    .map(Rdn::getValue)
                    .map(String::valueOf)
                    .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /** For messages. */
    static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }
}
