package dev.transvase.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A connection pooler as PgBouncer is one: it answers a client's log-in itself, without asking for a password, and lends it a session
 * of the server when it sends something. Any thread may call any method.
 */
public final class TestingPooler implements AutoCloseable {

    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;
    private static final int CANCEL_REQUEST = 80877102;

    /** No process of a server has it. */
    private static final int MADE_UP_PROCESS = 2_000_000_000;

    /** For how long a client keeps a session, and which it gets. */
    public enum Mode {
        /** As long as it is connected. */
        SESSION,
        /** For a transaction, and for the next one the session that was given back last. */
        TRANSACTION,
        /** For a transaction, and for the next one always another session. */
        TRANSACTION_IN_TURN
    }

    private final String host;
    private final int port;
    private final ScramLogin password;
    private final ServerSocket listener;

    /** Guards all below. */
    private final Object lock = new Object();

    private final Deque<Lent> idle = new ArrayDeque<>();
    private final List<Closeable> open = new ArrayList<>();
    private Mode mode;

    private TestingPooler(String host, int port, String password, Mode mode) throws IOException {
        this.host = host;
        this.port = port;
        this.password = new ScramLogin(password);
        this.mode = mode;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Begins to listen before a database's server. */
    public static TestingPooler before(TestingDatabase database, Mode mode) throws IOException {
        TestingPooler pooler = new TestingPooler(database.host(), database.port(), database.password(), mode);
        start(pooler::accept, "pooler");
        return pooler;
    }

    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** From now on clients give sessions back like this. */
    public void mode(Mode other) {
        synchronized (lock) {
            mode = other;
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Client client = new Client(socket);
                start(client::run, "pooler's client");
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private <C extends Closeable> C register(C closeable) {
        synchronized (lock) {
            open.add(closeable);
        }
        return closeable;
    }

    /** A client, run by a thread of its own. */
    private final class Client {

        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;
        private byte[] login = new byte[0];

        /** Guarded by this client; the session that it has, or {@code null}. */
        private Lent lent;

        /** Guarded by this client: how many answers are still to come. */
        private int awaited;

        Client(Socket socket) throws IOException {
            this.socket = register(socket);
            this.in = new DataInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        void run() {
            try {
                if (logIn()) {
                    serve();
                }
            } catch (IOException e) {
                // It is gone, as far as anybody can tell.
            } finally {
                end();
            }
        }

        private boolean logIn() throws IOException {
            while (true) {
                byte[] message = new byte[in.readInt() - Integer.BYTES];
                in.readFully(message);
                int code = ByteBuffer.wrap(message).getInt();
                if (code == CANCEL_REQUEST) {
                    return false;
                } else if (code == SSL_REQUEST || code == GSS_REQUEST) {
                    out.write('N');
                } else {
                    login = message;
                    break;
                }
            }
            Lent first = borrow(this);
            out.write(first.greeting);
            giveBack(first, true);
            out.write(ByteBuffer.allocate(13)
                    .put((byte) 'K')
                    .putInt(12)
                    .putInt(MADE_UP_PROCESS)
                    .putInt(1)
                    .array());
            out.write(new byte[] {'Z', 0, 0, 0, 5, 'I'});
            return true;
        }

        private void serve() throws IOException {
            while (true) {
                byte type = in.readByte();
                byte[] body = new byte[in.readInt() - Integer.BYTES];
                in.readFully(body);
                if (type == 'X') {
                    return;
                }
                Lent to;
                synchronized (this) {
                    if (lent == null) {
                        lent = borrow(this);
                        lent.client = this;
                    }
                    if (type == 'Q' || type == 'S') {
                        awaited++;
                    }
                    to = lent;
                }
                to.send(type, body);
            }
        }

        /** An answer of the session that it has. */
        void answer(byte type, byte[] body) throws IOException {
            ByteBuffer message = ByteBuffer.allocate(1 + Integer.BYTES + body.length);
            message.put(type).putInt(Integer.BYTES + body.length).put(body);
            synchronized (this) {
                boolean over = type == 'Z' && --awaited == 0 && body[0] == 'I';
                if (over && !keeps()) {
                    Lent done = lent;
                    lent = null;
                    giveBack(done, false);
                }
                out.write(message.array());
            }
        }

        private synchronized void end() {
            if (lent != null) {
                lent.close();
                lent = null;
            }
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private boolean keeps() {
        synchronized (lock) {
            return mode == Mode.SESSION;
        }
    }

    private Lent borrow(Client client) throws IOException {
        synchronized (lock) {
            boolean another = mode == Mode.TRANSACTION_IN_TURN && idle.size() < 2;
            if (!idle.isEmpty() && !another) {
                return mode == Mode.TRANSACTION_IN_TURN ? idle.removeFirst() : idle.removeLast();
            }
        }
        return new Lent(client.login);
    }

    /** @param unused whether nothing was done in it, so that another client may have it in any mode */
    private void giveBack(Lent session, boolean unused) {
        synchronized (lock) {
            session.client = null;
            if (mode != Mode.SESSION || unused) {
                idle.addLast(session);
            }
        }
    }

    /** A session of the server. */
    private final class Lent implements Closeable {

        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;
        private final byte[] greeting;
        private volatile Client client;

        Lent(byte[] login) throws IOException {
            socket = register(new Socket(host, port));
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(login.length + Integer.BYTES);
            out.write(login);
            greeting = greeting();
            register(this);
            start(this::run, "pooler's session");
        }

        /** What the server says up to its key. */
        private byte[] greeting() throws IOException {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            DataOutputStream all = new DataOutputStream(said);
            while (true) {
                byte type = in.readByte();
                int length = in.readInt();
                byte[] body = new byte[length - Integer.BYTES];
                in.readFully(body);
                int asked = type == 'R' ? ByteBuffer.wrap(body).getInt() : 0;
                if (type == 'Z') {
                    return said.toByteArray();
                } else if (asked == 10) {
                    send((byte) 'p', password.initialResponse());
                } else if (asked == 11) {
                    send((byte) 'p', password.response(new String(body, 4, body.length - 4, StandardCharsets.UTF_8)));
                } else if (type != 'K' && asked == 0) {
                    all.writeByte(type);
                    all.writeInt(length);
                    all.write(body);
                }
            }
        }

        void send(byte type, byte[] body) throws IOException {
            ByteBuffer message = ByteBuffer.allocate(1 + Integer.BYTES + body.length);
            out.write(message.put(type)
                    .putInt(Integer.BYTES + body.length)
                    .put(body)
                    .array());
        }

        private void run() {
            try {
                while (true) {
                    byte type = in.readByte();
                    byte[] body = new byte[in.readInt() - Integer.BYTES];
                    in.readFully(body);
                    Client to = client;
                    if (to != null) {
                        to.answer(type, body);
                    }
                }
            } catch (IOException e) {
                close();
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Closes all connections. */
    @Override
    public void close() throws IOException {
        List<Closeable> all;
        listener.close();
        synchronized (lock) {
            all = List.copyOf(open);
        }
        for (Closeable one : all) {
            one.close();
        }
    }
}
