package dev.transvase.postgresql.tls;

import dev.transvase.spi.parameter.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A private key encrypted with a password. The algorithms are the JDK's; its own reading of PBES2 lacks the older ciphers
 * that OpenSSL used for long, and it does not know the traditional form.
 */
@FunctionalInterface
interface EncryptedKey {

    /** The password is not the one that the key was encrypted with. */
    final class WrongPassword extends GeneralSecurityException {

        private static final long serialVersionUID = 1L;

        WrongPassword(Throwable cause) {
            super(cause);
        }
    }

    /**
     * The key's plain form.
     *
     * @throws WrongPassword where that shows; a wrong password may also give noise
     * @throws GeneralSecurityException when the JDK does not have the algorithm
     */
    byte[] decrypt(Secret password) throws GeneralSecurityException;

    /** An {@code EncryptedPrivateKeyInfo} of PKCS#8. */
    static EncryptedKey pkcs8(byte[] der) throws Der.Malformed, GeneralSecurityException {
        Der info = new Der(der).enter(Der.SEQUENCE);
        Der algorithm = info.enter(Der.SEQUENCE);
        String scheme = algorithm.oid();
        if (scheme.equals("1.2.840.113549.1.5.13")) {
            return pbes2(algorithm.enter(Der.SEQUENCE), info.content(Der.OCTETS));
        }
        try {
            return pbes1(new EncryptedPrivateKeyInfo(der));
        } catch (IOException e) {
            throw new GeneralSecurityException("scheme " + scheme, e);
        }
    }

    /** The schemes of PKCS#5 version 1.5 and PKCS#12, for example PBE-MD5-DES. */
    private static EncryptedKey pbes1(EncryptedPrivateKeyInfo info) {
        return password -> {
            String scheme = info.getAlgName();
            PBEKeySpec spec = new PBEKeySpec(password.reveal().toCharArray());
            try {
                Cipher cipher = Cipher.getInstance(scheme);
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        SecretKeyFactory.getInstance(scheme).generateSecret(spec),
                        info.getAlgParameters());
                return decrypted(cipher, info.getEncryptedData());
            } catch (InvalidKeySpecException e) {
                throw new GeneralSecurityException(scheme + " takes a password of ASCII characters only", e);
            } finally {
                spec.clearPassword();
            }
        };
    }

    /** The scheme of PKCS#5 version 2, which OpenSSL uses by default. */
    private static EncryptedKey pbes2(Der parameters, byte[] content) throws Der.Malformed, GeneralSecurityException {
        Der derivation = parameters.enter(Der.SEQUENCE);
        String function = derivation.oid();
        if (!function.equals("1.2.840.113549.1.5.12")) {
            throw new GeneralSecurityException("key derivation " + function);
        }
        Der pbkdf2 = derivation.enter(Der.SEQUENCE);
        byte[] salt = pbkdf2.content(Der.OCTETS);
        int iterations = pbkdf2.smallInteger();
        if (salt.length == 0 || iterations < 1) {
            throw new Der.Malformed("no salt or no iterations");
        }
        if (pbkdf2.tag() == Der.INTEGER) {
            // The length of the key: the cipher says it.
            pbkdf2.integer();
        }
        String mac = pbkdf2.hasMore() ? mac(pbkdf2.enter(Der.SEQUENCE).oid()) : "HmacSHA1";
        Der encryption = parameters.enter(Der.SEQUENCE);
        BlockCipher cipher = BlockCipher.named(encryption.oid());
        byte[] iv = encryption.content(Der.OCTETS);
        return password -> {
            PBEKeySpec spec =
                    new PBEKeySpec(password.reveal().toCharArray(), salt, iterations, cipher.keyBytes() * Byte.SIZE);
            try {
                return cipher.decrypt(
                        SecretKeyFactory.getInstance("PBKDF2With" + mac)
                                .generateSecret(spec)
                                .getEncoded(),
                        iv,
                        content);
            } finally {
                spec.clearPassword();
            }
        };
    }

    private static String mac(String oid) throws GeneralSecurityException {
        return switch (oid) {
            case "1.2.840.113549.2.7" -> "HmacSHA1";
            case "1.2.840.113549.2.8" -> "HmacSHA224";
            case "1.2.840.113549.2.9" -> "HmacSHA256";
            case "1.2.840.113549.2.10" -> "HmacSHA384";
            case "1.2.840.113549.2.11" -> "HmacSHA512";
            default -> throw new GeneralSecurityException("message authentication " + oid);
        };
    }

    /**
     * The form of OpenSSL before PKCS#8: the cipher's key is made with MD5 from the password and the first bytes of the
     * vector.
     *
     * @param dekInfo the cipher and its initialisation vector, for example {@code AES-256-CBC,0A1B...}
     */
    static EncryptedKey traditional(String dekInfo, byte[] content) throws Der.Malformed, GeneralSecurityException {
        int comma = dekInfo.indexOf(',');
        if (comma < 0) {
            throw new Der.Malformed("no DEK-Info with cipher and vector");
        }
        BlockCipher cipher = BlockCipher.named(dekInfo.substring(0, comma).strip());
        byte[] iv;
        try {
            iv = HexFormat.of().parseHex(dekInfo.substring(comma + 1).strip());
        } catch (IllegalArgumentException e) {
            throw new Der.Malformed("a DEK-Info that cannot be read");
        }
        if (iv.length != cipher.blockBytes()) {
            throw new Der.Malformed("a DEK-Info with a vector of another cipher");
        }
        return password -> cipher.decrypt(traditionalKey(password, iv, cipher.keyBytes()), iv, content);
    }

    private static byte[] traditionalKey(Secret password, byte[] iv, int length) throws GeneralSecurityException {
        byte[] secret = password.reveal().getBytes(StandardCharsets.UTF_8);
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        byte[] key = new byte[length];
        byte[] digest = new byte[0];
        for (int filled = 0; filled < length; filled += digest.length) {
            md5.update(digest);
            md5.update(secret);
            md5.update(iv, 0, 8);
            digest = md5.digest();
            System.arraycopy(digest, 0, key, filled, Math.min(digest.length, length - filled));
        }
        Arrays.fill(secret, (byte) 0);
        return key;
    }

    private static byte[] decrypted(Cipher cipher, byte[] content) throws GeneralSecurityException {
        try {
            return cipher.doFinal(content);
        } catch (BadPaddingException | IllegalBlockSizeException e) {
            throw new WrongPassword(e);
        }
    }

    /** A cipher in CBC mode, in the terms of the JDK. */
    record BlockCipher(String algorithm, int keyBytes, int blockBytes) {

        private static BlockCipher named(String name) throws GeneralSecurityException {
            return switch (name.toUpperCase(Locale.ROOT)) {
                case "AES-128-CBC", "2.16.840.1.101.3.4.1.2" -> new BlockCipher("AES", 16, 16);
                case "AES-192-CBC", "2.16.840.1.101.3.4.1.22" -> new BlockCipher("AES", 24, 16);
                case "AES-256-CBC", "2.16.840.1.101.3.4.1.42" -> new BlockCipher("AES", 32, 16);
                case "DES-EDE3-CBC", "1.2.840.113549.3.7" -> new BlockCipher("DESede", 24, 8);
                default -> throw new GeneralSecurityException("cipher " + name);
            };
        }

        private byte[] decrypt(byte[] key, byte[] iv, byte[] content) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance(algorithm + "/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, algorithm), new IvParameterSpec(iv));
            return decrypted(cipher, content);
        }
    }
}
