package dev.transvase.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultProxyTest {
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private ServerSocket target;
    private FaultProxy proxy;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws Exception {
        target = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(() -> {
            try {
                while (true) {
                    accepted.add(target.accept());
                }
            } catch (SocketException closed) {
                // The test is over.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        accepting.setDaemon(true);
        accepting.start();
        proxy = FaultProxy.to(target.getInetAddress().getHostAddress(), target.getLocalPort());
        client = new Socket(proxy.host(), proxy.port());
        server = accepted.take();
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        client.close();
        server.close();
        target.close();
    }

    @Test
    void forwardsBothWaysAndCounts() throws IOException {
        send(client, "question");
        assertThat(receive(server, 8)).isEqualTo("question");
        send(server, "answer");
        assertThat(receive(client, 6)).isEqualTo("answer");
        assertThat(proxy.forwarded()).isEqualTo(14);
    }

    @Test
    void theEndOfOneDirectionLeavesTheOther() throws IOException {
        send(client, "last words");
        client.shutdownOutput();

        assertThat(server.getInputStream().readAllBytes()).asString().isEqualTo("last words");
        send(server, "answer");
        server.close();
        assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
    }

    @Test
    void cutEndsBothSidesInOrder() throws IOException {
        proxy.cut();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(server.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void resetBreaksBothSides() {
        proxy.reset();

        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThatThrownBy(() -> server.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void aForgottenServerReadsTheEndAndTheClientNothing() throws IOException {
        send(client, "received");
        assertThat(receive(server, 8)).isEqualTo("received");
        proxy.forgetServers();

        assertThat(server.getInputStream().read()).isEqualTo(-1);
        assertHearsNothing(client);
        for (int i = 0; i < 3; i++) {
            send(client, "lost".repeat(10_000));
        }
        assertHearsNothing(client);
    }

    @Test
    void aForgottenClientReadsTheEndAndTheServerNothing() throws IOException {
        proxy.forgetClients();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        for (int i = 0; i < 3; i++) {
            send(server, "lost".repeat(10_000));
        }
        assertHearsNothing(server);
    }

    private static void assertHearsNothing(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aBrokenSideBreaksTheOther() throws IOException {
        server.setSoLinger(true, 0);
        server.close();

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void stallHoldsBackUntilResume() throws IOException {
        proxy.stall();
        send(client, "held");
        server.setSoTimeout(100);
        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

        proxy.resume();
        server.setSoTimeout(0);
        assertThat(receive(server, 4)).isEqualTo("held");
    }

    @Test
    void aStalledConnectionCanBeCut() throws IOException {
        proxy.stall();
        send(client, "held");
        proxy.cut();

        assertThat(server.getInputStream().readAllBytes()).isEmpty();
    }

    @Test
    void refuseLeavesOpenConnectionsAndAllowTakesNewOnes() throws Exception {
        proxy.refuse();
        assertThatThrownBy(() -> new Socket(proxy.host(), proxy.port()).close()).isInstanceOf(ConnectException.class);
        send(client, "still");
        assertThat(receive(server, 5)).isEqualTo("still");

        proxy.allow();
        try (Socket second = new Socket(proxy.host(), proxy.port());
                Socket secondServer = accepted.take()) {
            send(second, "again");
            assertThat(receive(secondServer, 5)).isEqualTo("again");
        }
    }

    @Test
    void refusesFromTheFirstAttemptOn() throws Exception {
        for (int i = 0; i < 200; i++) {
            proxy.refuse();
            assertThatThrownBy(() -> new Socket(proxy.host(), proxy.port()).close())
                    .isInstanceOf(ConnectException.class);
            proxy.allow();
        }
    }

    @Test
    void delayHoldsEachChunkBack() throws IOException {
        proxy.delay(Duration.ofMillis(80));
        long start = System.nanoTime();
        send(client, "ping");
        receive(server, 4);
        send(server, "pong");
        receive(client, 4);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(160));
    }

    @Test
    void bandwidthStretchesATransfer() throws IOException {
        proxy.bandwidth(1_000_000);
        long start = System.nanoTime();
        send(client, "x".repeat(200_000));
        receive(server, 200_000);

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void afterSoManyBytesTheActionComesBeforeTheRest() throws IOException {
        proxy.after(6, proxy::cut);
        send(client, "1234");
        assertThat(receive(server, 4)).isEqualTo("1234");
        send(client, "5678");

        assertThat(server.getInputStream().readAllBytes()).isEmpty();
        assertThat(proxy.forwarded()).isEqualTo(4);
    }

    @Test
    void anUnreachableTargetBreaksTheConnection() throws IOException {
        // Taken and not listened at: a port that is free could be anybody's next, even the connection's own.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            proxy.forwardTo(taken.getLocalAddress().getHostAddress(), taken.getLocalPort());
            try (Socket second = new Socket(proxy.host(), proxy.port())) {
                assertThatThrownBy(() -> second.getInputStream().read()).isInstanceOf(SocketException.class);
            }
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String receive(Socket socket, int bytes) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readNBytes(bytes), StandardCharsets.US_ASCII);
    }
}
