package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PostgresDataSource;
import dev.sluice.spi.DataSourceType;
import dev.sluice.spi.Plugin;
import dev.sluice.spi.StepType;
import dev.sluice.spi.WriterType;
import java.util.List;
import java.util.Optional;

/** Offers the {@code postgresql} writer. */
public final class PostgresWriterPlugin implements Plugin {

    @Override
    public List<StepType> stepTypes() {
        DataSourceType source = PostgresDataSource.type();
        return List.of(new WriterType(
                "postgresql",
                List.of("postgresqlwriter"),
                "Writes into tables of PostgreSQL, by INSERT or COPY.",
                PostgresWriterParameters.class,
                Optional.of(source.name()),
                PostgresWriter.class));
    }

    @Override
    public List<DataSourceType> dataSourceTypes() {
        return List.of(PostgresDataSource.type());
    }
}
