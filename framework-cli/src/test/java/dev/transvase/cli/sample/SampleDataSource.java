package dev.transvase.cli.sample;

import dev.transvase.spi.DataSourceTest;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.parameter.Parameter;
import jakarta.inject.Inject;

/** A data source that answers what it is told. */
public record SampleDataSource(
        @Parameter(description = "What it answers; refused: nothing.", required = true)
        String answer) {

    /** Tries it. */
    public static final class Test implements DataSourceTest {

        private final SampleDataSource source;

        @Inject
        public Test(SampleDataSource source) {
            this.source = source;
        }

        @Override
        public String connect() {
            if (source.answer().equals("refused")) {
                throw TransvaseException.of(ErrorCode.external("CONNECTION_REFUSED"), "nobody listens there");
            }
            return source.answer();
        }
    }
}
