package dev.transvase.postgresql.cdc.plan;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.snapshot.BeginningReader;
import dev.transvase.postgresql.cdc.snapshot.IntentionReader;
import dev.transvase.postgresql.cdc.snapshot.Joining;
import dev.transvase.postgresql.cdc.snapshot.SlotSnapshot;
import dev.transvase.postgresql.cdc.source.FirstLook;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.table.Schema;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A stream that goes on and takes tables in: the intention; where their rows may refer to the others', the stream of these up to
 * where a temporary slot is made; the rows that the snapshot of that slot has; the stream of all.
 *
 * @param joining which tables join
 * @param snapshot the temporary slot, and the rows
 * @param emptied the tables that an earlier attempt may have written to
 * @param tables all of the job's
 * @param look what was found of the source
 * @param until where to end; empty to go on until cancelled
 */
record GrowingStream(
        StreamReaders readers,
        Joining joining,
        SlotSnapshot snapshot,
        List<Split> splits,
        List<FollowedTable> emptied,
        List<FollowedTable> tables,
        FirstLook look,
        Optional<Lsn> until)
        implements Opening {

    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        if (StreamSplits.isOfSnapshot(split)) {
            return snapshot.open(split, tables.get(split.table()), position);
        }
        StreamPosition start = StreamPosition.of(position);
        if (StreamSplits.isIntention(split)) {
            return new IntentionReader(joining.intended(start, tables), emptied, schema);
        }
        boolean catchesUp = StreamSplits.isCatchUp(split);
        Supplier<SplitReader> opening = () -> catchesUp ? catchUp(start) : follow(start);
        return snapshot.made() ? opening.get() : BeginningReader.start(opening);
    }

    private SplitReader catchUp(StreamPosition start) {
        Lsn end = snapshot.slot().consistent();
        StoredContext before = StoredContext.of(start.context());
        return readers.catchUp(start, before, joining.others(tables), factsOfAll(), end);
    }

    private SplitReader follow(StreamPosition start) {
        Lsn rows = snapshot.slot().consistent();
        StoredContext before = joining.joined(StoredContext.of(start.context()), tables, start.lsn(), rows);
        SourceFacts known = factsOfAll();
        snapshot.finish();
        return readers.follow(start, before, look.with(known), until.map(lsn -> Lsn.later(lsn, rows)));
    }

    /** Entries in the publication may be other ones by now, which must not look as if somebody had changed it. */
    private SourceFacts factsOfAll() {
        return joining.with(look.facts(), snapshot.facts(), tables);
    }

    @Override
    public void close() {
        snapshot.close();
        readers.close();
    }
}
