package dev.sluice.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class WatchedSocketTest {

    @Test
    void takesASmallWindowForAStreamWithinThisMachine() throws IOException {
        assertThat(receiveBuffer(WatchedSocket.Traffic.STREAM))
                .isLessThan(receiveBuffer(WatchedSocket.Traffic.ANSWERS));
    }

    private static int receiveBuffer(WatchedSocket.Traffic traffic) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new WatchedSocket(traffic)) {
            socket.connect(server.getLocalSocketAddress(), 10_000);
            return socket.getReceiveBufferSize();
        }
    }
}
