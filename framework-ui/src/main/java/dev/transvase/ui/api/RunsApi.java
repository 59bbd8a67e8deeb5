package dev.transvase.ui.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.ui.http.Endpoint;
import dev.transvase.ui.http.EventSource;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.http.Request;
import dev.transvase.ui.run.DirtyRecords;
import dev.transvase.ui.run.Run;
import dev.transvase.ui.run.RunLogs;
import dev.transvase.ui.run.RunState;
import dev.transvase.ui.run.RunWatch;
import dev.transvase.ui.run.Runs;
import dev.transvase.ui.source.DataSources;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Runs: started, watched, stopped, looked back at. */
public final class RunsApi {

    private static final int MOST_LISTED = 1_000;

    private final Runs runs;
    private final RunLogs logs;
    private final RunWatch watch;
    private final DirtyRecords dirty;
    private final DataSources sources;

    public RunsApi(Runs runs, RunWatch watch, DataSources sources) {
        this.runs = runs;
        this.logs = new RunLogs(runs);
        this.watch = watch;
        this.dirty = new DirtyRecords(runs);
        this.sources = sources;
    }

    /**
     * Runs, the latest first.
     *
     * @param total how many match
     * @param keep how many are kept
     */
    record RunList(int total, int keep, List<Run> runs) {}

    /** A run's report; left out while there is none. */
    record Report(Optional<JsonNode> report, long printedBytes) {}

    /** Progress over time. */
    record ProgressPoints(List<JsonNode> points) {}

