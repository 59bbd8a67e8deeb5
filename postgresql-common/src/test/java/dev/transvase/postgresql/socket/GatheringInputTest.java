package dev.transvase.postgresql.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatheringInputTest {

    private static final int PIECE = 200;

    /** A sender that sends a piece every so often, as long as its clock goes on. */
    private static final class Sender extends InputStream {
        private final long nanosPerPiece;
        private final List<Integer> reads = new ArrayList<>();
        private long clock;
        private long taken;
        private int pauses;
        private boolean silent;

        Sender(long nanosPerPiece) {
            this.nanosPerPiece = nanosPerPiece;
        }

        GatheringInput gathered() {
            return new GatheringInput(this, () -> clock, nanos -> {
                pauses++;
                clock += nanos;
            });
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, clock / nanosPerPiece * PIECE - taken);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("pieces are read");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (silent) {
                throw new SocketTimeoutException("nothing came");
            }
            while (available() == 0) {
                clock += nanosPerPiece;
            }
            int count = Math.min(length, available());
            for (int i = 0; i < count; i++) {
                bytes[offset + i] = (byte) (taken + i);
            }
            taken += count;
            reads.add(count);
            return count;
        }
    }

    private static void take(InputStream in, long bytes) throws IOException {
        byte[] some = new byte[8192];
        long left = bytes;
        while (left > 0) {
            left -= in.read(some, 0, (int) Math.min(some.length, left));
        }
    }

    @Test
    void readsAFastStreamInLargePieces() throws IOException {
        Sender sender = new Sender(TimeUnit.MICROSECONDS.toNanos(4));
        take(sender.gathered(), 20_000_000);
        assertThat(sender.pauses).isPositive();
        assertThat(sender.reads.size()).isLessThan(20_000_000 / PIECE / 2);
        assertThat(sender.reads.get(sender.reads.size() - 1)).isGreaterThan(100 * PIECE);
    }

    @Test
    void hasEachPieceOfASlowStreamAtOnce() throws IOException {
        Sender sender = new Sender(TimeUnit.MICROSECONDS.toNanos(100));
        take(sender.gathered(), 2_000_000);
        assertThat(sender.pauses).isZero();
        assertThat(sender.reads).allMatch(read -> read == PIECE);
    }

    @Test
    void doesNotPauseForWhatIsThereAlready() throws IOException {
        Sender sender = new Sender(TimeUnit.MICROSECONDS.toNanos(4));
        sender.clock = TimeUnit.SECONDS.toNanos(1);
        take(sender.gathered(), 10_000_000);
        assertThat(sender.pauses).isZero();
    }

    @Test
    void goesOnAfterATimeout() throws IOException {
        Sender sender = new Sender(TimeUnit.MICROSECONDS.toNanos(100));
        InputStream in = sender.gathered();
        take(in, PIECE);
        sender.silent = true;
        assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        sender.silent = false;
        assertThat(in.read()).isEqualTo((byte) PIECE & 0xff);
        assertThat(in.available()).isEqualTo(PIECE - 1);
    }

    @Test
    void altersNothing() throws IOException {
        Random random = new Random(1);
        byte[] sent = new byte[1_000_000];
        random.nextBytes(sent);
        InputStream in = new GatheringInput(new ByteArrayInputStream(sent));
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        while (got.size() < sent.length) {
            byte[] some = new byte[1 + random.nextInt(200_000)];
            got.write(some, 0, in.read(some));
        }
        assertThat(got.toByteArray()).isEqualTo(sent);
    }

    @Test
    void theEndIsNotTakenForSilence() throws IOException {
        InputStream in = new GatheringInput(new ByteArrayInputStream(new byte[] {7}));
        assertThat(in.read()).isEqualTo(7);
        assertThatThrownBy(in::read).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> in.read(new byte[10])).isInstanceOf(EOFException.class);
    }

    @Test
    void skips() throws IOException {
        InputStream in = new GatheringInput(new ByteArrayInputStream(new byte[] {0, 1, 2, 3, 4, 5}));
        assertThat(in.skip(1)).isEqualTo(1);
        assertThat(in.read()).isEqualTo(1);
        assertThat(in.skip(3)).isEqualTo(3);
        assertThat(in.read()).isEqualTo(5);
        assertThat(in.skip(1)).isZero();
        assertThat(in.read(new byte[0])).isZero();
    }
}
