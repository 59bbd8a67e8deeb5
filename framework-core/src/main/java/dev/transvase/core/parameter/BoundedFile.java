package dev.transvase.core.parameter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads whole files that ought to be small, whatever they turn out to be: a device has no end, a pipe perhaps no other side. */
public final class BoundedFile {

    private BoundedFile() {}

    /**
     * Whether a file can be read without waiting for anybody who may never come: a regular one, or a stream that this process was given,
     * as by {@code <(...)} of a shell.
     */
    public static boolean isReadable(Path file) {
        boolean given =
                file.startsWith("/dev/fd") || file.startsWith("/proc/self/fd") || file.equals(Path.of("/dev/stdin"));
        return given || Files.isRegularFile(file);
    }

    /**
     * The file's bytes; empty when there are more than {@code most}. Blocks on the disk.
     *
     * @throws IOException when it cannot be read
     */
    public static Optional<byte[]> read(Path file, int most) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            return bytes.length > most ? Optional.empty() : Optional.of(bytes);
        }
    }
}
