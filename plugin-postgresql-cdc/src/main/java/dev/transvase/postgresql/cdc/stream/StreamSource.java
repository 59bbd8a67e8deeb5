package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.pgoutput.ReplicationStream;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.table.TypeLookup;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a stream can be had, again after it was lost. */
interface StreamSource extends TypeLookup, AutoCloseable {

    /**
     * Starts to follow the slot.
     *
     * @param start everything that was committed before is left out
     * @param binary whether values are to come in binary
     * @throws SQLException when it is not possible at present
     * @throws dev.transvase.spi.error.TransvaseException when it will not be possible later either, for example because the slot is gone
     */
    ReplicationStream follow(Lsn start, boolean binary) throws SQLException;

    /**
     * Up to where all changes were published as is known; empty when that is not certain.
     *
     * @throws dev.transvase.spi.error.TransvaseException when the publication is gone
     */
    Optional<Lsn> publishedUpTo(SourceFacts.Published known) throws SQLException;

    /**
     * Finds which partitions are none any more.
     *
     * @param partitions that the stream has contained changes of
     * @param known of the source, without them
     * @param tables those that are followed, by their OIDs
     * @return those that are gone, where the job ignores that
     * @throws dev.transvase.spi.error.TransvaseException when one is gone that is to end the job
     */
    List<Streamed> gone(List<Streamed> partitions, SourceFacts known, Map<Integer, TableName> tables)
            throws SQLException;

    /** The timeline of the server that was followed last, or that the start is of; 0 when it is not known. */
    int timeline();

    /** Lets go of what it keeps to answer questions. Called on the thread that follows. */
    @Override
    void close();
}
