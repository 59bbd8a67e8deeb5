package dev.transvase.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of a test, recreated each time, so that nothing it issues is ever out of date unless it is meant
 * to be. It has no state beyond its key and may be used by several threads.
 */
public final class TestingAuthority {
    private static final Duration DAY = Duration.ofDays(1);

    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestingAuthority(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** An authority that signs its own certificate. */
    public static TestingAuthority named(String name) {
        KeyPair keys = newKeys();
        X500Name subject = new X500Name("CN=" + name);
        return new TestingAuthority(keys, issue(subject, keys, subject, keys.getPublic(), DAY, true));
    }

    /** An authority below this one. */
    public TestingAuthority intermediate(String name) {
        KeyPair lower = newKeys();
        X509Certificate issued = issue(subject(), keys, new X500Name("CN=" + name), lower.getPublic(), DAY, true);
        return new TestingAuthority(lower, issued);
    }

    /** A server's certificate for these host names and addresses. */
    public TestingCertificate server(String... names) {
        return server(DAY, names);
    }

    /** A server's certificate that was valid until yesterday. */
    public TestingCertificate expiredServer(String... names) {
        return server(DAY.negated(), names);
    }

    private TestingCertificate server(Duration validFor, String... names) {
        KeyPair server = newKeys();
        return new TestingCertificate(
                issue(subject(), keys, new X500Name("CN=server"), server.getPublic(), validFor, false, names),
                server.getPrivate());
    }

    /** A client's certificate with a new key. */
    public TestingCertificate client(String commonName) {
        KeyPair client = newKeys();
        return new TestingCertificate(client(commonName, client.getPublic()), client.getPrivate());
    }

    /** A client's certificate for a key that already exists. */
    public X509Certificate client(String commonName, PublicKey key) {
        return issue(subject(), keys, new X500Name("CN=" + commonName), key, DAY, false);
    }

    /** A client's certificate that was valid until yesterday. */
    public TestingCertificate expiredClient(String commonName) {
        KeyPair client = newKeys();
        return new TestingCertificate(
                issue(subject(), keys, new X500Name("CN=" + commonName), client.getPublic(), DAY.negated(), false),
                client.getPrivate());
    }

    /** The authority's own certificate in PEM. */
    public String pem() {
        return TestingCertificate.pem(certificate);
    }

    /** The authority's list of revoked certificates in PEM, current for a day. */
    public String revocations(X509Certificate... revoked) {
        return revocations(DAY, revoked);
    }

    /** One that a newer should have replaced yesterday. */
    public String oldRevocations(X509Certificate... revoked) {
        return revocations(DAY.negated(), revoked);
    }

    private String revocations(Duration validFor, X509Certificate... revoked) {
        Instant now = Instant.now();
        X509v2CRLBuilder list = new X509v2CRLBuilder(subject(), Date.from(now.minus(DAY.multipliedBy(2))));
        list.setNextUpdate(Date.from(now.plus(validFor)));
        for (X509Certificate one : revoked) {
            list.addCRLEntry(one.getSerialNumber(), Date.from(now.minus(DAY)), CRLReason.keyCompromise);
        }
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return TestingCertificate.pem("X509 CRL", list.build(signer).getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificates of several authorities in one PKCS#7 container, DER. */
    public static byte[] pkcs7(TestingAuthority... authorities) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertPath(
                            Arrays.stream(authorities).map(a -> a.certificate).toList())
                    .getEncoded("PKCS7");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X500Name subject() {
        return new X500Name(certificate.getSubjectX500Principal().getName());
    }

    /** @param validFor negative: that long ago it ended */
    private static X509Certificate issue(
            X500Name issuer,
            KeyPair authority,
            X500Name subject,
            PublicKey key,
            Duration validFor,
            boolean isAuthority,
            String... names) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(TestingPostgres.randomHex(), 16).add(BigInteger.ONE),
                Date.from(now.minus(DAY.multipliedBy(2))),
                Date.from(now.plus(validFor)),
                subject,
                key);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate());
            byte[] encoded = builder.build(signer).getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralNames alternatives(String... names) {
        return new GeneralNames(Arrays.stream(names)
                .map(name ->
                        new GeneralName(name.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
