package dev.transvase.postgresql.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;

/** Unencrypted private keys in DER: PKCS#8, PKCS#1 and SEC 1. */
final class KeyEncoding {

    private KeyEncoding() {}

    static PrivateKey decode(byte[] der) throws Der.Malformed, GeneralSecurityException {
        Der key = new Der(der).enter(Der.SEQUENCE);
        int version = key.smallInteger();
        return switch (key.tag()) {
            case Der.SEQUENCE -> pkcs8(der, key.enter(Der.SEQUENCE).oid());
            case Der.INTEGER -> pkcs1(key, version);
            case Der.OCTETS -> sec1(key);
            default -> throw new Der.Malformed("neither PKCS#8 nor PKCS#1 nor SEC 1");
        };
    }

    /** The JDK's key factories go by the algorithm's object identifier, all but one. */
    private static PrivateKey pkcs8(byte[] der, String algorithm) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm.equals("1.2.840.10045.2.1") ? "EC" : algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static PrivateKey pkcs1(Der key, int version) throws Der.Malformed, GeneralSecurityException {
        if (version != 0) {
            throw new Der.Malformed("an RSA key of more than two primes");
        }
        BigInteger[] numbers = new BigInteger[8];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = key.integer();
        }
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        numbers[0],
                        numbers[1],
                        numbers[2],
                        numbers[3],
                        numbers[4],
                        numbers[5],
                        numbers[6],
                        numbers[7]));
    }

    private static PrivateKey sec1(Der key) throws Der.Malformed, GeneralSecurityException {
        BigInteger number = new BigInteger(1, key.content(Der.OCTETS));
        if (key.tag() != Der.CONTEXT_0) {
            throw new Der.Malformed("an EC key without its curve");
        }
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        try {
            curve.init(key.enter(Der.CONTEXT_0).rest());
        } catch (IOException e) {
            throw new GeneralSecurityException("an EC key on an unknown curve", e);
        }
        return KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(number, curve.getParameterSpec(ECParameterSpec.class)));
    }
}
