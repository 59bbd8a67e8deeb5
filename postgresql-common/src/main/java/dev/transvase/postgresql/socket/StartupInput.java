package dev.transvase.postgresql.socket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the server sends to a {@link Startup}: looks for the date style that the server reports and tells the driver an ISO one, and
 * for a request for the password in clear text, before the driver would answer it. After the log-in it steps aside, unless the
 * server's own is none: then each later report has to be looked at.
 */
final class StartupInput extends InputStream {

    private static final byte PARAMETER_STATUS = 'S';
    private static final byte AUTHENTICATION = 'R';
    private static final int CLEAR_TEXT_PASSWORD = 3;

    /** What is looked at is short, whatever a server may say. */
    private static final int LONGEST = 1 << 20;

    private static final byte READY = 'Z';
    private static final String DATE_STYLE = "DateStyle";

    /** Type and length. */
    private static final int HEADER = 5;

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final Startup startup;
    private final boolean secretive;

    /** Whether messages have to be separated. */
    private boolean messages;

    /** What was read ahead, from {@link #at} to {@link #limit}. */
    private byte[] ahead = new byte[0];

    private int at;
    private int limit;

    /** What of the current message is to be handed on as it is. */
    private long left;

    /** The beginning of a message, up to {@link #gathered}: a time-out may come within it. */
    private byte[] message = new byte[HEADER];

    private int gathered;

    /** What is to be handed on in place of what was gathered. */
    private ByteBuffer ready = ByteBuffer.allocate(0);

    /** @param secretive whether a request for the password in clear text ends the log-in */
    StartupInput(InputStream in, Startup startup, boolean secretive) {
        this.in = in;
        this.startup = startup;
        this.secretive = secretive;
    }

    /** What comes from now on is messages. */
    void messages() {
        messages = true;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (!messages && at == limit && !ready.hasRemaining()) {
            return in.read(to, offset, length);
        }
        while (!ready.hasRemaining()) {
            if (!messages || left > 0) {
                int read = take(to, offset, messages ? (int) Math.min(length, left) : length);
                left -= Math.max(read, 0);
                return read;
            }
            if (!gather()) {
                return -1;
            }
        }
        int read = Math.min(length, ready.remaining());
        ready.get(to, offset, read);
        return read;
    }

    /** Reads the next message's header, or the whole of it when it may have to be changed; false at the end. */
    private boolean gather() throws IOException {
        while (gathered < message.length) {
            int read = take(message, gathered, message.length - gathered);
            if (read < 0) {
                return false;
            }
            gathered += read;
            if (gathered == HEADER && isLookedAt(message[0])) {
                message = Arrays.copyOf(message, 1 + length(message));
            }
        }
        if (message[0] == AUTHENTICATION && message.length > HEADER) {
            requireNotClearText(message);
        }
        if (message[0] == PARAMETER_STATUS) {
            ready = ByteBuffer.wrap(reported(message));
        } else {
            ready = ByteBuffer.wrap(message);
            left = (long) ByteBuffer.wrap(message).getInt(1) + 1 - message.length;
            messages = message[0] != READY || startup.isForeignToTheDriver();
        }
        message = new byte[HEADER];
        gathered = 0;
        return true;
    }

    private boolean isLookedAt(byte type) {
        return type == PARAMETER_STATUS || (secretive && type == AUTHENTICATION);
    }

    private static int length(byte[] message) throws IOException {
        int length = ByteBuffer.wrap(message).getInt(1);
        if (length < Integer.BYTES || length > LONGEST) {
            throw new IOException("the server sent something other than a PostgreSQL message");
        }
        return length;
    }

    private static void requireNotClearText(byte[] request) throws ClearTextRefusal {
        if (request.length >= HEADER + Integer.BYTES
                && ByteBuffer.wrap(request).getInt(HEADER) == CLEAR_TEXT_PASSWORD) {
            throw new ClearTextRefusal();
        }
    }

    private byte[] reported(byte[] status) {
        String[] parts = new String(status, HEADER, status.length - HEADER, StandardCharsets.UTF_8).split("\0", -1);
        if (parts.length < 2 || !parts[0].equals(DATE_STYLE)) {
            return status;
        }
        byte[] sent = (DATE_STYLE + '\0' + startup.reported(parts[1]) + '\0').getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER + sent.length)
                .put(PARAMETER_STATUS)
                .putInt(Integer.BYTES + sent.length)
                .put(sent)
                .array();
    }

    /** Reads from what was read ahead, and reads ahead where messages have to be separated. */
    private int take(byte[] to, int offset, int length) throws IOException {
        if (at == limit) {
            if (length >= BUFFER) {
                return in.read(to, offset, length);
            }
            if (ahead.length == 0) {
                ahead = new byte[BUFFER];
            }
            int read = in.read(ahead, 0, BUFFER);
            if (read < 0) {
                return -1;
            }
            at = 0;
            limit = read;
        }
        int read = Math.min(length, limit - at);
        System.arraycopy(ahead, at, to, offset, read);
        at += read;
        if (!messages && at == limit) {
            ahead = new byte[0];
        }
        return read;
    }

    @Override
    public int available() throws IOException {
        return ready.remaining() + limit - at + in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
