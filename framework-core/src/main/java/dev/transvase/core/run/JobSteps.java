package dev.transvase.core.run;

import dev.transvase.spi.Reader;
import dev.transvase.spi.Writer;

/** A job's steps, constructed and not connected yet. */
public final class JobSteps implements AutoCloseable {

    private final Reader reader;
    private final Writer writer;
    private final WriterPositions stored;
    private final JobNotices notices;

    JobSteps(Reader reader, Writer writer, WriterPositions stored, JobNotices notices) {
        this.reader = reader;
        this.writer = writer;
        this.stored = stored;
        this.notices = notices;
    }

    /** Reads; guarded, as all calls into plugins are. */
    public Reader reader() {
        return reader;
    }

    /** Writes; guarded, as all calls into plugins are. */
    public Writer writer() {
        return writer;
    }

    WriterPositions stored() {
        return stored;
    }

    /** What the steps warn of while they work. */
    public JobNotices notices() {
        return notices;
    }

    /** Closes writer and reader; both, whatever the first of them does. */
    @Override
    public void close() {
        try (reader) {
            writer.close();
        }
    }
}
