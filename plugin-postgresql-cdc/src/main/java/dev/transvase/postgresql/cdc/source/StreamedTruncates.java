package dev.transvase.postgresql.cdc.source;

import dev.transvase.postgresql.cdc.table.SeenTransactions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The truncates of whole tables that the stream has reported and that a check of the source has not seen yet. A later look finds the
 * files of all their partitions changed, and these explain that. Safe for use by several threads.
 */
public final class StreamedTruncates {

    /** A look sees them within a heartbeat. When more come, the oldest is forgotten, which at worst stops the job falsely. */
    static final int MOST_KEPT = 1_000;

    private final Set<Truncate> kept = new LinkedHashSet<>();

    /** What the last look has seen. */
    private SeenTransactions seen = SeenTransactions.before(0);

    /** What was kept last; the same list until that changes. */
    private List<Truncate> list = List.of();

    /**
     * One of them.
     *
     * @param table its OID
     * @param xid the transaction
     */
    public record Truncate(int table, int xid) {}

    public synchronized void add(Truncate truncate) {
        if (!seen.sees(truncate.xid()) && kept.add(truncate)) {
            if (kept.size() > MOST_KEPT) {
                kept.remove(kept.iterator().next());
            }
            list = List.copyOf(kept);
        }
    }

    /** What is known of the source includes what these transactions did. */
    public synchronized void explained(SeenTransactions by) {
        seen = by;
        if (kept.removeIf(truncate -> by.sees(truncate.xid()))) {
            list = List.copyOf(kept);
        }
    }

    /** In the order of the stream. */
    public synchronized List<Truncate> list() {
        return list;
    }

    static void write(DataOutputStream out, List<Truncate> truncates) throws IOException {
        out.writeInt(truncates.size());
        for (Truncate truncate : truncates) {
            out.writeInt(truncate.table());
            out.writeInt(truncate.xid());
        }
    }

    static List<Truncate> read(DataInputStream in) throws IOException {
        List<Truncate> truncates = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            truncates.add(new Truncate(in.readInt(), in.readInt()));
        }
        return truncates;
    }
}
