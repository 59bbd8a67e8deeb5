package dev.sluice.cli.sample;

import dev.sluice.spi.DataSourceTest;
import dev.sluice.spi.Parameter;
import dev.sluice.spi.SluiceException;
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
                throw SluiceException.external("CONNECTION_REFUSED", "nobody listens there", null);
            }
            return source.answer();
        }
    }
}
