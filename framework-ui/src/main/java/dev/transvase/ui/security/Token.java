package dev.transvase.ui.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** A random text that nobody guesses, for addresses and cookies. */
final class Token {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private final byte[] bytes;

    private Token(byte[] bytes) {
        this.bytes = bytes;
    }

    static Token random() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return new Token(Base64.getUrlEncoder().withoutPadding().encode(random));
    }

    String text() {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** Takes as long for any text of one length, so that its time tells nothing. */
    boolean is(String text) {
        return MessageDigest.isEqual(bytes, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Not the text: it would end in a log. */
    @Override
    public String toString() {
        return "***";
    }
}
