package dev.transvase.postgresql.writer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ByteBuilderTest {

    private static String escaped(String text) {
        ByteBuilder builder = new ByteBuilder(0);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        builder.appendEscaped(bytes, 0, bytes.length);
        return new String(builder.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void escapesWhatMeansSomethingToCopy() {
        assertThat(escaped("a\tb\nc\rd\\e")).isEqualTo("a\\tb\\nc\\rd\\\\e");
        assertThat(escaped("\\N")).isEqualTo("\\\\N");
        assertThat(escaped("\\.")).isEqualTo("\\\\.");
        assertThat(escaped("plain \u00fc\u4e16\ud83d\ude00 \b\f\u000b"))
                .isEqualTo("plain \u00fc\u4e16\ud83d\ude00 \b\f\u000b");
        assertThat(escaped("")).isEmpty();
    }

    @Test
    void growsAndStartsAgain() {
        ByteBuilder builder = new ByteBuilder(1);
        for (int i = 0; i < 5000; i++) {
            builder.appendInt(i);
        }
        assertThat(builder.size()).isEqualTo(20_000);
        assertThat(WireBytes.getInt(builder.data(), 4 * 4999)).isEqualTo(4999);
        builder.clear();
        builder.append('x');
        assertThat(builder.toByteArray()).containsExactly('x');
    }
}
