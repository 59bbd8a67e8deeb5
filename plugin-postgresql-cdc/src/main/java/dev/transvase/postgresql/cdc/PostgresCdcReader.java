package dev.transvase.postgresql.cdc;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.plan.CdcJob;
import dev.transvase.postgresql.cdc.plan.FirstRowsOfTable;
import dev.transvase.postgresql.cdc.plan.Opening;
import dev.transvase.postgresql.cdc.plan.Planned;
import dev.transvase.postgresql.cdc.plan.Planning;
import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.JobContext;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.StoredPositions;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.look.Preview;
import dev.transvase.spi.table.Schema;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Reads tables as they are, then follows their changes.
 *
 * <p>A stream begins in three stages. The writer stores that it is about to begin; then the slot is made, and the tables are
 * copied as the slot's snapshot has them; then the slot's stream is read, from the place that the snapshot is of. A run that
 * finds a position goes on there with the last stage alone; one that finds only the intention begins once more.
 *
 * <p>Tables join a stream that goes on in stages, too: the intention; the stream of the others, up to where a temporary slot is
 * made; the snapshot of that slot; the stream of all.
 */
public final class PostgresCdcReader implements Reader {

    private final CdcJob job;

    /** From {@code plan} to {@code split}. */
    private volatile Optional<Planned> planned = Optional.empty();

    /** From {@code split} on. */
    private volatile Optional<Opening> opening = Optional.empty();

    @Inject
    public PostgresCdcReader(
            PostgresCdcParameters parameters,
            PostgresDataSource dataSource,
            JobContext job,
            StoredPositions stored,
            Clock clock) {
        this.job = CdcJob.of(parameters, dataSource, job, stored, clock);
    }

    @Override
    public ReadPlan plan(Checks checks) {
        Planned run = Planning.plan(job, checks);
        planned = Optional.of(run);
        return run.readPlan();
    }

    @Override
    public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
        try (Planned run = planned.orElseThrow()) {
            planned = Optional.empty();
            Opening splits = run.split(accepted, channels, checks);
            opening = Optional.of(splits);
            return splits.splits();
        }
    }

    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        return opening.orElseThrow().open(split, schema, position);
    }

    @Override
    public Optional<ChangeCapture> changeCapture() {
        return Optional.of(job.state());
    }

    @Override
    public Optional<Preview> preview(Preview.Request request) {
        return FirstRowsOfTable.of(job, request);
    }

    @Override
    public void close() {
        opening.ifPresent(Opening::close);
        planned.ifPresent(Planned::close);
    }
}
