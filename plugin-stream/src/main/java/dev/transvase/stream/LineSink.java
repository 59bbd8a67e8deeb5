package dev.transvase.stream;

import java.io.Closeable;
import java.io.IOException;

/** Takes the bytes of whole lines. Used on one thread only. */
interface LineSink extends Closeable {

    void write(byte[] bytes, int length) throws IOException;

    /** Returns when what was written is safe: on the disk, for a file. */
    void flush() throws IOException;
}
