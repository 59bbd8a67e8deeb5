package dev.transvase.postgresql.writer.batch;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many records were sent to each table, and how many of them the server says it took. */
public final class TakenRows {

    /** By the table's index in the plan. */
    private final Map<Integer, Count> tables = new LinkedHashMap<>();

    private long repeated;

    /**
     * Of one table.
     *
     * @param sent how many records
     * @param taken how many of them the server says it took; may be more where rules add rows
     */
    public record Count(long sent, long taken) {

        /** How many were left out. */
        public long skipped() {
            return Math.max(0, sent - taken);
        }
    }

    public void add(int table, long sent, long taken) {
        tables.merge(table, new Count(sent, taken), (a, b) -> new Count(a.sent + b.sent, a.taken + b.taken));
    }

    /** So many of the records were passed over for a later one of the same key. */
    public void addRepeated(long records) {
        repeated += records;
    }

    public void addAll(TakenRows other) {
        other.tables.forEach((table, count) -> add(table, count.sent, count.taken));
        repeated += other.repeated;
    }

    public void clear() {
        tables.clear();
        repeated = 0;
    }

    /** Whether one record in ten or more had a later one of its key in the same statement. */
    public boolean manyRepeated() {
        return repeated > 0
                && 10 * repeated
                        >= tables.values().stream().mapToLong(Count::sent).sum();
    }

    /** What was counted since this was called last. */
    public TakenRows take() {
        TakenRows taken = new TakenRows();
        taken.addAll(this);
        clear();
        return taken;
    }

    /** Of this table how many were left out. */
    public long skipped(int table) {
        Count count = tables.get(table);
        return count == null ? 0 : count.skipped();
    }

    /** The tables for which the server did not take exactly what it was sent. */
    public Map<Integer, Count> differing() {
        Map<Integer, Count> differing = new LinkedHashMap<>(tables);
        differing.values().removeIf(count -> count.sent == count.taken);
        return differing;
    }
}
