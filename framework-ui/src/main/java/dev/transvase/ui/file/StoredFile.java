package dev.transvase.ui.file;

import dev.transvase.ui.http.Refusal;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** A file that people and programs change: read as it is, and replaced as a whole. */
public final class StoredFile {

    private static final long LARGEST = 16L * 1024 * 1024;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int VERSION_DIGITS = 32;

    private StoredFile() {}

    /**
     * All of it; empty when there is none. Blocks on the disk.
     *
     * @throws Refusal when it cannot be read
     */
    public static Optional<byte[]> read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > LARGEST) {
                throw Refusal.conflict("FILE_TOO_LARGE", name(file) + " is larger than 16 MiB", "");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Refusal.outside("FILE_UNREADABLE", name(file) + " cannot be read: " + reason(e), e);
        }
    }

    /**
     * Replaces it, or makes it. At whatever moment the process ends there is the old content or the new one. Permissions of a file that
     * is there are kept. Blocks until the disk has it.
     *
     * @param secret whether nobody but the owner may read it, whoever could before
     * @throws Refusal when the disk does not take it; what was there stays
     */
    public static void write(Path file, byte[] content, boolean secret) {
        try {
            Path place = Files.exists(file) ? file.toRealPath() : file;
            if (Files.exists(place) && !Files.isRegularFile(place)) {
                throw Refusal.outside(
                        "FILE_NOT_WRITTEN", name(file) + " cannot be written: it is no regular file", null);
            }
            Optional<Set<PosixFilePermission>> kept = secret ? Optional.of(OWNER_ONLY) : permissions(place);
            Path part = Files.createTempFile(place.getParent(), ".transvase-", ".part");
            try {
                try (FileOutputStream out = new FileOutputStream(part.toFile())) {
                    out.write(content);
                    out.getFD().sync();
                }
                if (kept.isPresent() && isPosix(part)) {
                    Files.setPosixFilePermissions(part, kept.get());
                }
                Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /** Why a file was not written, made or removed, without the path of its folder. */
    public static Refusal notWritten(Path file, IOException cause) {
        return Refusal.outside("FILE_NOT_WRITTEN", name(file) + " cannot be written: " + reason(cause), cause);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return e instanceof FileSystemException ? e.getClass().getSimpleName() : String.valueOf(e.getMessage());
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static boolean isPosix(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class) != null;
    }

    private static Optional<Set<PosixFilePermission>> permissions(Path file) throws IOException {
        if (!Files.exists(file)) {
            return isPosix(file.getParent())
                    ? Optional.of(PosixFilePermissions.fromString("rw-r--r--"))
                    : Optional.empty();
        }
        return isPosix(file) ? Optional.of(Files.getPosixFilePermissions(file)) : Optional.empty();
    }

    /** Tells contents apart: the same for the same bytes only. */
    public static String version(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, VERSION_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
