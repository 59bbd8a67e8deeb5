package dev.transvase.postgresql.socket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Lets a session begin with the server's own settings. The driver tells the server its time zone and its date style as it logs
 * in, and from then on nothing can tell what they would be otherwise: {@code RESET} and {@code SET ... TO DEFAULT} go back to what the
 * driver has set. So these two are taken out of what the driver sends. Used by the connection's thread.
 *
 * <p>A connection has two pairs of streams when it is encrypted, one beneath the other. Only the one that the log-in goes
 * through finds it; the others hand on what they are given.
 */
final class Startup {

    private static final int PROTOCOL_3 = 3;

    /** Length, protocol. */
    private static final int HEADER = 8;

    /** As the server has it. */
    private static final int LONGEST = 10_000;

    private static final Set<String> LEFT_TO_THE_SERVER = Set.of("DateStyle", "TimeZone");

    private boolean found;
    private boolean secretive;
    private String dateStyle = "";

    /** Refuses a server that asks for the password in clear text, unless the log-in is encrypted. */
    void refuseClearText() {
        secretive = true;
    }

    /** Whether the log-in came by, so that what the server reports is its own. */
    boolean found() {
        return found;
    }

    /** The server's own date style, for example {@code SQL, DMY}; empty before it has been reported. */
    String dateStyle() {
        return dateStyle;
    }

    /** Called with each date style that the server reports; returns what the driver receives, which accepts nothing but ISO. */
    String reported(String style) {
        if (dateStyle.isEmpty()) {
            dateStyle = style;
        }
        int comma = style.indexOf(',');
        return comma < 0 ? "ISO" : "ISO" + style.substring(comma);
    }

    /** Whether the driver would refuse to work with the server's own date style. */
    boolean isForeignToTheDriver() {
        return !dateStyle.startsWith("ISO");
    }

    /** The two streams of a socket with this in between. */
    Streams over(InputStream in, OutputStream out) {
        return new Streams(in, out, secretive);
    }

    /** The same of a socket that encrypts. */
    Streams overEncrypted(InputStream in, OutputStream out) {
        return new Streams(in, out, false);
    }

    /** A pair of streams; the input has to know when the log-in went out over the output. */
    final class Streams {

        private final StartupInput input;
        private final OutputStream output;

        private Streams(InputStream in, OutputStream out, boolean secretive) {
            this.input = new StartupInput(in, Startup.this, secretive);
            this.output = new Output(out, input);
        }

        InputStream input() {
            return input;
        }

        OutputStream output() {
            return output;
        }
    }

    private final class Output extends OutputStream {

        private final OutputStream out;
        private final StartupInput input;

        Output(OutputStream out, StartupInput input) {
            this.out = out;
            this.input = input;
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!found && isLogin(bytes, offset, length)) {
                found = true;
                input.messages();
                byte[] shortened = withoutSettings(bytes, offset, length);
                out.write(shortened, 0, shortened.length);
            } else {
                out.write(bytes, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** The driver sends it in one piece: length, protocol, then names and values, each with a zero behind it, and a zero. */
    static boolean isLogin(byte[] bytes, int offset, int length) {
        if (length <= HEADER || length > LONGEST || bytes[offset + length - 1] != 0) {
            return false;
        }
        ByteBuffer message = ByteBuffer.wrap(bytes, offset, length);
        return message.getInt() == length && message.getShort() == PROTOCOL_3;
    }

    static byte[] withoutSettings(byte[] bytes, int offset, int length) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(length);
        kept.write(bytes, offset, HEADER);
        int end = offset + length - 1;
        int at = offset + HEADER;
        while (at < end) {
            int value = after(bytes, at, end);
            int next = after(bytes, value, end);
            String name = new String(bytes, at, value - at - 1, StandardCharsets.UTF_8);
            if (!LEFT_TO_THE_SERVER.contains(name)) {
                kept.write(bytes, at, next - at);
            }
            at = next;
        }
        kept.write(0);
        byte[] message = kept.toByteArray();
        ByteBuffer.wrap(message).putInt(message.length);
        return message;
    }

    /** Where the text ends that starts here, its zero included. */
    private static int after(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != 0) {
            at++;
        }
        return Math.min(at + 1, end);
    }
}
