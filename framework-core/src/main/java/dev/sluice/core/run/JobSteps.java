package dev.sluice.core.run;

import dev.sluice.spi.Reader;
import dev.sluice.spi.Writer;

/** A job's steps, constructed and not connected yet. */
public final class JobSteps implements AutoCloseable {

    private final Reader reader;
    private final Writer writer;
    private final WriterPositions stored;

    JobSteps(Reader reader, Writer writer, WriterPositions stored) {
        this.reader = reader;
        this.writer = writer;
        this.stored = stored;
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

    /** Closes writer and reader; both, whatever the first of them does. */
    @Override
    public void close() {
        try (reader) {
            writer.close();
        }
    }
}
