package dev.transvase.demo;

import static dev.transvase.demo.DemoErrors.DEMO_FOLDER_IN_USE;

import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The folder that the demo writes its files into, for one demo at a time. What the user changed there, or put there, is
 * never overwritten: it moves aside to {@code NAME.bak}, {@code NAME.bak2} and so on. To know its own files again the
 * demo notes their digests in {@value #NOTES}.
 */
final class DemoFolder implements AutoCloseable {
    static final String NOTES = ".transvase-demo";

    private final Path folder;
    private final FileChannel notes;
    private final Map<String, String> digests;

    private DemoFolder(Path folder, FileChannel notes, Map<String, String> digests) {
        this.folder = folder;
        this.notes = notes;
        this.digests = digests;
    }

    /** Makes the folder when it is not there. Refuses one that another demo uses now. */
    static DemoFolder open(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel notes = FileChannel.open(
                folder.resolve(NOTES), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            // Held until the channel is closed.
            if (lock(notes) == null) {
                throw TransvaseException.of(
                        DEMO_FOLDER_IN_USE,
                        "Another demo is using " + folder + ": end that one, or choose another folder with --folder");
            }
            return new DemoFolder(folder, notes, read(notes));
        } catch (IOException | RuntimeException e) {
            notes.close();
            throw e;
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /**
     * Writes a file.
     *
     * @return where the user's version is now, when there was one
     */
    Optional<Path> write(String name, String text) throws IOException {
        Optional<Path> moved = moveAside(name, text);
        Files.writeString(file(name), text);
        note(name, text);
        return moved;
    }

    /** As {@link #write}, readable for this user only. */
    Optional<Path> writeSecret(String name, String text) throws IOException {
        Optional<Path> moved = moveAside(name, text);
        Files.deleteIfExists(file(name));
        Files.createFile(
                file(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file(name), text);
        note(name, text);
        return moved;
    }

    /** Lets the next demo use the folder; the files stay. */
    @Override
    public void close() throws IOException {
        notes.close();
    }

    private Optional<Path> moveAside(String name, String text) throws IOException {
        Path file = file(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            String digest = digest(Files.readAllBytes(file));
            if (digest.equals(digests.get(name)) || digest.equals(digest(text.getBytes(StandardCharsets.UTF_8)))) {
                return Optional.empty();
            }
        }
        Path aside = file(name + ".bak");
        for (int i = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); i++) {
            aside = file(name + ".bak" + i);
        }
        return Optional.of(Files.move(file, aside));
    }

    private void note(String name, String text) throws IOException {
        digests.put(name, digest(text.getBytes(StandardCharsets.UTF_8)));
        StringBuilder lines = new StringBuilder();
        digests.forEach(
                (file, digest) -> lines.append(digest).append("  ").append(file).append('\n'));
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
        notes.truncate(0);
        notes.position(0);
        while (bytes.hasRemaining()) {
            notes.write(bytes);
        }
    }

    private static FileLock lock(FileChannel notes) throws IOException {
        try {
            return notes.tryLock();
        } catch (OverlappingFileLockException sameJvm) {
            return null;
        }
    }

    private static Map<String, String> read(FileChannel notes) throws IOException {
        // The stream is left open: closing it would give up the lock.
        byte[] bytes = Channels.newInputStream(notes).readAllBytes();
        Map<String, String> digests = new TreeMap<>();
        new String(bytes, StandardCharsets.UTF_8).lines().forEach(line -> {
            String[] parts = line.split("  ", 2);
            if (parts.length == 2) {
                digests.put(parts[1], parts[0]);
            }
        });
        return digests;
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
