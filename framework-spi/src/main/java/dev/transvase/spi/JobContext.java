package dev.transvase.spi;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Notices;
import java.nio.file.Path;

/**
 * What a step may know of the job it is part of. Injectable.
 *
 * @param jobName the job's name for logs and for {@code application_name}
 * @param channels how many channels run at most at the same time
 * @param baseFolder where relative paths of the job file start
 * @param untilCurrent whether a reader of changes is to end once it has read what was committed before it started
 * @param oneDataSource whether the writer's data source is one of the reader's too, so that a table of both is the same
 * @param toleratesDirty whether the job goes on after a dirty record
 * @param notices takes what the user should know of while the job runs; what is found before goes to {@link Checks}
 */
public record JobContext(
        String jobName,
        int channels,
        Path baseFolder,
        boolean untilCurrent,
        boolean oneDataSource,
        boolean toleratesDirty,
        Notices notices) {

    /** A job without anybody who listens to its steps. */
    public JobContext(
            String jobName,
            int channels,
            Path baseFolder,
            boolean untilCurrent,
            boolean oneDataSource,
            boolean toleratesDirty) {
        this(jobName, channels, baseFolder, untilCurrent, oneDataSource, toleratesDirty, Notices.NONE);
    }

    /** A job that tolerates no dirty record. */
    public JobContext(String jobName, int channels, Path baseFolder, boolean untilCurrent, boolean oneDataSource) {
        this(jobName, channels, baseFolder, untilCurrent, oneDataSource, false);
    }

    /** A job between two data sources. */
    public JobContext(String jobName, int channels, Path baseFolder, boolean untilCurrent) {
        this(jobName, channels, baseFolder, untilCurrent, false);
    }

    /** A job that ends when its data does. */
    public JobContext(String jobName, int channels, Path baseFolder) {
        this(jobName, channels, baseFolder, false);
    }
}
