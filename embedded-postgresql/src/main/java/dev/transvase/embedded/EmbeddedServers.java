package dev.transvase.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The PostgreSQL majors whose binaries lie in one folder, each as {@code <major>.txz}, ready to be started. Safe for use
 * by several threads: servers may be started in parallel.
 */
public final class EmbeddedServers {
    private static final Pattern ARCHIVE_NAME = Pattern.compile("(\\d+)\\.txz");

    private final Path folder;
    private final SortedMap<Integer, Path> archives;
    private final BinariesCache cache;
    private final PortChoice ports;
    private final ServerAccount account;

    private EmbeddedServers(
            Path folder,
            SortedMap<Integer, Path> archives,
            BinariesCache cache,
            PortChoice ports,
            ServerAccount account) {
        this.folder = folder;
        this.archives = archives;
        this.cache = cache;
        this.ports = ports;
        this.account = account;
    }

    /**
     * Looks at which majors the folder holds; unpacks and starts nothing yet. A folder without archives, or none at all,
     * gives an object without majors.
     */
    public static EmbeddedServers from(Path folder) {
        return with(folder, PortChoice.random(), ServerAccount.forThisProcess());
    }

    static EmbeddedServers with(Path folder, PortChoice ports, ServerAccount account) {
        Path absolute = folder.toAbsolutePath().normalize();
        return new EmbeddedServers(absolute, archivesIn(absolute), BinariesCache.ofThisUser(), ports, account);
    }

    /** The majors that can be started here, ascending. Not every platform has all of them. */
    public SortedSet<Integer> majors() {
        return Collections.unmodifiableSortedSet(new TreeMap<>(archives).navigableKeySet());
    }

    /**
     * Creates an empty cluster in a temporary folder and starts a server on it that listens on the loopback address, on
     * a free port. Blocks until the server takes connections: well under a second once the binaries are unpacked.
     *
     * <p>The server ends, and its folder goes, on {@link PostgresServer#close()}, and by itself when this JVM ends in
     * whatever way, {@code kill -9} included.
     *
     * @param settings settings for {@code postgresql.conf}, by name; values unquoted
     * @throws EmbeddedServerException when the major is not in the folder or the server does not start
     */
    public PostgresServer start(int major, Map<String, String> settings) {
        return start(major, ServerSetup.of(settings));
    }

    /** As {@link #start(int, Map)}, for a server with more than settings. */
    public PostgresServer start(int major, ServerSetup setup) {
        Path archive = archives.get(major);
        if (archive == null) {
            throw new EmbeddedServerException("PostgreSQL " + major + " is not in " + folder + ", which holds "
                    + (archives.isEmpty() ? "no server" : archives.keySet())
                    + "; not every major is published for every platform");
        }
        return PostgresServer.launch(major, archive, cache, account, setup, ports);
    }

    private static SortedMap<Integer, Path> archivesIn(Path folder) {
        SortedMap<Integer, Path> archives = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return archives;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                Matcher name = ARCHIVE_NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    archives.put(Integer.valueOf(name.group(1)), file);
                }
            });
        } catch (IOException e) {
            throw new EmbeddedServerException("Cannot list the servers in " + folder, e);
        }
        return archives;
    }
}
