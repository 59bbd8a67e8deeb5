package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamedTruncates;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import java.util.List;

/**
 * What is stored with the positions of a stream: what is known of the source, and which shapes the tables have there. Used by the
 * thread that reads, but for what is said to be called from any.
 */
final class PositionContext {

    private final TableFeeds feeds;
    private final StreamedTruncates truncates = new StreamedTruncates();

    /** What is known of the source. Written by any thread. */
    private volatile SourceFacts facts;

    /** Of the server that the stream comes from. */
    private int timeline;

    /** What is stored, and of what it was made; {@code null} before the first time. */
    private byte[] bytes;

    private byte[] shapesOfBytes;
    private SourceFacts factsOfBytes;
    private List<Truncate> truncatesOfBytes;
    private int timelineOfBytes;

    /**
     * @param known of the source where the stream is taken up
     * @param truncated what the stream had reported before that this does not include
     * @param timeline of the server that this is of; 0 when it is not known
     */
    PositionContext(TableFeeds feeds, SourceFacts known, List<Truncate> truncated, int timeline) {
        this.feeds = feeds;
        this.facts = known;
        this.timeline = timeline;
        truncated.forEach(truncates::add);
        truncates.explained(known.seen());
    }

    /** What is known of the source from now on. Called from any thread. */
    synchronized void facts(SourceFacts known) {
        if (known.tellsMoreThan(facts)) {
            facts = known;
        }
        truncates.explained(known.seen());
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

    /** The stream comes from a server with this timeline, which knows all up to where it is taken up. */
    void timeline(int now) {
        timeline = now;
    }

    /** What is stored with a position at the boundary; the same array as long as it is the same. */
    byte[] toBytes() {
        byte[] shapes = feeds.context();
        // Before the facts: those include what is left out of the list meanwhile.
        List<Truncate> truncated = truncates.list();
        SourceFacts known = facts;
        int server = timeline;
        if (shapes != shapesOfBytes
                || !known.equals(factsOfBytes)
                || server != timelineOfBytes
                || !truncated.equals(truncatesOfBytes)) {
            bytes = StoredContext.toBytes(shapes, known, server, feeds.targets(), truncated, feeds.copies());
            timelineOfBytes = server;
            truncatesOfBytes = truncated;
            shapesOfBytes = shapes;
            factsOfBytes = known;
        }
        return bytes;
    }
}
