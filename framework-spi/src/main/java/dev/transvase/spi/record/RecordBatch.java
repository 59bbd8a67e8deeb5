package dev.transvase.spi.record;

import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.table.Schema;
import java.util.Objects;

/**
 * Some records of one schema, as PostgreSQL writes them. Immutable, and safe to hand to another thread.
 *
 * <p>Each record is laid out as a tuple of binary COPY: int16 number of fields, then per field an int32 length and the
 * value. A length of -1 is NULL; -2 is a value that the source did not send because an update left it as it was. Records
 * lie one behind the other without gaps, so that {@link #data()} from {@link #offset()} on, {@link #bytes()} long, is the
 * body of a COPY stream. All numbers are in network order.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, "Binary Format"</a>
 */
public final class RecordBatch {

    /** The length that stands for NULL. */
    public static final int NULL = -1;

    /** The length that stands for a value left out because an update did not touch it. */
    public static final int UNCHANGED = -2;

    private final Schema schema;
    private final int table;
    private final byte[] data;
    private final int[] starts;
    private final RecordKind[] kinds;
    private final int from;
    private final int to;

    /**
     * Takes over the arrays; they must not be changed any more.
     *
     * @param schema of all records
     * @param table the index of their table in the plan
     * @param data holds the records
     * @param starts where each record starts in {@code data}, and behind the last of them where that ends
     * @param kinds of each record, or {@code null} when all are {@link RecordKind#INSERT}
     */
    RecordBatch(Schema schema, int table, byte[] data, int[] starts, RecordKind[] kinds) {
        this(schema, table, data, starts, kinds, 0, starts.length - 1);
    }

    private RecordBatch(Schema schema, int table, byte[] data, int[] starts, RecordKind[] kinds, int from, int to) {
        this.schema = Objects.requireNonNull(schema, "schema");
        this.table = table;
        this.data = data;
        this.starts = starts;
        this.kinds = kinds;
        this.from = from;
        this.to = to;
    }

    /** The schema of its records. */
    public Schema schema() {
        return schema;
    }

    /** The index of its table in {@link ReadPlan#tables()}, where its split is of several; otherwise 0. */
    public int table() {
        return table;
    }

    /** How many records it holds. */
    public int size() {
        return to - from;
    }

    /** How many rows or changes its records tell of: the two records of an update are one. */
    public int changes() {
        if (kinds == null) {
            return size();
        }
        int changes = 0;
        for (int i = from; i < to; i++) {
            if (kinds[i] != RecordKind.UPDATE_BEFORE) {
                changes++;
            }
        }
        return changes;
    }

    /** The size of its records in bytes: what speed limit and report count. */
    public int bytes() {
        return starts[to] - starts[from];
    }

    /** The array that holds the records, and perhaps more. Not to be changed. */
    public byte[] data() {
        return data;
    }

    /** Where the first record starts in {@link #data()}. */
    public int offset() {
        return starts[from];
    }

    /** Where the record at this index, from 0 to {@link #size()}, starts in {@link #data()}. */
    public int start(int index) {
        return starts[from + index];
    }

    /** What the record at this index says. */
    public RecordKind kind(int index) {
        return kinds == null ? RecordKind.INSERT : kinds[from + index];
    }

    /** The records from one index up to, not including, another; shares their bytes. */
    public RecordBatch slice(int fromIndex, int toIndex) {
        Objects.checkFromToIndex(fromIndex, toIndex, size());
        return new RecordBatch(schema, table, data, starts, kinds, from + fromIndex, from + toIndex);
    }

    /** A cursor before the first record. Each caller has its own. */
    public RecordCursor cursor() {
        return new RecordCursor(this);
    }

    @Override
    public String toString() {
        return "RecordBatch[" + schema.table() + ", " + size() + " records, " + bytes() + " bytes]";
    }
}
