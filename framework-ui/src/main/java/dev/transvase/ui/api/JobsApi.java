package dev.transvase.ui.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.look.Preview;
import dev.transvase.ui.http.Endpoint;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.http.Request;
import dev.transvase.ui.job.JobFolder;
import dev.transvase.ui.job.JobFolder.Script;
import dev.transvase.ui.job.JobOutline;
import dev.transvase.ui.json.JsonText;
import dev.transvase.ui.json.JsonTextException;
import dev.transvase.ui.json.ValuePath;
import dev.transvase.ui.plan.JobChecks;
import dev.transvase.ui.plan.JobChecks.Question;
import dev.transvase.ui.plan.StepTypes;
import dev.transvase.ui.run.Run;
import dev.transvase.ui.run.Runs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jobs, and scripts that may not be saved yet. */
public final class JobsApi {

    private static final Duration PREVIEW_LIMIT = Duration.ofSeconds(10);
    private static final int LONGEST_VALUE = 1_000;

    /** A job that does nothing until somebody fills it in, in the shape that most jobs have. */
    private static final String EMPTY_JOB = """
            {
              "type": "job",
              "version": "2.0",
              "steps": [
                {"stepType": "postgresql", "name": "Reader", "category": "reader", "parameter": {"column": ["*"]}},
                {"stepType": "postgresql", "name": "Writer", "category": "writer", "parameter": {"column": ["*"]}}
              ],
              "setting": {"errorLimit": {"record": "0"}, "speed": {"concurrent": 1}},
              "order": {"hops": [{"from": "Reader", "to": "Writer"}]}
            }
            """;

    private final JobFolder jobs;
    private final Runs runs;
    private final JobChecks checks;
    private final StepTypes types;

    public JobsApi(JobFolder jobs, Runs runs, JobChecks checks, StepTypes types) {
        this.jobs = jobs;
        this.runs = runs;
        this.checks = checks;
        this.types = types;
    }

    /** A job in the list, with its latest run. */
    record JobItem(String name, JobOutline outline, Optional<Run> latestRun) {}

    /** The jobs of the folder. */
    record JobList(String folder, List<JobItem> jobs) {}

    /** A job, with what its script is about. */
    record Job(String name, String version, String script, JobOutline outline) {}

    /** The step types, and what settings take in each shape of job files. */
    record StepTypeList(List<StepTypes.Described> types, Map<String, ObjectNode> settings) {}

    /**
     * What forms show of a script.
     *
     * @param outline its shape and its steps
     * @param values all that it says, without comments; left out while it is no JSON
     */
    record FormValues(String script, JobOutline outline, Optional<ObjectNode> values) {

        static FormValues of(String script) {
            return new FormValues(script, JobOutline.of(script), JsonFile.parse(script, "", new Problems()));
        }
    }

    /** The names of variables. */
    record Variables(Set<String> variables) {}

    /** A value of a script, by its path. */
    record Value(String path, boolean there, int from, int to, String text) {}

