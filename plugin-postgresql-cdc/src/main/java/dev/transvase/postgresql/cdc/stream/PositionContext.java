package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.cdc.source.Origins;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamedPartitions;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.source.StreamedTruncates;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is stored with the positions of a stream: what is known of the source, and which shapes the tables have there. Used by the
 * thread that reads, but for what is said to be called from any.
 */
final class PositionContext {

    private final TableFeeds feeds;
    private final StreamedTruncates truncates = new StreamedTruncates();
    private final StreamedPartitions partitions = new StreamedPartitions();

    /** The OIDs of all partitions that changes have come of. */
    private final Set<Integer> contained = ConcurrentHashMap.newKeySet();

    /** What is known of the source. Written by any thread. */
    private volatile SourceFacts facts;

    /** Written by any thread. */
    private volatile Origins origins = Origins.NONE;

    /** Of the server that the stream comes from. */
    private int timeline;

    /** What is stored, and of what it was made; {@code null} before the first time. */
    private byte[] bytes;

    private byte[] shapesOfBytes;
    private SourceFacts factsOfBytes;
    private List<Truncate> truncatesOfBytes;
    private List<Streamed> partitionsOfBytes;
    private int timelineOfBytes;
    private Origins originsOfBytes;

    /**
     * @param known of the source where the stream is taken up
     * @param truncated what the stream had reported before that this does not include
     * @param streamed of partitions, the same
     * @param timeline of the server that this is of; 0 when it is not known
     */
    PositionContext(
            TableFeeds feeds, SourceFacts known, List<Truncate> truncated, List<Streamed> streamed, int timeline) {
        this.feeds = feeds;
        this.facts = known;
        this.timeline = timeline;
        truncated.forEach(truncates::add);
        truncates.explained(known.seen());
        streamed.forEach(partition -> {
            partitions.add(partition);
            contained.add(partition.partition());
        });
    }

    /**
     * What is known of the source from now on. Called from any thread.
     *
     * @param settled partitions that are no question any more by that
     */
    synchronized void facts(SourceFacts known, Collection<Streamed> settled) {
        if (known.tellsMoreThan(facts)) {
            facts = known;
        }
        truncates.explained(known.seen());
        settled(settled);
    }

    /** Partitions that are no question any more. Called from any thread. */
    void settled(Collection<Streamed> settled) {
        partitions.settled(settled);
    }

    /** What is known of the source. Called from any thread. */
    SourceFacts facts() {
        return facts;
    }

    /** The stream has reported that a whole table was truncated. */
    void truncated(Truncate truncate) {
        truncates.add(truncate);
    }

    /** The truncates of whole tables that were read and that what is known of the source does not include. Called from any thread. */
    List<Truncate> truncates() {
        return truncates.list();
    }

    /** The stream has contained a change of a partition. */
    void streamed(Streamed partition) {
        contained.add(partition.partition());
        if (!facts.include(partition)) {
            partitions.add(partition);
        }
    }

    /** Whether a change of a partition was read in this run, or before it as far as that is stored. Called from any thread. */
    boolean hasContained(int partition) {
        return contained.contains(partition);
    }

    /** The partitions that the stream has contained changes of and that what is known of the source does not include. Called from any thread. */
    List<Streamed> partitions() {
        return partitions.list();
    }

    /** Where the rows of the tables come from. Called from any thread. */
    void origins(Origins now) {
        origins = now;
    }

    /** The stream comes from a server with this timeline, which knows all up to where it is taken up. */
    void timeline(int now) {
        timeline = now;
    }

    /** What is stored with a position at the boundary; the same array as long as it is the same. */
    byte[] toBytes() {
        byte[] shapes = feeds.context();
        // Before the facts: those include what is left out of the lists meanwhile.
        List<Truncate> truncated = truncates.list();
        List<Streamed> streamed = partitions.list();
        SourceFacts known = facts;
        Origins from = origins;
        int server = timeline;
        if (shapes != shapesOfBytes
                || !known.equals(factsOfBytes)
                || server != timelineOfBytes
                || !truncated.equals(truncatesOfBytes)
                || streamed != partitionsOfBytes
                || !from.equals(originsOfBytes)) {
            bytes = StoredContext.toBytes(
                    shapes, known, server, feeds.targets(), truncated, feeds.copies(), streamed, from);
            originsOfBytes = from;
            timelineOfBytes = server;
            truncatesOfBytes = truncated;
            partitionsOfBytes = streamed;
            shapesOfBytes = shapes;
            factsOfBytes = known;
        }
        return bytes;
    }
}
