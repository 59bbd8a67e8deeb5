package dev.transvase.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/** Transvase from a slot to the other server, until all is visible there. */
final class TransvaseApply implements Contender {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final ChangeRun run;
    private final ChangeWorkload workload;
    private final String contest;
    private final String javaOptions;

    /**
     * @param contest what keeps its slots from those of others
     * @param javaOptions for the JVM, or empty
     */
    TransvaseApply(ChangeRun run, ChangeWorkload workload, String contest, String javaOptions) {
        this.run = run;
        this.workload = workload;
        this.contest = contest;
        this.javaOptions = javaOptions;
    }

    @Override
    public String name() {
        return "Transvase";
    }

    private FollowJob job(int round) throws IOException {
        return FollowJob.write(run, contest + "_" + round, FollowJob.APPLY, javaOptions);
    }

    @Override
    public void prepare(int round) throws IOException, InterruptedException {
        job(round).prepare();
    }

    @Override
    public Outcome run(int round) throws IOException, SQLException, InterruptedException {
        FollowJob job = job(round);
        try (Arrival arrival = Arrival.at(run.target(), PAUSE);
                ToolProcess process = job.start("--until-current")) {
            PeakMemory peak = new PeakMemory();
            arrival.await(workload.inserts(), () -> {
                process.requireNotFailed();
                peak.lookRarely(process);
            });
            double seconds = process.seconds();
            Instant visible = Instant.now();
            peak.look(process);
            process.await();
            JsonNode report = job.report(workload.changes());
            Instant began = Instant.parse(report.path("startedAt").asText());
            return new Outcome(seconds, Duration.between(began, visible).toNanos() / 1e9, peak.bytes);
        }
    }

    /** What is looked at while the other contender is not is looked at rarely. */
    private static final class PeakMemory {
        private static final int RARELY = 40;

        private OptionalLong bytes = OptionalLong.empty();
        private int pauses;

        private void lookRarely(ToolProcess process) {
            if (pauses++ % RARELY == 0) {
                look(process);
            }
        }

        private void look(ToolProcess process) {
            OptionalLong now = process.peakBytes();
            bytes = now.isPresent() ? now : bytes;
        }
    }
}
