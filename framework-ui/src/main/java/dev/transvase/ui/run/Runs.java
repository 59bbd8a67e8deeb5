package dev.transvase.ui.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.ui.file.OwnerOnly;
import dev.transvase.ui.file.StoredFile;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.job.JobFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of a folder, started here or by a server before. All that is known is on disk; what is kept in memory is how ended runs ended,
 * which does not change. Thread-safe; the disk is waited for.
 */
public final class Runs {

    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final long LARGEST_LOG = 32L << 20;
    private static final int KEPT_LOG = 8 << 20;

    private final Path root;
    private final JobFolder jobs;
    private final List<String> command;
    private final int keep;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Run> ended = new ConcurrentHashMap<>();

    /**
     * @param command what starts Transvase
     * @param keep how many runs are kept
     */
    public Runs(JobFolder jobs, List<String> command, int keep, Clock clock) {
        this.root = jobs.path().resolve("runs");
        this.jobs = jobs;
        this.command = List.copyOf(command);
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * How a job is to be run.
     *
     * @param variables what its variables stand for
     * @param untilCurrent whether a stream of changes ends once it has come to where its source is now
     * @param beside whether it may run while another run of the job goes on
     * @param dataSources the data sources file
     */
    public record Start(Map<String, String> variables, boolean untilCurrent, boolean beside, Path dataSources) {}

    /**
     * Starts a job.
     *
     * @throws Refusal when it is running already, or cannot be started
     */
    public synchronized Run start(String job, Start start) {
        JobFolder.Script script = jobs.read(job);
        if (!start.beside()) {
            latest(run -> run.job().equals(job) && run.state() == RunState.RUNNING)
                    .ifPresent(run -> {
                        throw Refusal.conflict(
                                "JOB_RUNNING",
                                "the job is running: run " + run.id(),
                                "wait for its end, or stop it first");
                    });
        }
        RunFolder folder = make();
        try {
            StoredFile.write(folder.job(), script.bytes(), true);
            ObjectNode started = started(job, start);
            StoredFile.write(folder.start(), started.toString().getBytes(StandardCharsets.UTF_8), true);
            ProcessHandle shell = RunProcess.start(folder, command(folder, jobs.file(job), start), jobs.path());
            started.put("pid", shell.pid());
            started.put(
                    "processStartedAt",
                    shell.info().startInstant().orElse(clock.instant()).toString());
            StoredFile.write(folder.start(), started.toString().getBytes(StandardCharsets.UTF_8), true);
        } catch (Refusal e) {
            folder.delete();
            throw e;
        }
        forgetOld();
        return RunReader.read(folder).orElseThrow();
    }

    private List<String> command(RunFolder folder, Path job, Start start) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(
                "run",
                job.toString(),
                "--datasources",
                start.dataSources().toString(),
                "--report",
                folder.report().toString(),
                "--dirty",
                folder.dirty().toString(),
                "--progress",
                "json"));
        if (start.untilCurrent()) {
            all.add("--until-current");
        }
        start.variables().forEach((name, value) -> all.addAll(List.of("-D", name + '=' + value)));
        return all;
    }

    private ObjectNode started(String job, Start start) {
        ObjectNode started = JsonNodeFactory.instance.objectNode();
        started.put("job", job);
        started.put("startedAt", clock.instant().toString());
        started.put("untilCurrent", start.untilCurrent());
        ObjectNode variables = started.putObject("variables");
        start.variables().forEach(variables::put);
        return started;
    }

    private RunFolder make() {
        byte[] chance = new byte[3];
        random.nextBytes(chance);
        Instant now = clock.instant();
        RunFolder folder = folder(TIME.format(now) + '-' + HexFormat.of().formatHex(chance));
        try {
            Files.createDirectories(root);
            Files.createDirectory(folder.path(), OwnerOnly.folder(root));
            return folder;
        } catch (IOException e) {
            throw StoredFile.notWritten(root, e);
        }
    }

    private RunFolder folder(String id) {
        return new RunFolder(id, root.resolve(id));
    }

    /**
     * A run's folder.
     *
     * @throws Refusal when there is no such run
     */
    RunFolder existing(String id) {
        RunFolder folder = folder(id);
        if (!RunFolder.ID.matcher(id).matches() || !Files.isRegularFile(folder.start())) {
            throw Refusal.missing("there is no such run");
        }
        return folder;
    }

    /** One run. */
    public Run get(String id) {
        return run(existing(id)).orElseThrow(() -> Refusal.missing("there is no such run"));
    }

    private Optional<Run> run(RunFolder folder) {
        Run known = ended.get(folder.id());
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Run> read = RunReader.read(folder);
        read.filter(run -> run.state().ended()).ifPresent(run -> ended.put(run.id(), run));
        return read;
    }

    /** All runs that match, the latest first. */
    public List<Run> list(Predicate<Run> wanted) {
        List<Run> runs = new ArrayList<>();
        for (RunFolder folder : folders()) {
            run(folder).filter(wanted).ifPresent(runs::add);
        }
        return runs;
    }

    private Optional<Run> latest(Predicate<Run> wanted) {
        for (RunFolder folder : folders()) {
            Optional<Run> run = run(folder).filter(wanted);
            if (run.isPresent()) {
                return run;
            }
        }
        return Optional.empty();
    }

    /** The latest run of each job. */
    public Map<String, Run> latestOfEach() {
        Map<String, Run> latest = new HashMap<>();
        list(run -> true).forEach(run -> latest.putIfAbsent(run.job(), run));
        return latest;
    }

    private List<RunFolder> folders() {
        List<RunFolder> folders = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
                for (Path entry : entries) {
                    String name = String.valueOf(entry.getFileName());
                    if (RunFolder.ID.matcher(name).matches()) {
                        folders.add(folder(name));
                    }
                }
            } catch (IOException e) {
                throw Refusal.outside(
                        "FOLDER_UNREADABLE", "the folder of the runs cannot be read: " + e.getMessage(), e);
            }
        }
        folders.sort(Comparator.comparing(RunFolder::id).reversed());
        return folders;
    }

    /**
     * Tells a run to end, as SIGTERM does. Returns at once; the run ends once it has rolled back, or has written what it has read.
     *
     * @throws Refusal when it is not running
     */
    public Run stop(String id) {
        RunFolder folder = existing(id);
        if (run(folder).map(run -> run.state().ended()).orElse(true)) {
            throw Refusal.conflict("RUN_ENDED", "the run has ended", "");
        }
        ProcessHandle job = RunProcess.job(folder)
                .orElseThrow(() -> Refusal.conflict("RUN_STARTING", "the run is only just starting", "try again"));
        job.destroy();
        return get(id);
    }

    /** Removes a run that has ended, and all that is known of it. */
    public synchronized void delete(String id) {
        RunFolder folder = existing(id);
        if (!get(id).state().ended()) {
            throw Refusal.conflict("JOB_RUNNING", "the run goes on", "stop it first");
        }
        folder.delete();
        ended.remove(id);
    }

    /** Removes the oldest of those that have ended, beyond what is kept. */
    public synchronized void forgetOld() {
        List<Run> runs = list(run -> run.state().ended());
        for (Run old : runs.subList(Math.min(keep, runs.size()), runs.size())) {
            try {
                folder(old.id()).delete();
                ended.remove(old.id());
            } catch (Refusal e) {
                LOG.warn("the old run {} is kept: {}", old.id(), e.getMessage());
            }
        }
    }

    /** Cuts what running runs have printed where that has become large. */
    void cutLogs() {
        for (Run run : list(one -> one.state() == RunState.RUNNING)) {
            new OutputFile(folder(run.id()).output()).cut(LARGEST_LOG, KEPT_LOG);
        }
    }

    /** How many runs are kept. */
    public int keep() {
        return keep;
    }
}
