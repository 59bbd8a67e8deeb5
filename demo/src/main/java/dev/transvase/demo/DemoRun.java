package dev.transvase.demo;

import static dev.transvase.demo.DemoErrors.DEMO_NOT_EQUAL;
import static dev.transvase.spi.error.CommonErrors.INVALID_OPTION;

import dev.transvase.cli.demo.DemoOptions;
import dev.transvase.demo.EmbeddedDemo.KeptServers;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The demo from its first step to its last. */
final class DemoRun {
    private static final String DEFAULT_FOLDER = "transvase-demo";
    private static final int MOST_ROWS = 100_000_000;

    private final DemoOptions options;
    private final KeptServers kept;
    private final EndOfJvm end;
    private final Commands commands;
    private final Story story;

    DemoRun(DemoOptions options, KeptServers kept, EndOfJvm end) {
        this.options = options;
        this.kept = kept;
        this.end = end;
        this.commands = Commands.of(options);
        this.story = new Story(options.err());
    }

    int run() throws SQLException, IOException, InterruptedException {
        if (options.rows() < 1 || options.rows() > MOST_ROWS) {
            throw TransvaseException.of(
                    INVALID_OPTION, "--rows: expected a number from 1 to " + MOST_ROWS + ", found " + options.rows());
        }
        story.line("This demo moves three tables from an older PostgreSQL to the newest one, and then the changes made"
                + " to them."
                + " Both servers are started here for it.");
        Path path = options.workFolder().orElseGet(() -> Path.of(DEFAULT_FOLDER).toAbsolutePath());
        try (DemoFolder folder = DemoFolder.open(path)) {
            DemoFiles files = new DemoFiles(folder);
            story.step("Starting two servers (their binaries are unpacked once per user, which takes a few seconds)");
            try (DemoServers servers =
                    DemoServers.start(options.home().resolve("demo").resolve("servers"))) {
                int code = run(servers, files);
                if (code != 0) {
                    return code;
                }
            }
            story.line("");
            story.line(
                    "The servers are stopped and their data is deleted. The job files stay in " + shown(files) + ".");
            story.line("To try changes of your own on living servers:  " + commands.transvase("demo --keep"));
            return 0;
        }
    }

    private int run(DemoServers servers, DemoFiles files) throws SQLException, IOException, InterruptedException {
        tellServer("source", servers.source());
        tellServer("target", servers.target());
        makeTables(servers);
        writeFiles(servers, files);
        if (options.ui()) {
            return serve(files);
        }
        for (DemoTable table : DemoTable.ALL) {
            int code = runJob(table, files);
            if (code != 0) {
                return ended(code, files);
            }
        }
        boolean equal = compare(servers);
        if (equal) {
            int code =
                    new LiveChanges(options, end, story, commands, servers).run(files.changes(), files.datasources());
            if (code != 0) {
                return ended(code, files);
            }
            equal = compare(servers);
            code = drop(files);
            if (code != 0) {
                return ended(code, files);
            }
        }
        story.line("");
        story.line(story.sinceBegin() + " in all.");
        if (options.keep()) {
            keep(servers, files);
        }
        if (!equal) {
            throw TransvaseException.of(
                    DEMO_NOT_EQUAL,
                    "the jobs succeeded but the two sides differ: this is a defect of Transvase, please report it",
                    null);
        }
        return 0;
    }

    private void tellServer(String role, DemoDatabase database) {
        story.line(String.format(
                Locale.ROOT, "   %s  %-16s on %s:%d", role, database.version(), database.host(), database.port()));
    }

    private void makeTables(DemoServers servers) throws SQLException {
        story.step(
                "Creating the tables on both servers, and " + count(options.rows()) + " orders and more at the source");
        try (Connection source = servers.source().connect();
                Connection target = servers.target().connect()) {
            DemoTables.create(source);
            DemoTables.create(target);
            DemoTables.fill(source, options.rows());
        }
    }

    private void writeFiles(DemoServers servers, DemoFiles files) throws IOException {
        story.step("Writing the job files into " + shown(files));
        files.write(servers);
        files.movedAside()
                .forEach(file -> story.line(
                        "   A file there was changed since the last demo; it is now " + commands.path(file)));
        story.line("   " + commands.path(files.datasources()) + "  where to read and write");
        for (DemoTable table : DemoTable.ALL) {
            story.line("   " + commands.path(files.job(table)) + "  moves " + table.name());
        }
        story.line("   " + commands.path(files.changes()) + "  follows all three");
    }

    private int runJob(DemoTable table, DemoFiles files) {
        story.step("Moving " + table.name());
        story.line("   $ " + commands.run(files.job(table), files.datasources()));
        return run(List.of("run", files.job(table).toString()), files);
    }

    /** Leaves the jobs to the user; returns when the UI has been asked to end. */
    private int serve(DemoFiles files) {
        story.step("Serving the UI with these jobs until you press Ctrl-C here; then the servers are stopped, too");
        Path folder = files.datasources().toAbsolutePath().getParent();
        return run(List.of("ui", "--folder", folder.toString(), "--port", "0"), files);
    }

    private int drop(DemoFiles files) {
        story.step("Removing the job's slot and publication, for which the source keeps its log, and its position");
        story.line("   $ " + commands.cdc("drop", files.changes(), files.datasources()));
        return run(List.of("cdc", "drop", files.changes().toString()), files);
    }

    private int run(List<String> command, DemoFiles files) {
        options.err().flush();
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of("--datasources", files.datasources().toString()));
        return options.transvase().run(arguments);
    }

    private int ended(int code, DemoFiles files) {
        if (code != EndOfJvm.INTERRUPTED) {
            story.line("The job did not succeed, so the demo ends here. Its files stay: " + shown(files));
        }
        return code;
    }

    private boolean compare(DemoServers servers) throws SQLException {
        story.step("Comparing both sides: each server counts its rows and digests every column of every row");
        options.err().flush();
        Comparison comparison;
        try (Connection source = servers.source().connect();
                Connection target = servers.target().connect()) {
            comparison = Comparison.of(DemoTable.ALL, source, target);
        }
        options.out().print(comparison.text());
        options.out().flush();
        story.line("");
        story.line(comparison.equal() ? "Both sides are equal." : "Both sides are NOT equal.");
        return comparison.equal();
    }

    private void keep(DemoServers servers, DemoFiles files) throws InterruptedException {
        story.line("");
        story.line("The servers stay up until you press Ctrl-C here; then they are stopped and their data is deleted.");
        tellConnection("source", servers.source(), files.sourcePassword());
        tellConnection("target", servers.target(), files.targetPassword());
        story.line("Change a job file, or rows at the source, and run the job again in another terminal:");
        for (DemoTable table : DemoTable.ALL) {
            story.line("  " + commands.run(files.job(table), files.datasources()));
        }
        story.line("Or let a job follow the source, change rows there by psql, and look for them at the target:");
        story.line("  " + commands.run(files.changes(), files.datasources()));
        story.line("It ends by Ctrl-C, and its slot is removed by");
        story.line("  " + commands.cdc("drop", files.changes(), files.datasources()));
        options.err().flush();
        kept.await();
    }

    private void tellConnection(String role, DemoDatabase database, Path passwordFile) {
        story.line("  " + role + "  " + commands.psql(database, passwordFile));
        story.line("          " + database.jdbcUrl() + "  user " + DemoDatabase.ROLE + ", password in "
                + commands.path(passwordFile));
        story.line("          data in " + database.dataFolder());
    }

    private String shown(DemoFiles files) {
        return commands.path(files.datasources().toAbsolutePath().getParent());
    }

    private static String count(int count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
