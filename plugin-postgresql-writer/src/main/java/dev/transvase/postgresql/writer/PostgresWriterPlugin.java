package dev.transvase.postgresql.writer;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.look.PostgresCatalog;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.Plugin;
import dev.transvase.spi.StepType;
import dev.transvase.spi.WriterType;
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
        return List.of(PostgresCatalog.type());
    }
}
