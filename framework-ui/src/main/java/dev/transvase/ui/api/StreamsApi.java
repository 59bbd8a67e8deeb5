package dev.transvase.ui.api;

import dev.transvase.ui.http.Endpoint;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.http.Request;
import dev.transvase.ui.job.JobFolder;
import dev.transvase.ui.plan.JobChecks;
import dev.transvase.ui.plan.JobChecks.Question;
import dev.transvase.ui.run.RunState;
import dev.transvase.ui.run.Runs;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Streams of changes: what they keep at their source. */
public final class StreamsApi {

    private final JobFolder jobs;
    private final JobChecks checks;
    private final Runs runs;

    public StreamsApi(JobFolder jobs, JobChecks checks, Runs runs) {
        this.jobs = jobs;
        this.checks = checks;
        this.runs = runs;
    }

    /** What was removed. */
    record Dropped(List<String> dropped) {}

    /** The endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                                "/jobs/{job}/stream",
                                "What a job that follows changes keeps: slot and publication, its holder, the log that is kept"
                                        + " for it, its position")
                        .answers(
                                JobChecks.StreamState.class, request -> state(question(request.path("job"), Map.of()))),
                Endpoint.post(
                                "/jobs/{job}/stream/drop",
                                "Removes slot, publication and position: the next run starts over. The body names the stream"
                                        + " once more")
                        .takes(Bodies.Confirmation.class)
                        .answers(Dropped.class, this::drop));
    }

    private Question question(String job, Map<String, String> variables) {
        return new Question(job, jobs.read(job).text(), variables);
    }

    private JobChecks.StreamState state(Question question) {
        return followed(checks.stream(question));
    }

    private static <T> T followed(Optional<T> found) {
        return found.orElseThrow(
                () -> Refusal.missing("the job follows no changes, so it keeps nothing at its source"));
    }

    private Dropped drop(Request request) {
        Bodies.Confirmation body = request.body(Bodies.Confirmation.class);
        String job = request.path("job");
        Question question = question(job, body.variables());
        if (!runs.list(run -> run.job().equals(job) && run.state() == RunState.RUNNING)
                .isEmpty()) {
            throw Refusal.conflict("JOB_RUNNING", "the job is running", "stop it first");
        }
        JobChecks.StreamState state = state(question);
        if (!state.stream().equals(body.stream())) {
            throw Refusal.bad("NOT_CONFIRMED", "expected the stream's name, \"" + state.stream() + "\"");
        }
        return new Dropped(followed(checks.drop(question)));
    }
}
