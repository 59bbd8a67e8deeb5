package dev.transvase.postgresql.copy;

import static dev.transvase.postgresql.error.PostgresErrors.COPY_MALFORMED;

import dev.transvase.spi.error.TransvaseException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the rows in the messages of a binary COPY: the first message starts with the header, a field count of -1 is the
 * trailer.
 */
final class CopyFraming {

    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

    /** Signature, flags, length of the extension. */
    private static final int HEADER = SIGNATURE.length + 2 * Integer.BYTES;

    private static final short TRAILER = -1;

    private boolean headerRead;
    private boolean trailerRead;

    /** Where the message's row starts; -1 when it holds none. */
    int rowStart(byte[] message) {
        int start = headerRead ? 0 : skipHeader(message);
        if (start == message.length) {
            return -1;
        }
        if (message.length - start < Short.BYTES || trailerRead) {
            throw unexpected("a row of " + (message.length - start) + " bytes");
        }
        if (ByteBuffer.wrap(message).getShort(start) == TRAILER) {
            trailerRead = true;
            return -1;
        }
        return start;
    }

    /** Whether the trailer has been read. */
    boolean complete() {
        return trailerRead;
    }

    private int skipHeader(byte[] message) {
        if (message.length < HEADER || !Arrays.equals(message, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw unexpected("data that does not start with the header of binary COPY");
        }
        headerRead = true;
        int extension = ByteBuffer.wrap(message).getInt(HEADER - Integer.BYTES);
        if (extension < 0 || extension > message.length - HEADER) {
            throw unexpected("a header with an extension of " + extension + " bytes");
        }
        return HEADER + extension;
    }

    private static TransvaseException unexpected(String what) {
        return TransvaseException.of(COPY_MALFORMED, "the server sent " + what, null);
    }
}
