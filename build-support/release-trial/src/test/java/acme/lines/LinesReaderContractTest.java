package acme.lines;

import dev.transvase.spi.Reader;
import dev.transvase.testing.contract.AbstractReaderContractTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

class LinesReaderContractTest extends AbstractReaderContractTest {

    private static final int LINES = 2500;

    @TempDir
    Path folder;

    @Override
    protected Reader newReader() {
        Path file = folder.resolve("lines.txt");
        try {
            Files.write(file, IntStream.rangeClosed(1, LINES).mapToObj(n -> "line " + n).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LinesReader(new LinesParameters(List.of(file), 512));
    }

    @Override
    protected List<List<String>> expected(int channels) {
        return IntStream.rangeClosed(1, LINES)
                .mapToObj(n -> List.of(String.valueOf(n), "line " + n))
                .toList();
    }
}
