package dev.transvase.benchmarks;

import dev.transvase.embedded.PostgresServer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** A source and a target, each on a server of its own, and a folder for what tools read and write. Closing ends them. */
final class ChangeRun implements AutoCloseable {

    private final Path folder;
    private final LogicalServer source;
    private final LogicalServer target;

    private ChangeRun(Path folder, LogicalServer source, LogicalServer target) {
        this.folder = folder;
        this.source = source;
        this.target = target;
    }

    static ChangeRun start() throws IOException, SQLException {
        LogicalServer source = LogicalServer.start();
        try {
            LogicalServer target = LogicalServer.start();
            try {
                ChangeRun run = new ChangeRun(Files.createTempDirectory("transvase-benchmarks-"), source, target);
                run.writeDataSources();
                return run;
            } catch (IOException | RuntimeException e) {
                try (target) {
                    throw e;
                }
            }
        } catch (IOException | SQLException | RuntimeException e) {
            try (source) {
                throw e;
            }
        }
    }

    private void writeDataSources() throws IOException {
        Files.writeString(
                dataSourcesFile(),
                "{\"datasources\": {\"source\": " + dataSource(source.server()) + ",\n \"target\": "
                        + dataSource(target.server()) + "}}\n");
    }

    private static String dataSource(PostgresServer server) {
        return """
                {"type": "postgresql", "host": "%s", "port": %d, "database": "%s", "username": "%s", "password": "%s"}""".formatted(server.host(), server.port(), LogicalServer.DATABASE, server.user(), server.password());
    }

    /** Holds the data sources {@code source} and {@code target}. */
    Path dataSourcesFile() {
        return folder.resolve("datasources.json");
    }

    Path folder() {
        return folder;
    }

    LogicalServer source() {
        return source;
    }

    LogicalServer target() {
        return target;
    }

    @Override
    public void close() throws IOException {
        try (source;
                target) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
