package dev.transvase.cli.process;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;

/** What was given on the command line, as the JVM has read it. */
public final class Arguments {

    /** What the JVM puts in place of bytes that mean nothing. */
    private static final char REPLACEMENT = '\uFFFD';

    private Arguments() {}

    /**
     * Why one of these is not what the user has written; empty when all are.
     *
     * @param encoding as the JVM calls the one that it has read them in
     */
    public static Optional<String> problem(String[] arguments, String encoding) {
        boolean utf8 = isUtf8(encoding);
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.indexOf(REPLACEMENT) >= 0) {
                return Optional.of("argument " + (i + 1) + " of the command line is not UTF-8: " + argument);
            }
            if (!utf8 && argument.chars().anyMatch(c -> c > '\u007F')) {
                return Optional.of("argument " + (i + 1)
                        + " of the command line has characters beyond ASCII, which Java reads as " + encoding
                        + " under this locale; set LC_ALL to a UTF-8 locale, such as C.UTF-8 or en_US.UTF-8");
            }
        }
        return Optional.empty();
    }

    private static boolean isUtf8(String encoding) {
        try {
            return Charset.forName(encoding).equals(StandardCharsets.UTF_8);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return false;
        }
    }
}
