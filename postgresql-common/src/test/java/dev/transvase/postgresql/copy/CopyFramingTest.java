package dev.transvase.postgresql.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CopyFramingTest {

    private static final byte[] ROW = {0, 1, -1, -1, -1, -1};
    private static final byte[] TRAILER = {-1, -1};

    private final CopyFraming framing = new CopyFraming();

    private static byte[] header(int extension) {
        return ByteBuffer.allocate(19 + extension)
                .put("PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(0)
                .putInt(extension)
                .array();
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.writeBytes(second);
        return joined.toByteArray();
    }

    @Test
    void theHeaderStandsBeforeTheFirstRow() {
        assertThat(framing.rowStart(join(header(0), ROW))).isEqualTo(19);
        assertThat(framing.rowStart(ROW)).isZero();
        assertThat(framing.complete()).isFalse();
        assertThat(framing.rowStart(TRAILER)).isEqualTo(-1);
        assertThat(framing.complete()).isTrue();
    }

    @Test
    void theHeaderMayComeAloneOrWithAnExtensionOrBeforeTheTrailer() {
        assertThat(framing.rowStart(header(4))).isEqualTo(-1);
        assertThat(framing.rowStart(ROW)).isZero();
        CopyFraming empty = new CopyFraming();
        assertThat(empty.rowStart(join(header(0), TRAILER))).isEqualTo(-1);
        assertThat(empty.complete()).isTrue();
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> framing.rowStart(ROW)).isInstanceOf(TransvaseException.class);
        byte[] lying = header(0);
        lying[18] = 9;
        assertThatThrownBy(() -> framing.rowStart(lying)).isInstanceOf(TransvaseException.class);
        framing.rowStart(header(0));
        framing.rowStart(TRAILER);
        assertThatThrownBy(() -> framing.rowStart(ROW)).isInstanceOf(TransvaseException.class);
    }
}
