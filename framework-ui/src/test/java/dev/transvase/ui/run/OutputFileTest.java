package dev.transvase.ui.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {

    @TempDir
    Path folder;

    private OutputFile file(String text) throws IOException {
        return new OutputFile(Files.writeString(folder.resolve("output.log"), text));
    }

    private static String progress(int millis) {
        return "{\"elapsedMillis\":" + millis + "}\n";
    }

    @Test
    void onlyWholeLinesAreRead() throws IOException {
        OutputFile file = file("one\ntwo\nthr");
        OutputFile.Piece first = file.read(0);
        assertThat(first.lines()).containsExactly("one", "two");
        assertThat(first.to()).isEqualTo(8);
        file("one\ntwo\nthree\n");
        assertThat(file.read(first.to()).lines()).containsExactly("three");
        assertThat(new OutputFile(folder.resolve("none")).read(5).lines()).isEmpty();
    }

    @Test
    void progressIsThinnedOutAndItsEndKept() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append("a line\n").append(progress(i));
        }
        var points = file(text.toString()).progress(10);
        assertThat(points).hasSizeBetween(10, 21);
        assertThat(points.get(0).path("elapsedMillis").asInt()).isZero();
        assertThat(points.get(points.size() - 1).path("elapsedMillis").asInt()).isEqualTo(999);
        assertThat(file(text.toString()).lastProgress()).contains("{\"elapsedMillis\":999}");
        assertThat(file("nothing\n").progress(10)).isEmpty();
    }

    @Test
    void aLargeFileLosesItsOlderPart() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append(progress(i));
        }
        OutputFile file = file(text.toString());
        file.cut(1_000_000, 100);
        assertThat(file.size()).isEqualTo(text.length());
        file.cut(10_000, 100);
        assertThat(file.read(0).lines()).hasSize(4).endsWith("{\"elapsedMillis\":999}");
    }
}
