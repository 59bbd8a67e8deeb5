package dev.transvase.postgresql.cdc.plan;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.StoredPositions;
import dev.transvase.spi.error.Notices;
import java.time.Clock;

/**
 * What a run is given, the same in all its phases.
 *
 * @param applicationName of its sessions at the source
 * @param stored what its target has stored
 * @param state what it keeps at the source
 */
public record CdcJob(
        PostgresCdcParameters parameters,
        PostgresDataSource dataSource,
        String applicationName,
        JobContext context,
        StoredPositions stored,
        Clock clock,
        SourceState state) {

    public static CdcJob of(
            PostgresCdcParameters parameters,
            PostgresDataSource dataSource,
            JobContext context,
            StoredPositions stored,
            Clock clock) {
        String applicationName = "transvase " + context.jobName();
        SourceState state = new SourceState(dataSource, applicationName, parameters, context.notices());
        return new CdcJob(parameters, dataSource, applicationName, context, stored, clock, state);
    }

    Notices notices() {
        return context.notices();
    }
}
