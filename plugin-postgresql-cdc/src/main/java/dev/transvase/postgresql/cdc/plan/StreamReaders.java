package dev.transvase.postgresql.cdc.plan;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.snapshot.SnapshotEndReader;
import dev.transvase.postgresql.cdc.source.FirstLook;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.stream.BatchBuffer;
import dev.transvase.postgresql.cdc.stream.SlotStream;
import dev.transvase.postgresql.cdc.stream.SourceLag;
import dev.transvase.postgresql.cdc.stream.SourceWatch;
import dev.transvase.postgresql.cdc.stream.SpilledTransactions;
import dev.transvase.postgresql.cdc.stream.StreamPump;
import dev.transvase.postgresql.cdc.stream.StreamPump.End;
import dev.transvase.postgresql.cdc.stream.StreamPump.Start;
import dev.transvase.postgresql.cdc.stream.StreamSplitReader;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.table.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the readers of a job's stream, and has the source watched beside it. Safe for use by several threads. */
final class StreamReaders implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StreamReaders.class);

    private static final long MOST_BUFFER_BYTES = 4L << 20;

    private final CdcJob job;
    private final PostgresCdcParameters parameters;
    private final List<FollowedTable> tables;
    private final Set<TableName> notFollowed;
    private final boolean binary;
    private final long systemId;

    /** The database that the job writes to, if that is known. */
    private final Optional<String> target;

    /** Guarded by this; {@code null} until a stream is read that is watched. */
    private SourceLag lag;

    /**
     * @param tables all of the job's
     * @param systemId of the source's cluster
     */
    StreamReaders(Planned planned, List<FollowedTable> tables, long systemId, Optional<String> target) {
        this.job = planned.job();
        this.parameters = job.parameters();
        this.tables = tables;
        this.notFollowed = planned.notFollowed();
        this.binary = planned.binary();
        this.systemId = systemId;
        this.target = target;
    }

    /**
     * The stream of all tables; of a job that copies a snapshot only, what ends it.
     *
     * @param start where it is taken up
     * @param before what is stored there
     * @param look what was found of the source
     * @param until where to end; empty to go on until cancelled
     */
    SplitReader follow(StreamPosition start, StoredContext before, FirstLook look, Optional<Lsn> until) {
        if (parameters.snapshot() == Snapshot.ONLY) {
            return new SnapshotEndReader(start, tables.get(0).schema(), job.state());
        }
        BatchBuffer buffer = buffer();
        Start from = new Start(start.lsn(), look, before.truncates(), before.partitions());
        StreamPump pump = pump(from, before, tables, buffer, true, new End(until, Optional.empty()));
        SourceLag measured = measureLag(pump, look.facts());
        log.info("following {} from {}", parameters.slot(), start.lsn());
        return new StreamSplitReader(pump, buffer, () -> measured.of(pump));
    }

    /**
     * The stream of some tables, up to where others join it.
     *
     * @param of these tables
     * @param end the first commit that is left out
     */
    SplitReader catchUp(
            StreamPosition start, StoredContext before, List<FollowedTable> of, SourceFacts facts, Lsn end) {
        BatchBuffer buffer = buffer();
        // What is unsettled is settled by the stream that goes on.
        Start from = new Start(start.lsn(), FirstLook.at(facts), before.truncates(), before.partitions());
        StreamPump pump = pump(from, before, of, buffer, false, new End(Optional.of(end), Optional.of(end)));
        log.info("following {} from {} to {}, where tables join it", parameters.slot(), start.lsn(), end);
        return new StreamSplitReader(pump, buffer, Optional::empty);
    }

    private static BatchBuffer buffer() {
        return new BatchBuffer(Math.min(MOST_BUFFER_BYTES, Runtime.getRuntime().maxMemory() / 16));
    }

    private StreamPump pump(
            Start start, StoredContext before, List<FollowedTable> of, BatchBuffer buffer, boolean watched, End end) {
        SlotStream source = new SlotStream(
                job.dataSource(),
                job.applicationName(),
                parameters,
                job.clock(),
                job.notices(),
                systemId,
                before.timeline());
        TableFeeds feeds = new TableFeeds(
                of, before.shapes(), before.copies(), binary, parameters.changesOfTables(), source, job.notices());
        return new StreamPump(
                source,
                feeds,
                buffer,
                new SpilledTransactions(spillFolder()),
                new StreamPump.Settings(
                        parameters.changesOfTables(),
                        systemId,
                        Duration.ofSeconds(parameters.heartbeatSeconds()),
                        Duration.ofSeconds(parameters.reconnectSeconds()),
                        watched,
                        start,
                        end));
    }

    private Path spillFolder() {
        return parameters.spillFolder().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
    }

    private synchronized SourceLag measureLag(StreamPump pump, SourceFacts facts) {
        if (lag == null) {
            lag = SourceLag.start(
                    job.dataSource(),
                    job.applicationName(),
                    job.clock(),
                    new SourceWatch(parameters, tables, notFollowed, facts, target, pump, job.notices()));
        }
        return lag;
    }

    /** Ends the watching, and waits for its thread. */
    @Override
    public synchronized void close() {
        if (lag != null) {
            lag.close();
        }
    }
}