    /** The endpoints. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>(basic());
        all.addAll(details());
        return all;
    }

    private List<Endpoint> basic() {
        return List.of(
                Endpoint.get("/runs", "The runs, the latest first")
                        .query("job", "only those of this job")
                        .query("state", "only these, with commas between: running, succeeded, failed, stopped, killed")
                        .query("since", "only those started at this time or later, for example 2026-01-31T00:00:00Z")
                        .query("until", "only those started before this time")
                        .query("from", "how many to skip")
                        .query("limit", "how many at most; 100 without it")
                        .answers(RunList.class, this::list),
                Endpoint.post("/runs", "Starts a job as a process of its own")
                        .takes(Bodies.StartRun.class)
                        .creates(Run.class, this::start),
                Endpoint.get("/runs/{run}", "One run").answers(Run.class, request -> runs.get(id(request))),
                Endpoint.post("/runs/{run}/stop", "Tells a run to end, as SIGTERM does")
                        .answers(Run.class, request -> runs.stop(id(request))),
                Endpoint.delete("/runs/{run}", "Removes all that is known of a run that has ended")
                        .does(request -> {
                            runs.delete(id(request));
                            return null;
                        }),
                Endpoint.get(
                                "/runs/{run}/events",
                                "How a run goes on, as server-sent events: state, progress, log, end")
                        .query("from", "the place in the log that the client has read up to")
                        .streams(this::events));
    }

    private List<Endpoint> details() {
        return List.of(
                Endpoint.get("/runs/{run}/report", "The report, once the run has ended")
                        .answers(
                                Report.class,
                                request -> new Report(logs.report(id(request)), logs.printed(id(request)))),
                Endpoint.get("/runs/{run}/progress", "Progress over time, thinned out, for a chart")
                        .query("points", "about how many; 300 without it")
                        .answers(
                                ProgressPoints.class,
                                request -> new ProgressPoints(
                                        logs.progress(id(request), request.query("points", 300, 2, 2_000)))),
                Endpoint.get("/runs/{run}/log", "The messages of the run, line by line")
                        .query("from", "the place to begin at: 0, or `to` of the last answer")
                        .answers(RunLogs.Lines.class, request -> logs.lines(id(request), place(request))),
                Endpoint.get("/runs/{run}/log.txt", "All messages of the run, to keep")
                        .answersFile("text/plain; charset=utf-8", "log.txt", request -> logs.file(id(request), "log")),
                Endpoint.get("/runs/{run}/printed.txt", "What the job printed, to keep")
                        .answersFile(
                                "text/plain; charset=utf-8",
                                "printed.txt",
                                request -> logs.file(id(request), "printed")),
                Endpoint.get("/runs/{run}/job.json", "The job file as it was, to keep")
                        .answersFile(
                                "application/json; charset=utf-8",
                                "job.json",
                                request -> logs.file(id(request), "job")),
                Endpoint.get("/runs/{run}/report.json", "The report, to keep")
                        .answersFile(
                                "application/json; charset=utf-8",
                                "report.json",
                                request -> logs.file(id(request), "report")),
                Endpoint.get("/runs/{run}/dirty", "Records that the target did not take")
                        .query("table", "only those of this table")
                        .query("sqlState", "only those with this SQLSTATE")
                        .query("constraint", "only those that this constraint refused")
                        .query("column", "only those whose message names this column")
                        .query("from", "the place to begin at: 0, or `next` of the last answer")
                        .query("limit", "how many at most; 50 without it")
                        .answers(
                                DirtyRecords.Page.class,
                                request -> dirty.page(
                                        id(request),
                                        filter(request),
                                        place(request),
                                        request.query("limit", 50, 1, 500))),
                Endpoint.get("/runs/{run}/dirty/summary", "How many dirty records there are of each kind")
                        .query("table", "only those of this table")
                        .query("sqlState", "only those with this SQLSTATE")
                        .query("constraint", "only those that this constraint refused")
                        .query("column", "only those whose message names this column")
                        .answers(DirtyRecords.Summary.class, request -> dirty.summary(id(request), filter(request))),
                Endpoint.get("/runs/{run}/dirty.jsonl", "All dirty records, one JSON object a line, to keep")
                        .answersFile(
                                "application/x-ndjson", "dirty.jsonl", request -> logs.file(id(request), "dirty")));
    }

    private static String id(Request request) {
        return request.path("run");
    }

    private RunList list(Request request) {
        Optional<String> job = request.query("job");
        List<RunState> states = states(request.query("state"));
        Optional<Instant> since = request.query("since").map(RunsApi::time);
        Optional<Instant> until = request.query("until").map(RunsApi::time);
        Predicate<Run> wanted = run -> job.map(run.job()::equals).orElse(true)
                && (states.isEmpty() || states.contains(run.state()))
                && since.map(time -> !Instant.parse(run.startedAt()).isBefore(time))
                        .orElse(true)
                && until.map(time -> Instant.parse(run.startedAt()).isBefore(time))
                        .orElse(true);
        List<Run> found = runs.list(wanted);
        int from = request.query("from", 0, 0, Integer.MAX_VALUE);
        int limit = request.query("limit", 100, 1, MOST_LISTED);
        return new RunList(
                found.size(),
                runs.keep(),
                found.stream().skip(from).limit(limit).toList());
    }

    private static List<RunState> states(Optional<String> words) {
        List<RunState> states = new ArrayList<>();
        for (String word : words.map(text -> text.split(",", 0)).orElse(new String[0])) {
            try {
                states.add(RunState.valueOf(word.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw Refusal.bad("INVALID_PARAMETER", "state: there is no state \"" + word.strip() + "\"");
            }
        }
        return states;
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Refusal.bad(
                    "INVALID_PARAMETER", "expected a time such as 2026-01-31T00:00:00Z, found \"" + text + "\"");
        }
    }

    private Run start(Request request) {
        Bodies.StartRun body = request.body(Bodies.StartRun.class);
        return runs.start(
                body.job(), new Runs.Start(body.variables(), body.untilCurrent(), body.beside(), sources.file()));
    }

    private EventSource events(Request request) {
        return watch.of(id(request), request.query("from").isPresent() ? place(request) : -1);
    }

    private static long place(Request request) {
        String text = request.query("from").orElse("0");
        if (!text.matches("\\d{1,18}")) {
            throw Refusal.bad("INVALID_PARAMETER", "from: expected a place in the file, in bytes");
        }
        return Long.parseLong(text);
    }

    private static DirtyRecords.Filter filter(Request request) {
        return new DirtyRecords.Filter(
                request.query("table"),
                request.query("sqlState"),
                request.query("constraint"),
                request.query("column"));
    }
}
