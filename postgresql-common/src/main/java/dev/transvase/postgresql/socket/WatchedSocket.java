package dev.transvase.postgresql.socket;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that tells how long its user's thread has waited in it for the network, and that another thread can end with a
 * reason. The bytes of a TLS connection go through one as well. Used by one thread at a time but for {@link #quietNanos}
 * and {@link #giveUp}.
 */
public final class WatchedSocket extends Socket {

    /** A larger write would look silent while a slow network takes it bit by bit. */
    private static final int WRITE = 1 << 16;

    /**
     * In bytes. Within one machine each piece that fits the window costs its sender the whole way through both ends of the
     * network. What does not fit gathers at the sender first, so a small window is the faster one there.
     */
    private static final int STREAM_WINDOW_HERE = 1 << 15;

    private static final Logger log = LoggerFactory.getLogger(WatchedSocket.class);

    private final Traffic traffic;

    private final Startup startup = new Startup();

    private Startup.Streams streams;

    /** One for all who ask for it, as it may have read ahead. */
    private InputStream input;

    /** Set by the waiting thread, read by the one that watches; {@link #waitingSince} holds while it is set. */
    private volatile boolean waiting;

    private volatile long waitingSince;
    private volatile String reason = "";

    /** Whether that is a lock that was waited for too long; set before the reason. */
    private volatile boolean forLock;

    private volatile boolean endedFromOutside;

    /** What comes over a connection. */
    public enum Traffic {
        /** What was asked for. */
        ANSWERS,
        /** Many small messages, as they come up. */
        STREAM
    }

    private final boolean clearText;

    /** @param clearText whether a server elsewhere may have the password in clear text */
    WatchedSocket(Traffic traffic, boolean clearText) {
        this.traffic = traffic;
        this.clearText = clearText;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        if (!clearText
                && !(endpoint instanceof InetSocketAddress address
                        && !address.isUnresolved()
                        && address.getAddress().isLoopbackAddress())) {
            startup.refuseClearText();
        }
        if (traffic == Traffic.STREAM && endpoint instanceof InetSocketAddress address) {
            chooseWindow(address);
        }
        super.connect(endpoint, timeout);
    }

    private void chooseWindow(InetSocketAddress address) {
        try {
            if (isHere(address)) {
                setReceiveBufferSize(STREAM_WINDOW_HERE);
            }
        } catch (SocketException e) {
            log.debug("the window stays as it is", e); // which is slower, and no reason not to connect
        }
    }

    private static boolean isHere(InetSocketAddress address) throws SocketException {
        return !address.isUnresolved()
                && (address.getAddress().isLoopbackAddress()
                        || NetworkInterface.getByInetAddress(address.getAddress()) != null);
    }

    /** How long the thread that reads or writes has waited by now; 0 when none does. Any thread may ask. */
    public long quietNanos() {
        long since = waitingSince;
        return waiting ? System.nanoTime() - since : 0;
    }

    /** Closes the socket; who waits in it gets a {@link GivenUpException}. Called from any thread, does not block. */
    public void giveUp(String why) throws IOException {
        reason = why;
        end();
    }

    /** As {@link #giveUp}, because a lock was waited for too long. */
    public void giveUpLock(String why) throws IOException {
        forLock = true;
        giveUp(why);
    }

    /** Closes the socket under the thread that uses it, whose next read or write fails. Called from any thread, does not block. */
    public void end() throws IOException {
        endedFromOutside = true;
        close();
    }

    boolean isEndedFromOutside() {
        return endedFromOutside;
    }

    /**
     * Whether the socket's own user has closed it. One that was ended from outside is found out by reading or writing: the driver,
     * as it abandons a COPY, asks a socket that says it is closed for the server's answer over and over, and keeps an error each
     * time.
     */
    @Override
    public boolean isClosed() {
        return super.isClosed() && !endedFromOutside;
    }

    /** Whether the log-in of its connection came by, so that what the server reports is its own. */
    public boolean sawLogIn() {
        return startup.found();
    }

    /** What came by as its connection was logged in. */
    Startup startup() {
        return startup;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        if (input == null) {
            InputStream reported = streams().input();
            input = traffic == Traffic.STREAM ? new GatheringInput(reported) : reported;
        }
        return input;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return streams().output();
    }

    private Startup.Streams streams() throws IOException {
        if (streams == null) {
            streams =
                    startup.over(new WatchedInput(super.getInputStream()), new WatchedOutput(super.getOutputStream()));
        }
        return streams;
    }

    private void beginWait() {
        waitingSince = System.nanoTime();
        waiting = true;
    }

    private void endWait() {
        waiting = false;
    }

    private IOException reported(IOException e) {
        return reason.isEmpty() ? e : new GivenUpException(reason, forLock, e);
    }

    /** The connection was closed here, for a reason that the message tells. */
    public static final class GivenUpException extends SocketException {

        private static final long serialVersionUID = 1;

        private final boolean forLock;

        GivenUpException(String reason, boolean forLock, IOException cause) {
            super(reason);
            this.forLock = forLock;
            initCause(cause);
        }

        /** Whether a lock was waited for too long. */
        public boolean isForLock() {
            return forLock;
        }
    }

    private final class WatchedInput extends FilterInputStream {

        WatchedInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            beginWait();
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                throw reported(e);
            } finally {
                endWait();
            }
        }
    }

    private final class WatchedOutput extends FilterOutputStream {

        WatchedOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                for (int done = 0; done < length; done += WRITE) {
                    beginWait();
                    out.write(bytes, offset + done, Math.min(WRITE, length - done));
                }
            } catch (IOException e) {
                throw reported(e);
            } finally {
                endWait();
            }
        }
    }
}
