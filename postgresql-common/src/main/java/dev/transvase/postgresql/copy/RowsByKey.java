package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.copy.RowKeys.RowKey;
import dev.transvase.postgresql.transaction.Savepoints;
import dev.transvase.spi.error.DirtyRecord;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The careful read of a query with many rows that cannot be computed, but that can be distinguished: a cursor gives
 * their keys, and the rows are read by these, thousands at a time. So the query is run a few times for each row that cannot be
 * computed, and not for each that can.
 */
final class RowsByKey implements Halving.Lookup<RowKey> {

    private static final String CURSOR = "transvase_keys";
    private static final String BEFORE_CURSOR = "transvase_before";
    private static final int KEYS = 10_000;

    private final CarefulRead read;
    private final Savepoints savepoints;
    private final RowKeys keys;
    private final Halving<RowKey> halving;
    private final BadRow badRow;
    private final int leftOut;

    /** @param leftOut how many rows the keys leave out already */
    RowsByKey(CarefulRead read, RowSink sink, RowKeys keys, int leftOut) {
        this.read = read;
        this.savepoints = read.savepoints();
        this.keys = keys;
        this.halving = new Halving<>(savepoints, sink, this);
        this.badRow = new BadRow(read);
        this.leftOut = leftOut;
    }

    /**
     * Reads the rows that were not handed on.
     *
     * @param select gives all rows, those that were handed on first
     */
    void run(String select) throws SQLException, InterruptedException {
        long[] before = handedOn(select);
        int met = 0;
        savepoints.execute("DECLARE " + CURSOR + " NO SCROLL CURSOR FOR " + keys.select());
        long number = 0;
        List<List<String>> rows = fetch();
        while (!rows.isEmpty()) {
            List<RowKey> left = new ArrayList<>();
            for (List<String> row : rows) {
                RowKey key = RowKeys.key(number++, row);
                if (Arrays.binarySearch(before, key.hash()) >= 0) {
                    met++;
                } else {
                    left.add(key);
                }
            }
            if (!left.isEmpty()) {
                halving.read(left);
            }
            rows = fetch();
        }
        savepoints.execute("CLOSE " + CURSOR);
        if (met != before.length) {
            throw read.notTheSame();
        }
    }

    private List<List<String>> fetch() throws SQLException {
        return savepoints.query("FETCH " + KEYS + " FROM " + CURSOR);
    }

    /** The keys of the rows that were handed on, in order of their hashes. */
    private long[] handedOn(String select) throws SQLException {
        long[] hashes = new long[Math.toIntExact(read.handedOn().rows())];
        RowPrefix again = new RowPrefix();
        CursorRows cursor = new CursorRows(savepoints.session());
        savepoints.execute("DECLARE " + BEFORE_CURSOR + " BINARY NO SCROLL CURSOR FOR " + select);
        while (again.rows() < hashes.length) {
            List<byte[]> records =
                    cursor.fetch(BEFORE_CURSOR, (int) Math.min(read.pieceRows(), hashes.length - again.rows()));
            if (records.isEmpty()) {
                throw read.notTheSame();
            }
            for (byte[] record : records) {
                hashes[(int) again.rows()] = hash(record, 0);
                int start = withoutHash(record, 0);
                again.add(record, start, record.length - start);
            }
        }
        savepoints.execute("CLOSE " + BEFORE_CURSOR);
        if (!again.sameAs(read.handedOn())) {
            throw read.notTheSame();
        }
        Arrays.sort(hashes);
        return hashes;
    }

    /** A row with its hash in front begins with the number of its values and the hash's length. */
    private static long hash(byte[] record, int start) {
        return ByteBuffer.wrap(record).getLong(start + Short.BYTES + Integer.BYTES);
    }

    /** Makes it a row without the hash, and tells where that begins. */
    private int withoutHash(byte[] record, int start) {
        int without = start + Integer.BYTES + Long.BYTES;
        ByteBuffer.wrap(record).putShort(without, (short) read.schema().width());
        return without;
    }

    /** What gives all columns behind the hash. */
    static List<String> expressions(CarefulRead read, RowKeys keys) {
        List<String> expressions = new ArrayList<>(List.of(keys.hash()));
        for (int i = 0; i < read.schema().width(); i++) {
            expressions.add(read.expression(i));
        }
        return expressions;
    }

    @Override
    public void copy(List<RowKey> rows, Halving.Take<RowKey> take) throws SQLException, InterruptedException {
        Map<Long, RowKey> byHash = new HashMap<>();
        rows.forEach(row -> byHash.put(row.hash(), row));
        CopyRows.read(
                savepoints.session(),
                read.select(expressions(read, keys), keys.conditions(rows)),
                read.task().label(),
                (message, start) -> {
                    RowKey row = byHash.remove(hash(message, start));
                    if (row == null) {
                        throw read.notTheSame();
                    }
                    take.row(row, message, withoutHash(message, start));
                });
    }

    @Override
    public void requireAll(List<RowKey> rows, Set<RowKey> seen) {
        if (seen.size() != rows.size()) {
            throw read.notTheSame();
        }
    }

    @Override
    public DirtyRecord unreadable(RowKey row, SQLException failure) throws SQLException, InterruptedException {
        String place =
                "row " + (row.number() + 1 + leftOut) + " of " + read.task().label();
        return badRow.at(keys.single(row), place, failure);
    }
}
