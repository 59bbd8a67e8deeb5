package dev.transvase.postgresql.writer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postgresql.copy.CopyIn;

/** Large values leave in pieces, and come out as they went in. */
class CopyTextTest {

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final List<Integer> pieces = new ArrayList<>();

    private final CopyIn copy = (CopyIn) Proxy.newProxyInstance(
            CopyIn.class.getClassLoader(), new Class<?>[] {CopyIn.class}, (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("writeToCopy");
                sent.write((byte[]) arguments[0], (int) arguments[1], (int) arguments[2]);
                pieces.add((int) arguments[2]);
                return null;
            });

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void bytesAreTheirHexForm() throws SQLException {
        byte[] value = random(3_000_001);
        CopyText text = new CopyText();
        text.begin(copy);
        text.appendHex(value, 1, value.length - 1);
        text.append('\t');
        text.send();
        String expected = "\\\\x" + HexFormat.of().formatHex(value, 1, value.length) + "\t";
        assertThat(sent.toString(StandardCharsets.US_ASCII)).isEqualTo(expected);
        assertThat(pieces).allMatch(size -> size <= 2 * CopyText.PIECE).hasSizeGreaterThan(40);
    }

    @Test
    void textIsEscapedOverThePiecesEdges() throws SQLException {
        String value = "\\".repeat(100_000) + "a\tb\u00fc\n".repeat(50_000);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        CopyText text = new CopyText();
        text.begin(copy);
        text.appendEscaped(bytes, 0, bytes.length);
        text.send();
        assertThat(sent.toString(StandardCharsets.UTF_8))
                .isEqualTo(value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n"));
        assertThat(pieces).allMatch(size -> size <= 2 * CopyText.PIECE);
    }
}
