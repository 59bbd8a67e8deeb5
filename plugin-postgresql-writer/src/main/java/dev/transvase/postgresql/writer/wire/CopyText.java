package dev.transvase.postgresql.writer.wire;

import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/** The text of a COPY, sent in pieces: a value of any size takes no more memory than one of them. */
public final class CopyText {

    /** It is sent in pieces of about this size. */
    static final int PIECE = 1 << 16;

    /** This many bytes of a value are put into their text form at once. */
    private static final int SLICE = PIECE / 4;

    private final ByteBuilder piece = new ByteBuilder(2 * PIECE);

    /** Where it is sent to. */
    private CopyIn copy;

    public void begin(CopyIn to) {
        copy = to;
        piece.clear();
    }

    public void append(char ascii) {
        piece.append(ascii);
    }

    /** Appends UTF-8, with what means something to a COPY escaped. */
    void appendEscaped(byte[] data, int offset, int length) throws SQLException {
        for (int from = offset; from < offset + length; from += SLICE) {
            piece.appendEscaped(data, from, Math.min(SLICE, offset + length - from));
            sendIfFull();
        }
    }

    /** Appends bytes as the text of a {@code bytea}, in hex. */
    void appendHex(byte[] data, int offset, int length) throws SQLException {
        piece.append('\\');
        piece.append('\\');
        piece.append('x');
        for (int from = offset; from < offset + length; from += SLICE) {
            piece.appendHexDigits(data, from, Math.min(SLICE, offset + length - from));
            sendIfFull();
        }
    }

    public void sendIfFull() throws SQLException {
        if (piece.size() >= PIECE) {
            send();
        }
    }

    /** Sends what is left. */
    public void send() throws SQLException {
        copy.writeToCopy(piece.data(), 0, piece.size());
        piece.clear();
    }
}
