package dev.transvase.benchmarks;

import java.io.IOException;

/** A job of Transvase that runs until it is stopped. */
final class TransvaseFollower implements Follower {

    private final ToolProcess process;

    private TransvaseFollower(ToolProcess process) {
        this.process = process;
    }

    /**
     * @param run whose source is followed
     * @param measure what slots are called after
     */
    record Kind(ChangeRun run, String measure) implements Follower.Kind {

        @Override
        public String name() {
            return "Transvase";
        }

        @Override
        public Follower start(int round) throws IOException, InterruptedException {
            FollowJob job = FollowJob.write(run, measure + '_' + round, FollowJob.APPLY, "");
            job.prepare();
            return new TransvaseFollower(job.start());
        }
    }

    @Override
    public void requireNotFailed() throws IOException {
        process.requireNotFailed();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try (process) {
            process.stop();
        }
    }
}
