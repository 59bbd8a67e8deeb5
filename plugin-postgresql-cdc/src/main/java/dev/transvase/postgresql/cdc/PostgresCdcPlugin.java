package dev.transvase.postgresql.cdc;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.prerequisite.CdcDataSourceTest;
import dev.transvase.postgresql.look.PostgresCatalog;
import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.Plugin;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.StepType;
import java.util.List;
import java.util.Optional;

/** Offers the {@code postgresql-cdc} reader. */
public final class PostgresCdcPlugin implements Plugin {

    @Override
    public List<StepType> stepTypes() {
        return List.of(new ReaderType(
                "postgresql-cdc",
                List.of(),
                "Reads tables of PostgreSQL and follows their changes, through logical replication.",
                PostgresCdcParameters.class,
                Optional.of(PostgresDataSource.type().name()),
                PostgresCdcReader.class));
    }

    @Override
    public List<DataSourceType> dataSourceTypes() {
        DataSourceType type = PostgresCatalog.type();
        return List.of(new DataSourceType(
                type.name(), type.parameters(), CdcDataSourceTest.class, type.catalog(), type.exampleUrl()));
    }
}
