package dev.transvase.postgresql.cdc.plan;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.snapshot.BeginningReader;
import dev.transvase.postgresql.cdc.snapshot.IntentionReader;
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

/**
 * A stream that begins with this run: the intention, the rows that the slot's snapshot has, then the slot's stream.
 *
 * @param snapshot the slot, and the rows
 * @param emptied the tables that an earlier attempt may have written to
 * @param tables all of the job's
 * @param systemId of the source's cluster
 * @param until where to end; empty to go on until cancelled
 */
record BeginningStream(
        StreamReaders readers,
        SlotSnapshot snapshot,
        List<Split> splits,
        List<FollowedTable> emptied,
        List<FollowedTable> tables,
        long systemId,
        Optional<Lsn> until)
        implements Opening {

    @Override
    public SplitReader open(Split split, Schema schema, Position position) {
        if (StreamSplits.isOfSnapshot(split)) {
            return snapshot.open(split, tables.get(split.table()), position);
        }
        if (StreamSplits.isIntention(split)) {
            return new IntentionReader(StreamPosition.intended(systemId), emptied, schema);
        }
        boolean waits = !snapshot.made() && !StreamPosition.hasBegun(position);
        return waits ? BeginningReader.start(() -> follow(position)) : follow(position);
    }

    private SplitReader follow(Position position) {
        StreamPosition start = StreamPosition.hasBegun(position)
                ? StreamPosition.of(position)
                : new StreamPosition(true, snapshot.slot().consistent(), systemId, new byte[0]);
        SourceFacts facts = snapshot.facts();
        snapshot.finish();
        return readers.follow(start, StoredContext.of(start.context()), FirstLook.at(facts), until);
    }

    @Override
    public void close() {
        snapshot.close();
        readers.close();
    }
}
