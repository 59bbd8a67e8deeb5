package dev.transvase.demo;

import static dev.transvase.demo.DemoErrors.NO_DEMO_SERVERS;

import dev.transvase.embedded.EmbeddedServers;
import dev.transvase.embedded.PostgresServer;
import dev.transvase.spi.error.TransvaseException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The two servers: the oldest and the newest that the distribution carries. Closing stops them and deletes their data. */
final class DemoServers implements AutoCloseable {
    private final PostgresServer sourceServer;
    private final PostgresServer targetServer;
    private final DemoDatabase source;
    private final DemoDatabase target;

    private DemoServers(PostgresServer sourceServer, PostgresServer targetServer) throws SQLException {
        this.sourceServer = sourceServer;
        this.targetServer = targetServer;
        this.source = DemoDatabase.create(sourceServer);
        this.target = DemoDatabase.create(targetServer);
    }

    /**
     * Starts both; blocks until they take connections.
     *
     * @param folder holds the servers as {@code <major>.txz}
     */
    static DemoServers start(Path folder) throws SQLException, InterruptedException {
        EmbeddedServers servers = EmbeddedServers.from(folder);
        SortedSet<Integer> majors = servers.majors();
        if (majors.size() < 2) {
            throw noServers(folder, majors);
        }
        // Unpacking, which only the first demo on a machine has to do, takes seconds for each.
        FutureTask<PostgresServer> target = new FutureTask<>(() -> servers.start(majors.last(), Map.of()));
        new Thread(target, "start target").start();
        PostgresServer sourceServer = null;
        PostgresServer targetServer = null;
        try {
            sourceServer = servers.start(majors.first(), Map.of("wal_level", "logical"));
            targetServer = result(target);
            return new DemoServers(sourceServer, targetServer);
        } catch (SQLException | RuntimeException | InterruptedException e) {
            discard(sourceServer, e);
            discard(targetServer != null ? targetServer : startedAfterAll(target, e), e);
            throw e;
        }
    }

    DemoDatabase source() {
        return source;
    }

    DemoDatabase target() {
        return target;
    }

    @Override
    public void close() {
        try (targetServer) {
            sourceServer.close();
        }
    }

    private static TransvaseException noServers(Path folder, SortedSet<Integer> majors) {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return TransvaseException.of(
                NO_DEMO_SERVERS,
                "The demo needs two PostgreSQL servers to start, and " + folder + " holds "
                        + (majors.isEmpty() ? "none" : "only " + majors.first())
                        + ". An archive carries those for the platform it was built on; `./transvase demo` in the sources"
                        + " builds one on Linux and macOS, x86-64 and arm64. This is " + platform
                        + ". Jobs on servers of your own run here as well: see the folder examples.");
    }

    private static PostgresServer result(FutureTask<PostgresServer> starting) throws InterruptedException {
        try {
            return starting.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static PostgresServer startedAfterAll(FutureTask<PostgresServer> starting, Exception failure) {
        try {
            return starting.get();
        } catch (ExecutionException e) {
            if (e.getCause() != failure) {
                failure.addSuppressed(e.getCause());
            }
            return null;
        } catch (InterruptedException e) {
            // Its shutdown hook stops it when the JVM ends, which is what interrupts the demo.
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static void discard(PostgresServer server, Exception failure) {
        if (server == null) {
            return;
        }
        try {
            server.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
