package dev.transvase.stream;

import dev.transvase.spi.Plugin;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.StepType;
import dev.transvase.spi.WriterType;
import java.util.List;
import java.util.Optional;

/** Offers the {@code stream} reader and writer. */
public final class StreamPlugin implements Plugin {

    @Override
    public List<StepType> stepTypes() {
        return List.of(
                new ReaderType(
                        "stream",
                        List.of("streamreader"),
                        "Generates records from constants, random values and sequences.",
                        StreamReaderParameters.class,
                        Optional.empty(),
                        StreamReader.class),
                new WriterType(
                        "stream",
                        List.of("streamwriter"),
                        "Prints records as lines of text, writes them to a file, or discards them.",
                        StreamWriterParameters.class,
                        Optional.empty(),
                        StreamWriter.class));
    }
}
