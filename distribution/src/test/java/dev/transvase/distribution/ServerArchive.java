package dev.transvase.distribution;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tukaani.xz.XZInputStream;

/** What is in the archive of a demo's server: a tar whose names fit into its headers. */
final class ServerArchive {

    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE_OFFSET = 124;
    private static final int SIZE_LENGTH = 12;

    /** Not what PostgreSQL loads as a module: that is in a folder of its own. */
    private static final Pattern LIBRARY = Pattern.compile("(?:\\./)?lib/(lib[^/.]+)\\.(?:\\d+\\.)*(?:so|dylib).*");

    private ServerArchive() {}

    /** The shared libraries beside the server, without their versions. */
    static Set<String> libraries(Path archive) throws IOException {
        Set<String> libraries = new TreeSet<>();
        try (InputStream in = new XZInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            byte[] header = new byte[BLOCK];
            while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
                Matcher name = LIBRARY.matcher(text(header, 0, NAME_LENGTH));
                if (name.matches()) {
                    libraries.add(name.group(1));
                }
                long size = Long.parseLong(text(header, SIZE_OFFSET, SIZE_LENGTH), 8);
                in.skipNBytes((size + BLOCK - 1) / BLOCK * BLOCK);
            }
        }
        return libraries;
    }

    private static String text(byte[] header, int offset, int length) {
        String text = new String(header, offset, length, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }
}
