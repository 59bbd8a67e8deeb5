package dev.transvase.postgresql.cdc.plan;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.source.FirstLook;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.table.Schema;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A stream that goes on where an earlier run left it: at the position that is stored, or, with a writer that stores none, where its
 * slot stands.
 *
 * @param split the only one
 * @param systemId of the source's cluster
 * @param look what was found of the source
 * @param until where to end; empty to go on until cancelled
 */
record ResumedStream(CdcJob job, StreamReaders readers, Split split, long systemId, FirstLook look, Optional<Lsn> until)
        implements Opening {

    @Override
    public List<Split> splits() {
        return List.of(split);
    }

    @Override
    public SplitReader open(Split one, Schema schema, Position position) {
        StreamPosition start = StreamPosition.hasBegun(position)
                ? StreamPosition.of(position)
                : new StreamPosition(true, confirmed(), systemId, new byte[0]);
        return readers.follow(start, StoredContext.of(start.context()), look, until);
    }

    private Lsn confirmed() {
        String slot = job.parameters().slot();
        try (PostgresSession session =
                PostgresSession.openToWork(job.dataSource(), job.applicationName(), job.notices())) {
            return Slot.find(session, slot).map(Slot::confirmed).orElse(Lsn.NONE);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for the slot " + slot);
        }
    }

    @Override
    public void close() {
        readers.close();
    }
}
