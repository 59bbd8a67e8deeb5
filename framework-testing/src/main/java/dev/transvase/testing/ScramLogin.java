package dev.transvase.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** What a client says to a server that asks for a password by SCRAM-SHA-256, as RFC 5802 has it; does not verify the server. */
final class ScramLogin {

    private static final String FIRST_BARE = "n=,r=a-nonce-of-tests";
    private static final String HEADER = "n,,";

    private final String password;

    ScramLogin(String password) {
        this.password = password;
    }

    /** The mechanism, the length of what follows, and the first message. */
    byte[] initialResponse() {
        byte[] mechanism = utf8("SCRAM-SHA-256\0");
        byte[] first = utf8(HEADER + FIRST_BARE);
        return java.nio.ByteBuffer.allocate(mechanism.length + Integer.BYTES + first.length)
                .put(mechanism)
                .putInt(first.length)
                .put(first)
                .array();
    }

    /** The answer to the server's first message. */
    byte[] response(String serverFirst) {
        String[] parts = serverFirst.split(",", 3);
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        int iterations = Integer.parseInt(parts[2].substring(2));
        String finalBare = "c=" + Base64.getEncoder().encodeToString(utf8(HEADER)) + ',' + parts[0];
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
                    .getEncoded();
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
            byte[] signature = hmac(storedKey, FIRST_BARE + ',' + serverFirst + ',' + finalBare);
            byte[] proof = new byte[clientKey.length];
            for (int i = 0; i < proof.length; i++) {
                proof[i] = (byte) (clientKey[i] ^ signature[i]);
            }
            return utf8(finalBare + ",p=" + Base64.getEncoder().encodeToString(proof));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(utf8(text));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
