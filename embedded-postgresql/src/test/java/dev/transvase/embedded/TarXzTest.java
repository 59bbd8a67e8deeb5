package dev.transvase.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TarXzTest {
    private static final int BLOCK = 512;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();
    private Path target;

    @BeforeEach
    void createTarget() throws IOException {
        target = Files.createDirectory(folder.resolve("target"));
    }

    @Test
    void unpacksFilesFoldersAndLinks() throws IOException {
        add("share/empty/", '5', "", 0755, "");
        add("bin/tool", '0', "", 0755, "x".repeat(1000));
        add("share/text", '0', "", 0600, "");
        add("bin/again", '2', "tool", 0777, "");

        unpack(true);

        assertThat(target.resolve("share/empty")).isEmptyDirectory();
        assertThat(target.resolve("bin/tool")).isExecutable().hasContent("x".repeat(1000));
        assertThat(target.resolve("bin/again")).isSymbolicLink().hasSameBinaryContentAs(target.resolve("bin/tool"));
        assertThat(Files.isExecutable(target.resolve("share/text"))).isFalse();
        assertThat(Files.size(target.resolve("share/text"))).isZero();
    }

    @Test
    void joinsAnUstarNameWithItsPrefix() throws IOException {
        add("short", '0', "", 0644, "content", "a/long/way");

        unpack(true);

        assertThat(target.resolve("a/long/way/short")).hasContent("content");
    }

    @Test
    void refusesNamesAndLinksThatLeaveTheFolder() throws IOException {
        add("bin/../../outside", '0', "", 0644, "content");
        assertThatThrownBy(() -> unpack(true)).isInstanceOf(IOException.class).hasMessageContaining("outside");

        tar.reset();
        add("link", '2', "../..", 0777, "");
        assertThatThrownBy(() -> unpack(true)).isInstanceOf(IOException.class).hasMessageContaining("link");
        assertThat(folder).isDirectoryNotContaining("glob:**outside");
    }

    /** Each link stays within the folder by its text; the second leads out by way of the first. */
    @Test
    void refusesToUnpackThroughLinks() throws IOException {
        add("x/", '5', "", 0755, "");
        add("x/up", '2', "..", 0777, "");
        add("y", '2', "x/up/..", 0777, "");
        add("y/outside", '0', "", 0644, "content");
        assertThatThrownBy(() -> unpack(true)).isInstanceOf(IOException.class).hasMessageContaining("y/outside");
        assertThat(folder).isDirectoryNotContaining("glob:**outside");

        tar.reset();
        add("z", '2', "w", 0777, "");
        add("z", '0', "", 0644, "content");
        assertThatThrownBy(() -> unpack(true)).isInstanceOf(IOException.class);
        assertThat(target.resolve("w")).doesNotExist();
    }

    @Test
    void refusesKindsItDoesNotKnow() throws IOException {
        add("device", '3', "", 0644, "");

        assertThatThrownBy(() -> unpack(true)).isInstanceOf(IOException.class).hasMessageContaining("device");
    }

    @Test
    void refusesAnArchiveCutShort() throws IOException {
        add("whole", '0', "", 0644, "content");

        assertThatThrownBy(() -> unpack(false)).isInstanceOf(EOFException.class);
    }

    private void add(String name, char type, String link, int mode, String content) throws IOException {
        add(name, type, link, mode, content, "");
    }

    private void add(String name, char type, String link, int mode, String content, String prefix) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, String.format("%07o", mode));
        put(header, 124, String.format("%011o", bytes.length));
        header[156] = (byte) type;
        put(header, 157, link);
        put(header, 257, "ustar");
        put(header, 345, prefix);
        tar.write(header);
        tar.write(bytes);
        tar.write(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    private void unpack(boolean closed) throws IOException {
        Path archive = folder.resolve("archive.txz");
        try (OutputStream out = new XZOutputStream(Files.newOutputStream(archive), new LZMA2Options(0))) {
            tar.writeTo(out);
            if (closed) {
                out.write(new byte[2 * BLOCK]);
            }
        }
        TarXz.unpack(archive, target);
    }
}