    /** The endpoints. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>(files());
        all.addAll(scripts());
        return all;
    }

    private List<Endpoint> files() {
        return List.of(
                Endpoint.get("/jobs", "The jobs of the folder, each with its latest run")
                        .query("search", "words that the name or the step types hold")
                        .answers(JobList.class, this::list),
                Endpoint.post("/jobs", "Makes a job").takes(Bodies.NewJob.class).creates(Job.class, request -> {
                    Bodies.NewJob body = request.body(Bodies.NewJob.class);
                    return job(request, jobs.create(body.name(), body.script().orElse(EMPTY_JOB)));
                }),
                Endpoint.get("/jobs/{job}", "A job and its script; `ETag` has its version")
                        .answers(Job.class, request -> job(request, jobs.read(request.path("job")))),
                Endpoint.get("/jobs/{job}/script", "A job's script, byte for byte; `ETag` has its version")
                        .answersText("application/json; charset=utf-8", request -> {
                            Script script = jobs.read(request.path("job"));
                            request.answerHeader("ETag", Versions.quoted(script.version()));
                            return script.bytes();
                        }),
                Endpoint.put(
                                "/jobs/{job}/script",
                                "Replaces a job's script, byte for byte: `If-Match` has the version that was changed; `If-None-Match: *`"
                                        + " makes a job")
                        .takesAny("application/json")
                        .answers(Job.class, this::save),
                Endpoint.post("/jobs/{job}/copy", "Makes a job with another one's script")
                        .takes(Bodies.NewName.class)
                        .creates(
                                Job.class,
                                request -> job(
                                        request,
                                        jobs.create(
                                                request.body(Bodies.NewName.class)
                                                        .name(),
                                                jobs.read(request.path("job")).text()))),
                Endpoint.post("/jobs/{job}/rename", "Gives a job another name")
                        .takes(Bodies.NewName.class)
                        .answers(
                                Job.class,
                                request -> job(
                                        request,
                                        jobs.rename(
                                                request.path("job"),
                                                request.body(Bodies.NewName.class)
                                                        .name()))),
                Endpoint.delete("/jobs/{job}", "Removes a job; its runs stay").does(request -> {
                    jobs.delete(request.path("job"));
                    return null;
                }));
    }

    private List<Endpoint> scripts() {
        return List.of(
                Endpoint.get("/step-types", "The step types of the installed plugins, with their parameters")
                        .answers(StepTypeList.class, request -> new StepTypeList(types.all(), types.settings())),
                Endpoint.post(
                                "/scripts/check",
                                "Checks a script by itself: keys, values and types; connects to nothing")
                        .takes(Bodies.Script.class)
                        .answers(JobChecks.Checked.class, request -> checks.check(question(request))),
                Endpoint.post(
                                "/scripts/plan",
                                "Makes every check that a run makes, and tells where each column goes and how it travels")
                        .takes(Bodies.Script.class)
                        .answers(JobChecks.Checked.class, request -> checks.plan(question(request))),
                Endpoint.post("/scripts/variables", "The variables that a run of a script has to be given values for")
                        .takes(Bodies.Script.class)
                        .answers(Variables.class, request -> new Variables(checks.variables(question(request)))),
                Endpoint.post(
                                "/scripts/preview",
                                "The first records of what a script reads: READ ONLY, within ten seconds")
                        .takes(Bodies.PreviewOf.class)
                        .answers(Preview.class, this::preview),
                Endpoint.post("/scripts/edit", "Changes single values of a script, and leaves all else byte for byte")
                        .takes(Bodies.Edits.class)
                        .answers(FormValues.class, this::edit),
                Endpoint.post("/scripts/find", "Where the value of a path is in a script")
                        .query("path", "the way to the value, as findings have it")
                        .takesAny("text/plain")
                        .answers(Value.class, this::find),
                Endpoint.post("/scripts/read", "What a script says: its shape, its steps, its values")
                        .takesAny("text/plain")
                        .answers(FormValues.class, request -> FormValues.of(request.text())));
    }

    private JobList list(Request request) {
        String[] words = request.query("search")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .strip()
                .split("\\s+", -1);
        Map<String, Run> latest = runs.latestOfEach();
        List<JobItem> items = new ArrayList<>();
        for (String name : jobs.names()) {
            JobOutline outline = outline(name);
            String text = (name
                            + ' '
                            + outline.reader().map(JobOutline.Step::type).orElse("")
                            + ' '
                            + outline.writer().map(JobOutline.Step::type).orElse(""))
                    .toLowerCase(Locale.ROOT);
            boolean wanted = true;
            for (String word : words) {
                wanted &= text.contains(word);
            }
            if (wanted) {
                items.add(new JobItem(name, outline, Optional.ofNullable(latest.get(name))));
            }
        }
        return new JobList(jobs.path().toString(), items);
    }

    private JobOutline outline(String name) {
        try {
            return JobOutline.of(jobs.read(name).text());
        } catch (Refusal e) {
            return JobOutline.of(""); // gone meanwhile, or no text
        }
    }

    private static Job job(Request request, Script script) {
        request.answerHeader("ETag", Versions.quoted(script.version()));
        return new Job(script.name(), script.version(), script.text(), JobOutline.of(script.text()));
    }

    private Job save(Request request) {
        String text = new String(request.bytes(), StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), request.bytes())) {
            throw Refusal.bad("NOT_UTF_8", "the script is not in UTF-8");
        }
        String name = request.path("job");
        if (request.header("If-None-Match").equals(Optional.of("*"))) {
            return job(request, jobs.create(name, text));
        }
        String version = request.header("If-Match")
                .map(Versions::plain)
                .orElseThrow(() -> Refusal.bad(
                        "VERSION_MISSING",
                        "send the version that you changed as If-Match, or for a new job If-None-Match: *"));
        return job(request, jobs.save(name, text, version));
    }

    private static Question question(Request request) {
        Bodies.Script body = request.body(Bodies.Script.class);
        return new Question(body.name(), body.script(), body.variables());
    }

    private Preview preview(Request request) {
        Bodies.PreviewOf body = request.body(Bodies.PreviewOf.class);
        return checks.preview(
                new Question(body.name(), body.script(), body.variables()),
                new Preview.Request(body.table(), body.records(), LONGEST_VALUE, PREVIEW_LIMIT));
    }

    private FormValues edit(Request request) throws Exception {
        ObjectNode body = request.object();
        String script = Optional.ofNullable(body.path("script").textValue())
                .orElseThrow(() -> Refusal.bad("INVALID_BODY", "script: expected a text"));
        int number = 0;
        try {
            JsonText text = JsonText.of(script);
            for (JsonNode edit : body.path("edits")) {
                ValuePath path = ValuePath.parse(edit.path("path").asText(""));
                if (edit.path("remove").asBoolean()) {
                    text = text.find(path).isPresent() ? text.remove(path) : text;
                } else if (edit.has("value")) {
                    text = text.set(path, edit.get("value"));
                } else {
                    throw Refusal.bad("INVALID_BODY", JsonPath.index("edits", number) + ": expected value or remove");
                }
                number++;
            }
            return FormValues.of(text.text());
        } catch (JsonTextException e) {
            throw Refusal.conflict(
                    "EDIT_IMPOSSIBLE",
                    JsonPath.index("edits", number) + ": " + e.getMessage() + " (at character " + e.offset() + ")",
                    "");
        }
    }

    private Value find(Request request) {
        String script = request.text();
        String path = request.query("path").orElse("");
        try {
            JsonText text = JsonText.of(script);
            ValuePath parsed = ValuePath.parse(path);
            var nearest = text.nearest(parsed);
            return new Value(path, text.find(parsed).isPresent(), nearest.start(), nearest.end(), nearest.in(script));
        } catch (JsonTextException e) {
            throw Refusal.conflict("JSON_SYNTAX", e.getMessage() + " (at character " + e.offset() + ")", "");
        }
    }
}
