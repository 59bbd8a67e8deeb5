package dev.transvase.testing;

import dev.transvase.spi.JobContext;
import dev.transvase.spi.error.Notices;
import java.nio.file.Path;

/** The job that a step under test belongs to; its components are described there. */
public record TestingJob(
        String jobName,
        int channels,
        Path baseFolder,
        boolean untilCurrent,
        boolean oneDataSource,
        boolean toleratesDirty,
        Notices notices)
        implements JobContext {

    /** A job of one channel between two data sources, which tolerates no dirty record and has nobody who listens to its steps. */
    public static TestingJob in(Path baseFolder) {
        return new TestingJob("test", 1, baseFolder, false, false, false, Notices.NONE);
    }

    /** The same job with this many channels. */
    public TestingJob withChannels(int other) {
        return new TestingJob(jobName, other, baseFolder, untilCurrent, oneDataSource, toleratesDirty, notices);
    }

    /** The same job, which ends once it has read what was committed before it started, or goes on. */
    public TestingJob withUntilCurrent(boolean other) {
        return new TestingJob(jobName, channels, baseFolder, other, oneDataSource, toleratesDirty, notices);
    }

    /** The same job, which goes on after a dirty record, or ends. */
    public TestingJob withToleratesDirty(boolean other) {
        return new TestingJob(jobName, channels, baseFolder, untilCurrent, oneDataSource, other, notices);
    }

    /** The same job, whose steps tell this one. */
    public TestingJob withNotices(Notices other) {
        return new TestingJob(jobName, channels, baseFolder, untilCurrent, oneDataSource, toleratesDirty, other);
    }
}
