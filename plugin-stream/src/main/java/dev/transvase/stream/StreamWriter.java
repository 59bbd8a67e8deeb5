package dev.transvase.stream;

import static dev.transvase.spi.error.CommonErrors.PERMISSION_DENIED;
import static dev.transvase.stream.StreamErrors.BAD_PATH;
import static dev.transvase.stream.StreamErrors.FOLDER_NOT_FOUND;
import static dev.transvase.stream.StreamErrors.NOT_A_FOLDER;
import static dev.transvase.stream.StreamErrors.OUTPUT_FAILED;
import static dev.transvase.stream.StreamErrors.PATH_IS_FOLDER;

import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Shows records as lines of text on standard output or in a file, or only counts them. */
public final class StreamWriter implements Writer {

    private static final String STDOUT = "standard output";

    private final StreamWriterParameters parameters;
    private final JobContext job;
    private final Supplier<PrintStream> stdout;
    private LineOutput output;

    @Inject
    public StreamWriter(StreamWriterParameters parameters, JobContext job) {
        this(parameters, job, () -> System.out);
    }

    StreamWriter(StreamWriterParameters parameters, JobContext job, Supplier<PrintStream> stdout) {
        this.parameters = parameters;
        this.job = job;
        this.stdout = stdout;
    }

    @Override
    public List<WriteTarget> plan(List<Schema> offered, Checks checks) {
        String target;
        String description;
        if (parameters.givenPath().isPresent()) {
            Optional<Path> file = checkedFile(checks);
            target = file.map(Path::toString)
                    .orElseGet(() -> parameters.givenPath().get());
            description = "write lines of text to " + target + ", replacing what it holds";
        } else if (parameters.print()) {
            target = STDOUT;
            description = "print lines of text to standard output";
        } else {
            target = "nothing";
            description = "count the records and discard them";
        }
        if (parameters.recordNumBeforeSleep() > 0 != parameters.sleepTime() > 0) {
            String alone = parameters.sleepTime() > 0 ? "sleepTime" : "recordNumBeforeSleep";
            String other = parameters.sleepTime() > 0 ? "recordNumBeforeSleep" : "sleepTime";
            checks.warning(alone, "has no effect without " + other);
        }
        return offered.stream()
                .map(schema -> WriteTarget.of(target, schema.standard(), description))
                .toList();
    }

    /** {@inheritDoc} Changes are shown as lines too: the kind of change and the table come first. */
    @Override
    public List<WriteTarget> plan(ReadPlan offered, Checks checks) {
        return plan(offered.tables(), checks);
    }

    private Optional<Path> checkedFile(Checks checks) {
        Path file;
        try {
            file = file();
        } catch (InvalidPathException e) {
            checks.error("path", BAD_PATH, "invalid file name: " + e.getMessage(), "");
            return Optional.empty();
        }
        if (Files.isDirectory(file)) {
            checks.error(
                    "path",
                    PATH_IS_FOLDER,
                    file + " is a folder, not a file",
                    "Name the file in it, as part of path or as fileName.");
        } else if (Files.exists(file)) {
            checkWritable(file, file + " is not writable by this user", checks);
        } else {
            checkFolder(file.getParent(), checks);
        }
        return Optional.of(file);
    }

    private void checkFolder(Path folder, Checks checks) {
        Path existing = folder;
        if (parameters.givenFileName().isPresent()) {
            while (!Files.exists(existing)) {
                existing = existing.getParent();
            }
        }
        if (!Files.exists(existing)) {
            checks.error(
                    "path", FOLDER_NOT_FOUND, "there is no folder " + existing, "Run: mkdir -p '" + existing + "'");
        } else if (!Files.isDirectory(existing)) {
            checks.error("path", NOT_A_FOLDER, existing + " is a file, not a folder", "Give another path.");
        } else {
            checkWritable(existing, "this user may not create files in " + existing, checks);
        }
    }

    private static void checkWritable(Path path, String message, Checks checks) {
        if (!Files.isWritable(path)) {
            checks.error("path", PERMISSION_DENIED, message, "Give another path, or the permission.");
        }
    }

    private Path file() {
        Path path = job.baseFolder().resolve(parameters.givenPath().orElseThrow());
        return parameters
                .givenFileName()
                .map(path::resolve)
                .orElse(path)
                .toAbsolutePath()
                .normalize();
    }

    @Override
    public void begin() {
        if (parameters.givenPath().isPresent()) {
            Path file = file();
            output = new LineOutput(file.toString(), open(file));
        } else if (parameters.print()) {
            output = new LineOutput(STDOUT, new PrintSink(stdout.get()));
        }
    }

    /** {@inheritDoc} What a file held is gone once it has been opened. */
    @Override
    public boolean mayHaveChanged() {
        return parameters.givenPath().isPresent();
    }

    private LineSink open(Path file) {
        try {
            if (parameters.givenFileName().isPresent()) {
                Files.createDirectories(file.getParent());
            }
            return new FileSink(file);
        } catch (IOException e) {
            throw TransvaseException.of(OUTPUT_FAILED, "Cannot create the file: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public ChannelWriter open(WriteJournal journal) {
        if (output != null) {
            return new LineChannelWriter(output, parameters, journal);
        }
        return new DiscardingChannelWriter(journal);
    }

    @Override
    public void close() {
        LineOutput open = output;
        output = null;
        if (open != null) {
            open.close();
        }
    }
}
