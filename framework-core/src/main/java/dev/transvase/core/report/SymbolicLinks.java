package dev.transvase.core.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where symbolic links lead, whether or not there is a file at their end. */
public final class SymbolicLinks {

    /** As Linux has it. Links that lead further lead around in a circle, which opening the last one will tell. */
    private static final int MOST = 40;

    private SymbolicLinks() {}

    /**
     * The absolute path of the file that opening this one opens or makes. Blocks on the disk.
     *
     * @throws IOException when a link cannot be read
     */
    public static Path follow(Path file) throws IOException {
        Path end = file.toAbsolutePath();
        for (int i = 0; i < MOST && Files.isSymbolicLink(end); i++) {
            end = end.resolveSibling(Files.readSymbolicLink(end));
        }
        return end;
    }
}
