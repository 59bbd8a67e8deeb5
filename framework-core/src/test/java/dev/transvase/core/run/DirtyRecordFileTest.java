package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.error.DirtyRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirtyRecordFileTest {

    @TempDir
    private Path folder;

    private static DirtyRecord record(String value) {
        return DirtyRecord.of(0, Map.of("a", value), "22P02", "", "no number");
    }

    /** A run that ends interrupts its channels, which may be about to tell of a record. */
    @Test
    void eachRecordIsThereAtOnceAlsoOfAThreadThatIsInterrupted() throws IOException {
        Path file = folder.resolve("dirty.jsonl");
        try (DirtyRecordFile dirty = DirtyRecordFile.create(file)) {
            dirty.add("s", "t", record("one"));
            assertThat(Files.readAllLines(file)).hasSize(1);
            Thread.currentThread().interrupt();
            dirty.add("s", "t", record("two"));
            assertThat(Thread.interrupted()).isTrue();
            dirty.add("s", "t", record("three"));
        }
        assertThat(Files.readAllLines(file)).hasSize(3).last().asString().contains("three");
    }
}
