package dev.transvase.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Unpacked server binaries, kept from run to run in the user's cache folder, one folder per content of an archive. Such
 * a folder appears whole or not at all: several JVMs may ask for the same one at once.
 */
final class BinariesCache {
    /** No unpacking takes this long: a part of that age was left by a JVM that was killed. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private static final String PART = "part-";

    private final Path folder;

    BinariesCache(Path folder) {
        this.folder = folder;
    }

    /** {@code $XDG_CACHE_HOME/transvase/postgresql}, or what stands for it on this system. */
    static BinariesCache ofThisUser() {
        return new BinariesCache(userCacheFolder().resolve("transvase").resolve("postgresql"));
    }

    /** The folder with the {@code bin/} of this archive; unpacks it when it is not there yet. */
    Path unpacked(Path archive) throws IOException {
        String name = archive.getFileName().toString().replace(".txz", "");
        Path home = folder.resolve(name + "-" + digest(archive));
        if (Files.isDirectory(home)) {
            return home;
        }
        Files.createDirectories(folder);
        deleteAbandonedParts();
        Path part = Files.createTempDirectory(folder, PART);
        try {
            TarXz.unpack(archive, part);
            moveUnlessThere(part, home);
        } finally {
            Folders.delete(part);
        }
        return home;
    }

    private static void moveUnlessThere(Path part, Path home) throws IOException {
        try {
            Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // A rename onto a folder that is not empty fails: another JVM was first, and its copy is as good.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    private void deleteAbandonedParts() throws IOException {
        Instant limit = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, PART + "*")) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part).toInstant().isBefore(limit)) {
                    Folders.delete(part);
                }
            }
        }
    }

    private static String digest(Path archive) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(archive), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static Path userCacheFolder() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && !xdg.isBlank()) {
            return Path.of(xdg);
        }
        Path home = Path.of(System.getProperty("user.home"));
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        return mac ? home.resolve("Library").resolve("Caches") : home.resolve(".cache");
    }
}
