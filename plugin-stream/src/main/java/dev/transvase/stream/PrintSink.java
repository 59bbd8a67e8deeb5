package dev.transvase.stream;

import java.io.IOException;
import java.io.PrintStream;

/** Standard output, which stays open for whoever comes next. */
final class PrintSink implements LineSink {

    private final PrintStream out;

    PrintSink(PrintStream out) {
        this.out = out;
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
        flush();
    }

    /** A print stream keeps the reason of a failure to itself. */
    @Override
    public void flush() throws IOException {
        if (out.checkError()) {
            throw new IOException("the output is closed: the program that reads it has ended, or the disk is full");
        }
    }

    @Override
    public void close() {
        out.flush();
    }
}
