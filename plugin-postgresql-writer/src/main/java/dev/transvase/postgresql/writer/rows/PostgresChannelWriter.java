package dev.transvase.postgresql.writer.rows;

import static dev.transvase.postgresql.writer.error.WriterErrors.UNSUPPORTED_CHANGE;
import static dev.transvase.spi.error.CommonErrors.CANCELLED;
import static dev.transvase.spi.error.CommonErrors.COMMIT_IN_DOUBT;

import dev.transvase.postgresql.writer.batch.BatchConverter;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.session.RecentTables;
import dev.transvase.postgresql.writer.session.TargetSession;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Regroups one channel's records into batches and has them written over a connection of its own. */
public final class PostgresChannelWriter implements ChannelWriter {

    /** A batch ends here even when it has fewer records than asked for. */
    private static final long MAX_BATCH_BYTES = 4L << 20;

    private final TargetSession session;
    private final List<TargetTable> targets;
    private final int batchSize;
    private final WriteJournal journal;
    private final TransactionUnit unit;
    private final Map<Integer, BatchConverter> converters = new RecentTables<>(c -> {});

    /** The next batch as far as it is there. */
    private final List<WriteBatch.Part> parts = new ArrayList<>();

    /** Of the next batch; -1 before the first. */
    private int table = -1;

    /** How many records of the table a batch may have. */
    private int most;

    private int records;
    private long bytes;

    /**
     * @param session taken over: closed with this
     * @param alone whether no other channel writes at the same time
     */
    public PostgresChannelWriter(
            TargetSession session,
            List<TargetTable> targets,
            PostgresWriterParameters parameters,
            boolean alone,
            WriteJournal journal) {
        this.session = session;
        this.targets = targets;
        this.batchSize = parameters.batchSize();
        this.journal = journal;
        this.unit = new TransactionUnit(
                session,
                journal,
                new SkippedRecords(parameters.skippedByTarget(), session, journal),
                parameters.writeMode() == WriteMode.UPSERT && !alone);
    }

    @Override
    public void write(RecordBatch batch, Split split, BatchEnd end) {
        guarded(() -> {
            requireInserts(batch);
            if (split.table() != table) {
                send();
                table = split.table();
                most = mostRecords(targets.get(table));
            }
            BatchConverter converter = converters.computeIfAbsent(table, t -> new BatchConverter(t, targets.get(t)));
            for (WriteBatch.Part part : converter.convert(batch, journal::dirty)) {
                take(part);
            }
        });
    }

    /** As many as asked for, but no more than there is room for in the arrays of a wide table. */
    private int mostRecords(TargetTable target) {
        return (int) Math.min(batchSize, Math.max(1, MAX_BATCH_BYTES / Math.max(1, target.rowOverhead())));
    }

    @Override
    public void flush() {
        guarded(() -> {
            send();
            unit.commit();
        });
    }

    @Override
    public void cancel() {
        session.cancel();
    }

    @Override
    public void close() {
        session.close();
    }

    private void guarded(Runnable work) {
        requireNotCancelled(null);
        try {
            work.run();
        } catch (TransvaseException e) {
            if (e.type() == ErrorType.EXTERNAL && !e.is(COMMIT_IN_DOUBT)) {
                requireNotCancelled(e);
            }
            throw e;
        }
    }

    private void requireNotCancelled(TransvaseException cause) {
        if (session.isCancelled()) {
            throw TransvaseException.of(CANCELLED, "writing was cancelled", cause);
        }
    }

    private static void requireInserts(RecordBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (batch.kind(i) != RecordKind.INSERT) {
                throw TransvaseException.of(
                        UNSUPPORTED_CHANGE,
                        "the reader sends a change of kind " + batch.kind(i) + " of "
                                + batch.schema().table() + "; this writer only inserts");
            }
        }
    }

    /** Adds records to the next batch, and sends it whenever it is full. */
    private void take(WriteBatch.Part part) {
        int from = 0;
        while (from < part.size()) {
            int to = fitting(part, from);
            if (to == from) {
                send();
                continue;
            }
            WriteBatch.Part fits = part.slice(from, to);
            parts.add(fits);
            records += fits.size();
            bytes += fits.wire().bytes();
            if (records >= most || bytes >= MAX_BATCH_BYTES) {
                send();
            }
            from = to;
        }
    }

    /** Up to where this part's records, from an index on, fit into the next batch; an empty one takes at least one. */
    private int fitting(WriteBatch.Part part, int from) {
        int limit = Math.min(part.size(), from + most - records);
        RecordBatch wire = part.wire();
        long room = MAX_BATCH_BYTES - bytes;
        if (wire.start(limit) - wire.start(from) <= room) {
            return limit;
        }
        int to = from;
        while (to < limit && wire.start(to + 1) - wire.start(from) <= room) {
            to++;
        }
        return to == from && records == 0 ? from + 1 : to;
    }

    private void send() {
        if (!parts.isEmpty()) {
            WriteBatch batch = WriteBatch.of(table, targets.get(table), parts);
            parts.clear();
            records = 0;
            bytes = 0;
            unit.add(batch);
        }
    }
}
