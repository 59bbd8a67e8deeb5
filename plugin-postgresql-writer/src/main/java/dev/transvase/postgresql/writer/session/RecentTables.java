package dev.transvase.postgresql.writer.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a channel keeps for each table that it writes to, by the table's index: for the tables used last only, so that a job
 * of thousands of tables holds no more than one of a few.
 */
public final class RecentTables<V> extends LinkedHashMap<Integer, V> {

    /** Enough for splits of several tables to take turns; two at least, since the one before the last may be in use. */
    public static final int MOST = 16;

    private static final long serialVersionUID = 1L;

    private final transient Consumer<V> let;

    /** @param let lets go of what was used longest ago */
    public RecentTables(Consumer<V> let) {
        super(2 * MOST, 0.75f, true);
        this.let = let;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, V> eldest) {
        if (size() <= MOST) {
            return false;
        }
        let.accept(eldest.getValue());
        return true;
    }
}
