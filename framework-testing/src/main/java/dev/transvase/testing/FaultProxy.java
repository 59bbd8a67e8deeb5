package dev.transvase.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network between a client and a server that fails when a test says so. Listens on a loopback port of its own and
 * forwards each connection to the target, byte for byte. Any thread may call any method; none waits for the network but
 * {@link #to}, and {@link #refuse} and {@link #close} for the thread that listens.
 */
public final class FaultProxy implements AutoCloseable {
    /** Small, so that delay and bandwidth are even. */
    private static final int CHUNK = 16 * 1024;

    private volatile InetSocketAddress target;
    private final InetSocketAddress address;

    /** Guards all that is below, and wakes whoever waits for it to change. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Set<Link> links = new HashSet<>();
    private ServerSocket listener;
    private Thread accepting;
    private boolean stalled;
    private long delayNanos;
    private long bytesPerSecond;
    private long nextSendNanos = System.nanoTime();
    private long forwarded;
    private long actionAt = Long.MAX_VALUE;
    private Runnable action = () -> {};

    private FaultProxy(InetSocketAddress target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Begins to listen. The target need not answer yet. */
    public static FaultProxy to(String host, int port) throws IOException {
        return on(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), host, port);
    }

    /** The same, listening on another address of this machine. */
    public static FaultProxy on(InetAddress own, String host, int port) throws IOException {
        ServerSocket listener = listenOn(new InetSocketAddress(own, 0));
        FaultProxy proxy = new FaultProxy(new InetSocketAddress(host, port), listener);
        proxy.accepting = proxy.accept(listener);
        return proxy;
    }

    public String host() {
        return address.getAddress().getHostAddress();
    }

    /** The same for the life of the proxy. */
    public int port() {
        return address.getPort();
    }

    /** Bytes that have gone through, both ways together. */
    public long forwarded() {
        lock.lock();
        try {
            return forwarded;
        } finally {
            lock.unlock();
        }
    }

    /** Forwards later connections to another address; those that are open stay. */
    public void forwardTo(String targetHost, int targetPort) {
        target = new InetSocketAddress(targetHost, targetPort);
    }

    /** Closes all connections in order, as a server does that ends: both sides read the end of the stream. */
    public void cut() {
        openLinks().forEach(Link::close);
    }

    /** Breaks all connections, as a firewall or a crashed machine does: both sides get "connection reset". */
    public void reset() {
        openLinks().forEach(Link::reset);
    }

    /**
     * Ends the server's side of all open connections and leaves the clients' open, as a network does that has forgotten them:
     * the server reads the end of the stream; clients hear nothing any more, and what they send is lost.
     */
    public void forgetServers() {
        openLinks().forEach(link -> link.forget(link.server));
    }

    /**
     * Ends the clients' side of all open connections and leaves the server's open: clients read the end of the stream; the
     * server hears nothing any more, and what it sends is lost.
     */
    public void forgetClients() {
        openLinks().forEach(link -> link.forget(link.client));
    }

    /** Lets nothing through from now on and keeps connections open: neither side notices. */
    public void stall() {
        change(() -> stalled = true);
    }

    /** The same for the connections that are open now: a firewall has forgotten them, and lets later ones pass. */
    public void stallOpen() {
        change(() -> links.forEach(link -> link.stalled = true));
    }

    /** Ends {@link #stall()} and {@link #stallOpen()}: what was held back arrives. */
    public void resume() {
        change(() -> {
            stalled = false;
            links.forEach(link -> link.stalled = false);
        });
    }

    /** Refuses new connections from the moment this returns; those that are open stay. */
    public void refuse() {
        Thread last;
        lock.lock();
        try {
            close(listener);
            last = accepting;
        } finally {
            lock.unlock();
        }
        // A thread that still waits in accept keeps a closed listener open in the kernel.
        awaitEnd(last);
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the listener of a fault proxy closes", e);
        }
    }

    /** Ends {@link #refuse()}, on the same port. */
    public void allow() throws IOException {
        lock.lock();
        try {
            if (listener.isClosed()) {
                listener = listenOn(address);
                accepting = accept(listener);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Holds back every chunk of up to 16 KiB that long before it goes on, each way. Zero ends it. */
    public void delay(Duration delay) {
        change(() -> delayNanos = delay.toNanos());
    }

    /** Limits all connections together, both ways; 0 ends it. */
    public void bandwidth(long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("bytes per second must not be negative: " + limit);
        }
        change(() -> {
            bytesPerSecond = limit;
            nextSendNanos = System.nanoTime();
        });
    }

    /**
     * Does something once, when this many more bytes have arrived here to be forwarded, before those that complete the
     * number go on: {@code proxy.after(100_000, proxy::reset)} breaks a transfer in the middle with no clock involved. A
     * later call replaces an earlier one. The action runs on a thread of the proxy.
     */
    public void after(long bytes, Runnable task) {
        change(() -> {
            actionAt = forwarded + bytes;
            action = task;
        });
    }

    /** Ends all connections and listens no more. */
    @Override
    public void close() {
        try {
            refuse();
        } finally {
            cut();
        }
    }

    private static ServerSocket listenOn(InetSocketAddress address) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(address);
        return listener;
    }

    private Thread accept(ServerSocket socket) {
        return start("accept", () -> {
            while (true) {
                Socket client;
                try {
                    client = socket.accept();
                } catch (IOException closed) {
                    return;
                }
                start("connect", () -> connect(client, socket));
            }
        });
    }

    private void connect(Socket client, ServerSocket acceptedBy) {
        Socket server = new Socket();
        Link link = new Link(client, server);
        // Known before it reaches the target: no fault may miss a connection that the target has seen.
        change(() -> links.add(link));
        if (acceptedBy.isClosed()) {
            link.reset();
            return;
        }
        try {
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException unreachableOrCut) {
            link.reset();
            return;
        }
        start("to server", () -> pump(link, client, server));
        start("to client", () -> pump(link, server, client));
    }

    private void pump(Link link, Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (!pass(link, read)) {
                    return;
                }
                out.write(chunk, 0, read);
            }
            // Only this direction has ended; the other one may still have something to say.
            awaitUnstalled(link);
            to.shutdownOutput();
            link.endOneWay();
        } catch (IOException broken) {
            broken(link, from, to, chunk);
        } catch (InterruptedException e) {
            link.reset();
            Thread.currentThread().interrupt();
        }
    }

    private static void broken(Link link, Socket from, Socket to, byte[] chunk) {
        if (link.forgotten == from) {
            return;
        }
        if (link.forgotten == to) {
            swallow(from, chunk);
        }
        // The side that broke tells the other in the same manner.
        link.reset();
    }

    /** Reads to the end what was forwarded when the side it goes to was forgotten. */
    private static void swallow(Socket from, byte[] chunk) {
        try {
            InputStream in = from.getInputStream();
            while (in.read(chunk) >= 0) {
                // Lost.
            }
        } catch (IOException ended) {
            // Nothing more comes.
        }
    }

    /** Waits as long as the faults ask for; false when the link was closed meanwhile. */
    private boolean pass(Link link, int bytes) throws InterruptedException {
        runActionWhenDue(bytes);
        lock.lock();
        try {
            if (delayNanos > 0) {
                awaitNanos(link, System.nanoTime() + delayNanos);
            }
            if (bytesPerSecond > 0) {
                long due =
                        Math.max(nextSendNanos, System.nanoTime()) + TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
                nextSendNanos = due;
                awaitNanos(link, due);
            }
            awaitUnstalled(link);
            if (link.closed) {
                return false;
            }
            forwarded += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void runActionWhenDue(int bytes) {
        Runnable due = () -> {};
        lock.lock();
        try {
            if (forwarded + bytes >= actionAt) {
                due = action;
                actionAt = Long.MAX_VALUE;
            }
        } finally {
            lock.unlock();
        }
        due.run();
    }

    private void awaitNanos(Link link, long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        while (left > 0 && !link.closed) {
            left = changed.awaitNanos(left);
        }
    }

    private void awaitUnstalled(Link link) throws InterruptedException {
        lock.lock();
        try {
            while ((stalled || link.stalled) && !link.closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private List<Link> openLinks() {
        lock.lock();
        try {
            return List.copyOf(links);
        } finally {
            lock.unlock();
        }
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, "fault proxy " + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close a socket", e);
        }
    }

    /** One connection of a client and the one to the server that belongs to it. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private int endedWays;
        private boolean stalled;
        private boolean closed;

        /** The side that was ended without the other one noticing, or {@code null}. */
        private volatile Socket forgotten;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void endOneWay() {
            boolean bothEnded;
            lock.lock();
            try {
                endedWays++;
                bothEnded = endedWays == 2;
            } finally {
                lock.unlock();
            }
            if (bothEnded) {
                close();
            }
        }

        void forget(Socket side) {
            forgotten = side;
            FaultProxy.close(side);
        }

        void reset() {
            try {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            } catch (IOException closedAlready) {
                // Then there is nothing left to reset.
            }
            close();
        }

        void close() {
            change(() -> {
                closed = true;
                links.remove(this);
            });
            FaultProxy.close(client);
            FaultProxy.close(server);
        }
    }
}
