package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.look.PostgresCatalog;
import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.Plugin;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.StepType;
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
        return List.of(PostgresCatalog.type());
    }
}
