package dev.transvase.stream;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Validated;
import java.util.List;
import java.util.Optional;

/** What a job file says of the stream reader. */
public record StreamReaderParameters(
        @Parameter(
                description = "The columns, each {type, value | random | incr}. Without any: id, a sequence from"
                        + " 1, and text, a constant.")
        List<ColumnParameters> column,

        @Parameter(description = "Number of records that each channel generates.", defaultValue = "10", min = 0)
        long sliceRecordCount,

        @Parameter(
                description = "Makes random values repeatable: the same seed, columns and channels give the same"
                        + " records. By default, each run uses a new seed.")
        Optional<Long> seed)
        implements Validated {

    public StreamReaderParameters {
        column = List.copyOf(column);
    }

    @Override
    public void validate(Checks checks) {
        GeneratedColumn.compile(column, checks);
    }
}
