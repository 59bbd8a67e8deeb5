package dev.transvase.postgresql.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.socket.WatchedSocket.Traffic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class WatchedSocketTest {

    private static final int WINDOW = 1 << 15;

    @Test
    void readsAStreamInLargePieces() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket stream = connected(Traffic.STREAM, server);
                Socket answers = connected(Traffic.ANSWERS, server)) {
            assertThat(stream.getInputStream())
                    .isInstanceOf(GatheringInput.class)
                    .isSameAs(stream.getInputStream());
            assertThat(answers.getInputStream()).isNotInstanceOf(GatheringInput.class);
        }
    }

    @Test
    void takesASmallWindowForAStreamWithinThisMachine() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket stream = connected(Traffic.STREAM, server);
                Socket small = new Socket()) {
            small.setReceiveBufferSize(WINDOW);
            assertThat(stream.getReceiveBufferSize()).isEqualTo(small.getReceiveBufferSize());
        }
    }

    @Test
    void oneThatIsEndedFromOutsideFailsAndDoesNotSayItIsClosed() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            WatchedSocket ended = (WatchedSocket) connected(Traffic.ANSWERS, server);
            ended.end();
            ended.close(); // as the driver does when it is told to abort
            assertThat(ended.isClosed()).isFalse();
            assertThatThrownBy(() -> ended.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> ended.getOutputStream().write(1)).isInstanceOf(SocketException.class);
            WatchedSocket closed = (WatchedSocket) connected(Traffic.ANSWERS, server);
            closed.close();
            assertThat(closed.isClosed()).isTrue();
        }
    }

    private static Socket connected(Traffic traffic, ServerSocket server) throws IOException {
        Socket socket = new WatchedSocket(traffic, true);
        socket.connect(server.getLocalSocketAddress(), 10_000);
        return socket;
    }
}
