package dev.transvase.spi;

import dev.transvase.spi.parameter.Parameter;
import java.util.List;
import java.util.Optional;

/** A kind of step that a job file can name: what it is called, what it takes and the class that does it. */
public sealed interface StepType permits ReaderType, WriterType {

    /** The {@code stepType} of a job file, for example {@code postgresql}. */
    String name();

    /** Other names it answers to, for example {@code postgresqlreader}. */
    List<String> aliases();

    /** One sentence for {@code transvase describe}. */
    String summary();

    /** A record whose components carry {@link Parameter}; it is made from the step's {@code parameter} object. */
    Class<? extends Record> parameters();

    /** The name of the {@link DataSourceType} that this step's {@code datasource} parameter refers to. */
    Optional<String> dataSourceType();
}
