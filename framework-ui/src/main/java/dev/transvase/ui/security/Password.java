package dev.transvase.ui.security;

import static dev.transvase.ui.error.UiErrors.PASSWORD_TOO_SHORT;

import dev.transvase.spi.error.TransvaseException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A password, known only as what PBKDF2 makes of it: {@code pbkdf2-sha256$ITERATIONS$SALT$HASH}, the last two in Base64. */
public final class Password {

    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
    private static final String NAME = "pbkdf2-sha256";
    private static final int ITERATIONS = 600_000;
    private static final int LEAST_ITERATIONS = 100_000;
    private static final int MOST_ITERATIONS = 10_000_000;
    private static final int SHORTEST = 12;
    private static final int SALT = 16;
    private static final int BITS = 256;
    private static final Pattern LINE =
            Pattern.compile(Pattern.quote(NAME) + "\\$(\\d{1,9})\\$([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+)");

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private Password(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /**
     * The line of a file for this password, with a salt of its own.
     *
     * @throws TransvaseException USER when it is too short
     */
    public static String line(char[] password) {
        if (password.length < SHORTEST) {
            throw TransvaseException.of(
                    PASSWORD_TOO_SHORT, "expected a password of at least " + SHORTEST + " characters");
        }
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder();
        return NAME
                + '$'
                + ITERATIONS
                + '$'
                + base64.encodeToString(salt)
                + '$'
                + base64.encodeToString(hash(password, salt, ITERATIONS));
    }

    /** Reads such a line; empty when it is none. */
    static Optional<Password> of(String line) {
        Matcher parts = LINE.matcher(line.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        int iterations = Integer.parseInt(parts.group(1));
        if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
            return Optional.empty();
        }
        try {
            byte[] salt = Base64.getDecoder().decode(parts.group(2));
            byte[] hash = Base64.getDecoder().decode(parts.group(3));
            return hash.length * 8 == BITS ? Optional.of(new Password(iterations, salt, hash)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no Base64
        }
    }

    /** Whether it is this one. Takes about a second of a processor, right or wrong. */
    boolean is(char[] typed) {
        return MessageDigest.isEqual(hash, hash(typed, salt, iterations));
    }

    private static byte[] hash(char[] password, byte[] salt, int iterations) {
        PBEKeySpec key = new PBEKeySpec(password, salt, iterations, BITS);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(key).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        } finally {
            key.clearPassword();
            Arrays.fill(password, '\0');
        }
    }
}
