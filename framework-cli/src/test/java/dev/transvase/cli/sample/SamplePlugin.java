package dev.transvase.cli.sample;

import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.Plugin;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.StepType;
import dev.transvase.spi.WriterType;
import java.util.List;
import java.util.Optional;

/** A plugin that fails as it is told, so that the command line's answer can be seen. */
public final class SamplePlugin implements Plugin {

    @Override
    public List<StepType> stepTypes() {
        return List.of(
                new ReaderType(
                        "sample",
                        List.of("samplereader"),
                        "Makes numbers.",
                        SampleReader.Parameters.class,
                        Optional.empty(),
                        SampleReader.class),
                new WriterType(
                        "sample",
                        List.of(),
                        "Counts records.",
                        SampleWriter.Parameters.class,
                        Optional.empty(),
                        SampleWriter.class));
    }

    @Override
    public List<DataSourceType> dataSourceTypes() {
        return List.of(new DataSourceType("sample", SampleDataSource.class, SampleDataSource.Test.class));
    }
}
