package dev.transvase.core.run;

import static dev.transvase.core.error.CoreErrors.DIRTY_FILE_FAILED;
import static dev.transvase.core.error.CoreErrors.DIRTY_FILE_UNWRITABLE;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.transvase.core.report.PrivateFile;
import dev.transvase.core.report.SafeEscapes;
import dev.transvase.core.report.Unwritable;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The dirty records of a run, one JSON object a line. Thread-safe. */
final class DirtyRecordFile implements AutoCloseable {

    private final Path file;
    private final FileOutputStream out;
    private final JsonGenerator json;

    private final boolean syncs;

    /** Whether there are records that the disk may not have yet. */
    private boolean unsynced;

    private DirtyRecordFile(Path file, FileOutputStream out, JsonGenerator json) {
        this.file = file;
        this.out = out;
        this.json = json;
        // A device or a pipe has nothing to sync.
        this.syncs = Files.isRegularFile(file);
    }

    /**
     * Makes the file, or empties the one that is there.
     *
     * @throws TransvaseException when that is not possible
     */
    static DirtyRecordFile create(Path file) {
        try {
            // Of a stream as this an interrupt closes nothing, as it would of a channel.
            FileOutputStream out = new FileOutputStream(PrivateFile.make(file).toFile());
            JsonGenerator json = new JsonFactory()
                    .setCharacterEscapes(new SafeEscapes())
                    .createGenerator(new BufferedOutputStream(out), JsonEncoding.UTF8);
            json.setPrettyPrinter(new MinimalPrettyPrinter(""));
            return new DirtyRecordFile(file, out, json);
        } catch (IOException e) {
            throw TransvaseException.of(
                    DIRTY_FILE_UNWRITABLE,
                    "the dirty records file " + file + " cannot be written: " + Unwritable.reason(file, e)
                            + "; give --dirty another path",
                    e);
        }
    }

    /**
     * Adds a record. When this returns the record is with the system, so that it outlives the process.
     *
     * @param source where it comes from
     * @param table where it should have gone
     */
    synchronized void add(String source, String table, DirtyRecord dirty) {
        try {
            json.writeStartObject();
            json.writeStringField("table", table);
            json.writeStringField("source", source);
            json.writeObjectFieldStart("values");
            for (Map.Entry<String, String> value : dirty.values().entrySet()) {
                json.writeStringField(value.getKey(), value.getValue());
            }
            json.writeEndObject();
            json.writeStringField("sqlState", dirty.sqlState());
            json.writeStringField("constraint", dirty.constraint());
            json.writeStringField("message", dirty.message());
            if (!dirty.position().isEmpty()) {
                json.writeStringField("position", dirty.position());
            }
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush();
            unsynced = true;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Returns when the disk has all records, which then outlive a crash of the machine. */
    synchronized void sync() {
        if (!unsynced || !syncs) {
            return;
        }
        try {
            out.getFD().sync();
            unsynced = false;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            json.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private TransvaseException failed(IOException e) {
        return TransvaseException.of(
                DIRTY_FILE_FAILED, "writing the dirty records file " + file + " failed: " + e.getMessage(), e);
    }
}
