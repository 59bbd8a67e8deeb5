package dev.transvase.spi;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Notices;
import java.nio.file.Path;

/**
 * What a step may know of the job it is part of. Injectable. The runtime implements it; it may get further methods. All answers but
 * {@link #notices} stay the same for the whole run; all may be asked for on any thread, at once.
 */
public interface JobContext {

    /** The job's name, for logs and for {@code application_name}. */
    String jobName();

    /** How many channels run at most at the same time. */
    int channels();

    /** Where relative paths of the job file start. */
    Path baseFolder();

    /** Whether a reader of changes is to end once it has read what was committed before it started. */
    boolean untilCurrent();

    /** Whether the writer's data source is one of the reader's too, so that a table of both is the same. */
    boolean oneDataSource();

    /** Whether the job goes on after a dirty record. */
    boolean toleratesDirty();

    /** Takes what the user should know of while the job runs; what is found before goes to {@link Checks}. */
    Notices notices();
}
