package dev.transvase.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.cli.process.Shell;
import dev.transvase.core.datasource.DataSourcesFile;
import dev.transvase.core.job.JobFile;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Stands for Transvase's commands, whose plugins are not here: reads the job's files as Transvase does, and copies the tables by
 * itself. A job that follows changes copies them all whenever it is looked at.
 */
final class TestingTransvase implements Shell {
    private final List<String> jobs = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final Map<String, Integer> failing = new HashMap<>();
    private final Map<String, Runnable> afterwards = new HashMap<>();

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

    /** What was ended, by its job file's name, and how. */
    List<String> ended() {
        return ended;
    }

    /** Lets a job end with this exit code. */
    void fail(String job, int code) {
        failing.put(job, code);
    }

    /** Does something when a job has ended. */
    void onceRun(String job, Runnable then) {
        afterwards.put(job, then);
    }

    private int end(Job job) {
        afterwards.getOrDefault(job.name(), () -> {}).run();
        return failing.getOrDefault(job.name(), 0);
    }

    @Override
    public int run(List<String> arguments) {
        if (arguments.get(0).equals("cdc")) {
            assertThat(arguments).hasSize(5).startsWith("cdc", "drop").contains("--datasources");
            Job job = Job.read(Path.of(arguments.get(2)), Path.of(arguments.get(4)));
            execute(job.source(), "SELECT pg_drop_replication_slot('" + job.slot() + "')");
            ended.add(job.name() + " dropped");
            return 0;
        }
        assertThat(arguments).hasSize(4).startsWith("run").contains("--datasources");
        Job job = Job.read(Path.of(arguments.get(1)), Path.of(arguments.get(3)));
        jobs.add(job.name());
        copy(
                job.source(),
                job.file().reader().parameter().path("table").textValue(),
                job.target(),
                job.file().writer().parameter().path("table").textValue());
        return end(job);
    }

    @Override
    public Background start(List<String> arguments, PrintStream err) {
        assertThat(arguments).startsWith("run").contains("--datasources").containsSequence("--progress", "none");
        Job job = Job.read(Path.of(arguments.get(1)), Path.of(arguments.get(3)));
        jobs.add(job.name());
        if (!failing.containsKey(job.name())) {
            execute(job.source(), "SELECT pg_create_logical_replication_slot('" + job.slot() + "', 'pgoutput')");
        }
        return new Following(job);
    }

    private final class Following implements Background {
        private final Job job;

        Following(Job job) {
            this.job = job;
        }

        @Override
        public OptionalInt await(Duration atMost) {
            if (failing.containsKey(job.name())) {
                return OptionalInt.of(end(job));
            }
            addColumns(job);
            for (DemoTable table : DemoTable.ALL) {
                copy(job.source(), table.name(), job.target(), table.name());
            }
            return OptionalInt.empty();
        }

        @Override
        public int terminate() {
            ended.add(job.name() + " terminated");
            return end(job);
        }
    }

    /** A job file, and where it reads and writes. */
    private record Job(String name, JobFile file, Database source, Database target) {

        static Job read(Path jobFile, Path datasources) {
            Problems problems = new Problems();
            JobFile job = JobFile.read(jobFile, Map.of(), (category, type) -> Optional.empty(), problems)
                    .orElse(null);
            problems.throwIfFailed();
            return new Job(
                    jobFile.getFileName().toString(),
                    job,
                    database(
                            datasources,
                            job.reader().parameter().path("datasource").textValue()),
                    database(
                            datasources,
                            job.writer().parameter().path("datasource").textValue()));
        }

        String slot() {
            return "di_slot_" + file.reader().parameter().path("solutionId").textValue();
        }
    }

    private static void addColumns(Job job) {
        String columns = "SELECT attrelid::regclass, quote_ident(attname), format_type(atttypid, atttypmod)"
                + " FROM pg_attribute WHERE attrelid = 'shop.orders'::regclass AND attnum > 0";
        try (Connection left = job.source().connect();
                Connection right = job.target().connect();
                Statement from = left.createStatement();
                Statement to = right.createStatement();
                ResultSet rows = from.executeQuery(columns)) {
            while (rows.next()) {
                to.execute("ALTER TABLE " + rows.getString(1) + " ADD COLUMN IF NOT EXISTS " + rows.getString(2) + ' '
                        + rows.getString(3));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(Database database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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

    private static void copy(Database source, String from, Database target, String to) {
        try (Connection left = source.connect();
                Connection right = target.connect();
                Statement statement = right.createStatement()) {
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            left.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY " + from + " TO STDOUT", rows);
            statement.execute("TRUNCATE " + to);
            right.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + to + " FROM STDIN", new ByteArrayInputStream(rows.toByteArray()));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
