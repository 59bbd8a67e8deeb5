package dev.transvase.postgresql.cdc.stream;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of one run's own below a folder that others may use too: its name cannot be guessed, and nobody but its owner may
 * look into it. It is made when the first file is wanted and goes with {@link #close}. What a run that was killed has left is
 * removed by the next one that makes a folder there: a run holds a lock in its folder for as long as it lives. Used by one
 * thread.
 */
final class SpillFolder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SpillFolder.class);

    private static final String LOCK = "lock";

    private static final String PREFIX = "transvase-spill-";

    private static final Pattern FILE = Pattern.compile(LOCK + "|\\d+");

    private final Path parent;

    /**
     * What the names of all folders of this process begin with: its own locks would be lost if it opened their files once more.
     * In a container each run may have the same number, but none begins at the same time.
     */
    private final String own;

    /** Null until a file was wanted. */
    private Path folder;

    /** Closing it lets go of the lock. */
    private FileChannel held;

    /** @param parent is made when it is missing */
    SpillFolder(Path parent) {
        this.parent = parent;
        ProcessHandle process = ProcessHandle.current();
        long began = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        this.own = PREFIX + process.pid() + '-' + began + '-';
    }

    Path parent() {
        return parent;
    }

    /** The place of a file, which is not made. */
    Path file(int number) throws IOException {
        if (folder != null && !Files.isDirectory(folder)) {
            held.close(); // somebody has tidied up: it held no file
            folder = null;
        }
        if (folder == null) {
            Files.createDirectories(parent);
            make();
            removeAbandoned();
        }
        return folder.resolve(Integer.toUnsignedString(number));
    }

    private void make() throws IOException {
        while (folder == null) {
            Path made = Files.createTempDirectory(parent, own);
            FileChannel channel =
                    FileChannel.open(made.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null || !Files.exists(made.resolve(LOCK))) {
                channel.close(); // another run was quick to take it for abandoned
            } else {
                held = channel;
                folder = made;
            }
        }
    }

    private void removeAbandoned() throws IOException {
        UserPrincipal user = Files.getOwner(folder);
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : others) {
                if (!other.getFileName().toString().startsWith(own)) {
                    removeIfAbandoned(other, user);
                }
            }
        }
    }

    /** Nothing is touched but files that look like ours, in a folder of this user's. */
    private static void removeIfAbandoned(Path other, UserPrincipal user) {
        try {
            if (!Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                return;
            }
            List<Path> files = new ArrayList<>();
            try (DirectoryStream<Path> content = Files.newDirectoryStream(other)) {
                content.forEach(files::add);
            }
            boolean ours = files.contains(other.resolve(LOCK))
                    && files.stream()
                            .allMatch(file ->
                                    FILE.matcher(file.getFileName().toString()).matches()
                                            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
            if (ours) {
                removeUnlessLocked(other, files);
            }
        } catch (IOException e) {
            log.info("{}, perhaps left by a killed run, could not be examined or removed: {}", other, e.toString());
        }
    }

    private static void removeUnlessLocked(Path other, List<Path> files) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(other.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return;
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.delete(other);
            log.info("removed {}, left by a killed run", other);
        }
    }

    /** Removes the folder, whose other files are gone by now. */
    @Override
    public void close() throws IOException {
        if (folder != null) {
            try (FileChannel closed = held) {
                Files.deleteIfExists(folder.resolve(LOCK));
                Files.deleteIfExists(folder);
            }
            folder = null;
        }
    }
}
