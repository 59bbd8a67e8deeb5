package dev.transvase.core.report;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is there as a whole or not at all, at whatever moment the process ends: it is written beside its place and moved
 * there. What cannot be replaced is written in place instead: a device, a file that is mounted alone, one of another owner, one in
 * a folder that takes no others. Not thread-safe.
 */
final class WholeFile {

    private final Path place;
    private final boolean replaced;
    private final Optional<Set<PosixFilePermission>> permissions;

    /** @param permissions of the file that was there */
    private WholeFile(Path place, boolean replaced, Optional<Set<PosixFilePermission>> permissions) {
        this.place = place;
        this.replaced = replaced;
        this.permissions = permissions;
    }

    /** Writes what the file is to hold, and leaves the stream open. */
    @FunctionalInterface
    interface Content {

        void to(OutputStream out) throws IOException;
    }

    /**
     * Makes sure that the file can be written, and takes away one that is there. Blocks on the disk.
     *
     * @throws IOException when it cannot be written; what is there stays as it is
     */
    static WholeFile prepare(Path file) throws IOException {
        Path place = SymbolicLinks.follow(file);
        if (!Files.exists(place)) {
            Files.delete(newPart(place));
            requireName(place);
            return new WholeFile(place, true, Optional.empty());
        }
        Files.newOutputStream(place, StandardOpenOption.WRITE).close();
        Optional<PosixFileAttributes> attributes = posix(place);
        if (takenAway(place, attributes)) {
            return new WholeFile(place, true, attributes.map(PosixFileAttributes::permissions));
        }
        Files.newOutputStream(place).close();
        return new WholeFile(place, false, Optional.empty());
    }

    /** There may be no file because there cannot be one of this name. */
    private static void requireName(Path place) throws IOException {
        try {
            Files.readAttributes(place, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return; // as it should be
        }
    }

    private static boolean takenAway(Path place, Optional<PosixFileAttributes> attributes) {
        if (!Files.isRegularFile(place)) {
            return false;
        }
        try {
            Path part = newPart(place);
            boolean alike;
            try {
                alike = isAlike(attributes, posix(part));
            } finally {
                Files.delete(part);
            }
            if (alike) {
                Files.delete(place);
            }
            return alike;
        } catch (IOException e) {
            return false; // the file itself can be written, as has been tried
        }
    }

    private static boolean isAlike(Optional<PosixFileAttributes> one, Optional<PosixFileAttributes> other) {
        return one.map(PosixFileAttributes::owner).equals(other.map(PosixFileAttributes::owner))
                && one.map(PosixFileAttributes::group).equals(other.map(PosixFileAttributes::group));
    }

    private static Optional<PosixFileAttributes> posix(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        return view == null ? Optional.empty() : Optional.of(view.readAttributes());
    }

    /** An empty file beside it, for its owner only. */
    private static Path newPart(Path place) throws IOException {
        return Files.createTempFile(place.getParent(), ".transvase-", ".part");
    }

    /**
     * Writes the file. Once this returns the disk has it. What was written before is there until then.
     *
     * @throws IOException when the disk does not take it
     */
    void write(Content content) throws IOException {
        if (!replaced) {
            try (OutputStream out = Files.newOutputStream(place)) {
                content.to(out);
            }
            return;
        }
        Path part = newPart(place);
        try {
            // Of a stream as this an interrupt closes nothing, as it would of a channel.
            try (FileOutputStream out = new FileOutputStream(part.toFile())) {
                content.to(out);
                out.getFD().sync();
            }
            if (permissions.isPresent()) {
                Files.setPosixFilePermissions(part, permissions.get());
            }
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
