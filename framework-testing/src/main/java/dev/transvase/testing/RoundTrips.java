package dev.transvase.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between clients and a PostgreSQL server and counts how often a client waits for an answer: its {@code Query} and
 * {@code Sync} messages, whatever number of statements goes with each. Safe for use by several threads.
 */
public final class RoundTrips implements AutoCloseable {
    private static final int ENCRYPTION_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    private final ServerSocket listener;
    private final String host;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();

    private RoundTrips(ServerSocket listener, String host, int port) {
        this.listener = listener;
        this.host = host;
        this.port = port;
    }

    /** Begins to listen. */
    public static RoundTrips to(String host, int port) throws IOException {
        RoundTrips trips = new RoundTrips(
                new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})), host, port);
        trips.start("accept", trips::accept);
        return trips;
    }

    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Round trips of all connections so far. */
    public long count() {
        return count.get();
    }

    /** Connections so far, those that only cancel a statement included. */
    public long connections() {
        return connections.get();
    }

    /** What a thread does until a socket is closed. */
    private interface Work {
        void run() throws IOException;
    }

    /** Whatever ends the work ends these connections too, so that both sides see it. */
    private void start(String name, Work work, Socket... ends) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        close(List.of(ends));
                    }
                },
                "round-trips-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(host, port);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(server);
            connections.incrementAndGet();
            start("up", () -> forwardMessages(client, server), client, server);
            start(
                    "down",
                    () -> {
                        server.getInputStream().transferTo(client.getOutputStream());
                        client.shutdownOutput();
                    },
                    client,
                    server);
        }
    }

    private void forwardMessages(Socket client, Socket server) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = server.getOutputStream();
        int code;
        do {
            byte[] body = body(in, in.readInt());
            code = ByteBuffer.wrap(body).getInt();
            out.write(ByteBuffer.allocate(4 + body.length)
                    .putInt(4 + body.length)
                    .put(body)
                    .array());
        } while (code == ENCRYPTION_REQUEST || code == GSS_REQUEST);
        for (int type = in.read(); type >= 0; type = in.read()) {
            byte[] body = body(in, in.readInt());
            if (type == 'Q' || type == 'S') {
                count.incrementAndGet();
            }
            out.write(ByteBuffer.allocate(5 + body.length)
                    .put((byte) type)
                    .putInt(4 + body.length)
                    .put(body)
                    .array());
        }
        server.shutdownOutput();
    }

    private static byte[] body(InputStream in, int length) throws IOException {
        byte[] body = in.readNBytes(length - 4);
        if (body.length < length - 4) {
            throw new IOException("the client has gone in the middle of a message");
        }
        return body;
    }

    private static void close(Collection<Socket> sockets) {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no use any more, closed or not.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        close(sockets);
    }
}
