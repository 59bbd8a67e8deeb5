package dev.transvase.stream;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file, emptied when it is opened. */
final class FileSink implements LineSink {

    private final FileOutputStream out;
    private final boolean syncs;

    FileSink(Path file) throws IOException {
        this.out = new FileOutputStream(file.toFile());
        // A device or a pipe has nothing to sync.
        this.syncs = Files.isRegularFile(file);
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    @Override
    public void flush() throws IOException {
        if (syncs) {
            out.getFD().sync();
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
