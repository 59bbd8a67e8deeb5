package dev.transvase.core.parameter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Whether files are in a folder, whatever symbolic links lead to them. */
final class FolderBounds {

    private FolderBounds() {}

    /** As {@link #contains(Path, Path)}, for a path as it is written. */
    static boolean contains(Path folder, String file) {
        try {
            return contains(folder, Path.of(file));
        } catch (InvalidPathException e) {
            return false; // what it is then, binding the parameter tells
        }
    }

    /**
     * Whether a file, which need not exist, is in the folder; a relative one starts there. What cannot be determined is not, and neither is
     * a path with {@code ..}: behind a link that leads elsewhere than it seems.
     */
    static boolean contains(Path folder, Path file) {
        for (Path name : file) {
            if (name.toString().equals("..")) {
                return false;
            }
        }
        try {
            return real(folder.resolve(file)).startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    /** Where a path leads: the part of it that exists without links, and the rest, which is to be made there. */
    private static Path real(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return path.toRealPath();
        }
        Path parent = path.getParent();
        return parent == null ? path : real(parent).resolve(path.getFileName());
    }
}
