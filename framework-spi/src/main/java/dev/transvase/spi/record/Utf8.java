package dev.transvase.spi.record;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 that refuses what it cannot carry, where the platform's would put a question mark or U+FFFD. */
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** @throws MalformedValueException when the bytes are not UTF-8 */
    static String decode(byte[] data, int offset, int length) {
        String text = new String(data, offset, length, StandardCharsets.UTF_8);
        // The platform's decoder is much faster than a strict one, and leaves this trace of what it could not read.
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireValid(data, offset, length);
        }
        return text;
    }

    private static void requireValid(byte[] data, int offset, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(data, offset, length);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException e) {
            MalformedValueException malformed =
                    new MalformedValueException("not UTF-8 at byte " + (bytes.position() - offset) + " of " + length);
            malformed.initCause(e);
            throw malformed;
        }
    }

    /**
     * Appends the text.
     *
     * @throws IllegalArgumentException when a surrogate stands alone; part of the text may have been appended then
     */
    static void encode(CharSequence text, ByteSink out) {
        int length = text.length();
        int at = out.claim(length);
        byte[] bytes = out.bytes();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                out.truncate(at + i);
                encodeFrom(text, i, out);
                return;
            }
            bytes[at + i] = (byte) c;
        }
    }

    private static void encodeFrom(CharSequence text, int start, ByteSink out) {
        int at = out.claim(encodedLength(text, start));
        byte[] bytes = out.bytes();
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes[at++] = (byte) c;
            } else if (c < 0x800) {
                bytes[at++] = (byte) (0xC0 | (c >> 6));
                bytes[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                bytes[at++] = (byte) (0xE0 | (c >> 12));
                bytes[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                bytes[at++] = (byte) (0x80 | (c & 0x3F));
            } else {
                int codePoint = Character.toCodePoint(c, text.charAt(++i));
                bytes[at++] = (byte) (0xF0 | (codePoint >> 18));
                bytes[at++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
                bytes[at++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
                bytes[at++] = (byte) (0x80 | (codePoint & 0x3F));
            }
        }
    }

    private static int encodedLength(CharSequence text, int start) {
        long length = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                length += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                length += 4;
                i++;
            } else {
                throw new IllegalArgumentException(String.format(
                        "the text has half a surrogate pair, U+%04X, at index %d, which UTF-8 cannot encode",
                        (int) c, i));
            }
        }
        // More than an int holds is more than the sink takes: it says so.
        return (int) Math.min(length, Integer.MAX_VALUE);
    }
}
