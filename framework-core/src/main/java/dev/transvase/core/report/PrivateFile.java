package dev.transvase.core.report;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that may hold values of rows: one that is made is for its owner only, one that is there keeps its permissions. */
public final class PrivateFile {

    private PrivateFile() {}

    /**
     * Makes the file, empty, unless it is there. Blocks on the disk.
     *
     * @return the file
     * @throws IOException when it cannot be made
     */
    public static Path make(Path file) throws IOException {
        if (Files.exists(file)) {
            return file;
        }
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
                }
                : new FileAttribute<?>[0];
        try {
            return Files.createFile(file, attributes);
        } catch (FileAlreadyExistsException e) {
            return file; // made by another process meanwhile, or a link to a file that is not there
        }
    }
}
