package dev.transvase.benchmarks;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The server and what is on it, as the runner tells it to its forks: in files of a folder that a system property names.
 *
 * @param folder of the run; forks put their job files there, and the runner deletes it in the end
 * @param host the server's address
 * @param port the server's port
 * @param user a superuser
 * @param password of that user
 * @param rows in the source table
 */
record MeasuredServer(Path folder, String host, int port, String user, String password, long rows) {

    static final String FOLDER_PROPERTY = "transvase.benchmarks.folder";

    private static final String DATABASE = "postgres";

    /** As the runner of this fork has written it. */
    static MeasuredServer ofThisRun() throws IOException {
        String folder = System.getProperty(FOLDER_PROPERTY);
        if (folder == null) {
            throw new IllegalStateException("There is no server to measure: start the benchmarks by benchmarks/run");
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(folder, "server.properties"))) {
            properties.load(reader);
        }
        return new MeasuredServer(
                Path.of(folder),
                properties.getProperty("host"),
                Integer.parseInt(properties.getProperty("port")),
                properties.getProperty("user"),
                properties.getProperty("password"),
                Long.parseLong(properties.getProperty("rows")));
    }

    void write() throws IOException {
        Properties properties = new Properties();
        properties.setProperty("host", host);
        properties.setProperty("port", Integer.toString(port));
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("rows", Long.toString(rows));
        try (Writer writer = Files.newBufferedWriter(folder.resolve("server.properties"))) {
            properties.store(writer, null);
        }
        Files.writeString(dataSourcesFile(), """
                {"datasources": {"measured": {"type": "postgresql", "host": "%s", "port": %d, "database": "%s",
                                              "username": "%s", "password": "%s"}}}
                """.formatted(host, port, DATABASE, user, password));
    }

    /** Holds the data source {@code measured}. */
    Path dataSourcesFile() {
        return folder.resolve("datasources.json");
    }

    /** A new connection, which the caller closes. */
    Connection connect() throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(DATABASE);
        source.setApplicationName("benchmark");
        return source.getConnection(user, password);
    }
}
