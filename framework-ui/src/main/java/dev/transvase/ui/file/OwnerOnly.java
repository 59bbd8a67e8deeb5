package dev.transvase.ui.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** What keeps others out of a folder. */
public final class OwnerOnly {

    private OwnerOnly() {}

    /** The attributes to make a folder with in another one; none where the file system has none of these. */
    public static FileAttribute<?>[] folder(Path parent) {
        boolean posix = Files.getFileAttributeView(parent, PosixFileAttributeView.class) != null;
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
