package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datasource.DataSourcesFile;
import dev.sluice.core.job.JobFile;
import dev.sluice.core.parameter.Problems;
import dev.sluice.spi.Parameter;
import dev.sluice.spi.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Stands for {@code sluice run}, whose plugins are not here: reads the job's files as Sluice does, and copies the table
 * by itself.
 */
final class TestingSluice implements ToIntFunction<List<String>> {
    private final List<String> jobs = new ArrayList<>();

    /** Where the demo's jobs read or write, as its data sources file says. */
    record Database(
            @Parameter(description = "", required = true) String host,
            @Parameter(description = "", required = true) int port,
            @Parameter(description = "", required = true) String database,
            @Parameter(description = "", required = true) String username,
            @Parameter(description = "", required = true) Secret password) {

        Connection connect() throws SQLException {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setServerNames(new String[] {host});
            source.setPortNumbers(new int[] {port});
            source.setDatabaseName(database);
            return source.getConnection(username, password.reveal());
        }
    }

    /** The names of the job files that were run. */
    List<String> jobs() {
        return jobs;
    }

    @Override
    public int applyAsInt(List<String> arguments) {
        assertThat(arguments).hasSize(4).startsWith("run").contains("--datasources");
        Path jobFile = Path.of(arguments.get(1));
        jobs.add(jobFile.getFileName().toString());
        Problems problems = new Problems();
        JobFile job = JobFile.read(jobFile, Map.of(), problems).orElse(null);
        problems.throwIfFailed();
        Path datasources = Path.of(arguments.get(3));
        Database source = database(
                datasources, job.reader().parameter().path("datasource").textValue());
        Database target = database(
                datasources, job.writer().parameter().path("datasource").textValue());
        try {
            copy(
                    source,
                    job.reader().parameter().path("table").textValue(),
                    target,
                    job.writer().parameter().path("table").textValue());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }

    static Database database(Path datasources, String name) {
        Problems problems = new Problems();
        Database database = DataSourcesFile.read(datasources, problems)
                .flatMap(file -> file.find(name))
                .flatMap(spec -> spec.bind(Database.class, problems))
                .orElse(null);
        problems.throwIfFailed();
        return database;
    }

    private static void copy(Database source, String from, Database target, String to)
            throws SQLException, IOException {
        try (Connection left = source.connect();
                Connection right = target.connect();
                Statement statement = right.createStatement()) {
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            left.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY " + from + " TO STDOUT", rows);
            statement.execute("TRUNCATE " + to);
            right.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + to + " FROM STDIN", new ByteArrayInputStream(rows.toByteArray()));
        }
    }
}
