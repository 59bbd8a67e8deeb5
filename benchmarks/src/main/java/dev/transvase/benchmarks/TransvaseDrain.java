package dev.transvase.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.SQLException;

/** Transvase from a slot to nowhere. */
final class TransvaseDrain implements Contender {

    private final ChangeRun run;
    private final long changes;

    TransvaseDrain(ChangeRun run, long changes) {
        this.run = run;
        this.changes = changes;
    }

    @Override
    public String name() {
        return "Transvase";
    }

    private FollowJob job(int round) throws IOException {
        return FollowJob.write(run, "drain_" + round, FollowJob.DISCARD, "");
    }

    /** This writer stores no position: with a slot and a publication there, that is where the job goes on. */
    @Override
    public void prepare(int round) throws IOException, SQLException {
        FollowJob job = job(round);
        run.source().createSlot(job.slot());
        run.source().execute("CREATE PUBLICATION " + job.publication() + " FOR TABLE orders");
    }

    @Override
    public Outcome run(int round) throws IOException, SQLException, InterruptedException {
        FollowJob job = job(round);
        String end = run.source().end();
        try (ToolProcess process = job.start("--until-current")) {
            double seconds = process.await();
            JsonNode report = job.report(changes);
            run.source().requireConfirmed(job.slot(), end);
            return new Outcome(seconds, report.path("elapsedMillis").asDouble() / 1000);
        }
    }
}
