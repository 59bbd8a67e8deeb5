package dev.transvase.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PostgreSQL's own {@code pg_recvlogical} from a slot to {@code /dev/null}: it looks at nothing of what it gets. */
final class ReceiveProgram implements Contender {

    private static final String NAME = "pg_recvlogical";

    private final ChangeRun run;
    private final Path program;

    private ReceiveProgram(ChangeRun run, Path program) {
        this.run = run;
        this.program = program;
    }

    /** Empty when there is none: the servers that come with the build lack it. */
    static Optional<Contender> find(ChangeRun run) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(Pattern.quote(File.pathSeparator)))
                .map(folder -> Path.of(folder, NAME))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> new ReceiveProgram(run, program));
    }

    @Override
    public String name() {
        return NAME;
    }

    private static String slot(int round) {
        return "received_" + round;
    }

    @Override
    public void prepare(int round) throws SQLException {
        run.source().createSlot(slot(round));
    }

    @Override
    public Outcome run(int round) throws IOException, SQLException, InterruptedException {
        String end = run.source().end();
        ProcessBuilder builder = new ProcessBuilder(
                program.toString(),
                "--dbname=" + run.source().connectionString(),
                "--slot=" + slot(round),
                "--start",
                "--no-loop",
                "--endpos=" + end,
                "--file=/dev/null",
                "--option=proto_version=2",
                "--option=publication_names=" + LogicalServer.PUBLICATION,
                "--option=binary=true",
                "--option=streaming=true");
        builder.environment().put("PGPASSWORD", run.source().server().password());
        try (ToolProcess process = ToolProcess.start(NAME, run.folder(), builder)) {
            double seconds = process.await();
            run.source().requireConfirmed(slot(round), end);
            return new Outcome(seconds, seconds);
        }
    }
}
