package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PostgresDataSource;
import dev.sluice.spi.DataSourceType;
import dev.sluice.spi.Plugin;
import dev.sluice.spi.ReaderType;
import dev.sluice.spi.StepType;
import java.util.List;
import java.util.Optional;

/** Offers the {@code postgresql} reader. */
public final class PostgresReaderPlugin implements Plugin {

    @Override
    public List<StepType> stepTypes() {
        return List.of(new ReaderType(
                "postgresql",
                List.of("postgresqlreader"),
                "Reads tables, views or queries of PostgreSQL, all at one point in time.",
                PostgresReaderParameters.class,
                Optional.of(PostgresDataSource.type().name()),
                PostgresReader.class));
    }

    @Override
    public List<DataSourceType> dataSourceTypes() {
        return List.of(PostgresDataSource.type());
    }
}
