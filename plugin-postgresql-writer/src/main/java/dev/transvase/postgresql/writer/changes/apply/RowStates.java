package dev.transvase.postgresql.writer.changes.apply;

import dev.transvase.postgresql.writer.changes.plan.ChangeLayout;
import dev.transvase.postgresql.writer.changes.statement.RowMismatchException;
import dev.transvase.postgresql.writer.wire.RowImage;
import java.util.Arrays;

/**
 * What changes of rows of one table come to: for each key whether a row with it was there before, and what the last change
 * left. A hash table over the keys' bytes, without an object for each row.
 */
final class RowStates {

    /** The row was there before the first change. */
    private static final int BEFORE = 1;

    /** It is there now. */
    private static final int NOW = 2;

    /** It was deleted and inserted again meanwhile. */
    private static final int REPLACED = 4;

    private final ChangeLayout layout;
    private final int[] key;
    private final RowImage after;
    private final RowImage before;
    private final RowImage known;

    /** Of each slot the number of its state, from 1; 0 for none. */
    private int[] slots = new int[64];

    private int[] hashes = new int[32];

    /** Of each state the record that has its key: what the last change left, or removed. */
    private byte[][] data = new byte[32][];

    private int[] starts = new int[32];
    private byte[] flags = new byte[32];
    private int size;

    RowStates(ChangeLayout layout) {
        this.layout = layout;
        this.key = layout.key();
        this.after = new RowImage(layout.source());
        this.before = new RowImage(layout.source());
        this.known = new RowImage(layout.source());
    }

    /**
     * Takes a change in.
     *
     * @return false when keys alone do not decide it: it has to be applied on its own, after all before it. Nothing was
     *     taken in then
     * @throws RowMismatchException when it does not follow from those before it
     */
    boolean add(ChangeGroup group, int change) throws RowMismatchException {
        after.moveTo(group.batch(change).data(), group.batch(change).start(group.record(change)));
        return switch (group.kind(change)) {
            case INSERT -> {
                insert(after.data(), after.start());
                yield true;
            }
            case DELETE -> delete();
            default -> update(group, change);
        };
    }

    private void insert(byte[] row, int start) throws RowMismatchException {
        if (row != after.data()) {
            after.moveTo(row, start);
        }
        int hash = after.hash(key);
        int state = find(after, hash);
        if (state < 0) {
            put(hash, row, start, NOW);
            return;
        }
        if (is(state, NOW)) {
            throw RowMismatchException.inconsistent("a row is inserted with a key that already exists");
        }
        data[state] = row;
        starts[state] = start;
        flags[state] |= (byte) (is(state, BEFORE) ? NOW | REPLACED : NOW);
    }

    private boolean delete() throws RowMismatchException {
        if (!after.has(key)) {
            return false;
        }
        int hash = after.hash(key);
        int state = find(after, hash);
        if (isAnother(state, after)) {
            return false;
        }
        remove(state, hash, after.data(), after.start());
        return true;
    }

    /**
     * Whether the row that a change tells of is not the one with its key that was left by the changes before. At the source two
     * rows may have one key within a statement, or as long as a constraint is deferred.
     */
    private boolean isAnother(int state, RowImage old) {
        if (state < 0 || !is(state, NOW)) {
            return false;
        }
        known.moveTo(data[state], starts[state]);
        for (int field = 0; field < layout.source().width(); field++) {
            if (old.has(field) && known.has(field) && !old.same(known, field)) {
                return true;
            }
        }
        return false;
    }

    private void remove(int state, int hash, byte[] row, int start) throws RowMismatchException {
        if (state < 0) {
            put(hash, row, start, BEFORE);
            return;
        }
        if (!is(state, NOW)) {
            throw RowMismatchException.inconsistent("a row is deleted that was deleted before");
        }
        flags[state] &= (byte) ~(NOW | REPLACED);
    }

    private boolean update(ChangeGroup group, int change) throws RowMismatchException {
        boolean reported = group.hasBefore(change);
        if (reported) {
            before.moveTo(
                    group.beforeBatch(change).data(), group.beforeBatch(change).start(group.beforeRecord(change)));
        }
        RowImage old = reported ? before : after;
        if (!old.has(key)) {
            return false;
        }
        int hash = old.hash(key);
        int state = find(old, hash);
        if (reported && isAnother(state, before)) {
            return false;
        }
        if (!after.has(key)) {
            after.moveTo(after.filledFrom(before, false), 0);
        }
        if (!reported || after.same(before, key)) {
            keep(state, hash);
            return true;
        }
        return layout.movable() && move(state, hash);
    }

    /** The key stays. */
    private void keep(int state, int hash) throws RowMismatchException {
        if (state < 0) {
            put(hash, after.data(), after.start(), BEFORE | NOW);
            return;
        }
        if (!is(state, NOW)) {
            throw RowMismatchException.inconsistent("a row is updated that was deleted before");
        }
        if (after.complete()) {
            data[state] = after.data();
            starts[state] = after.start();
        } else {
            data[state] = after.filledFrom(known.moveTo(data[state], starts[state]), false);
            starts[state] = 0;
        }
    }

    /** The row goes from one key to another: it is deleted and inserted, if all of it is known. */
    private boolean move(int state, int hash) throws RowMismatchException {
        byte[] row = after.data();
        int start = after.start();
        if (!after.complete()) {
            row = after.filledFrom(
                    state >= 0 && is(state, NOW) ? known.moveTo(data[state], starts[state]) : before, true);
            start = 0;
        }
        if (row == null) {
            return false;
        }
        remove(state, hash, before.data(), before.start());
        insert(row, start);
        return true;
    }

    private boolean is(int state, int flag) {
        return (flags[state] & flag) != 0;
    }

    private int find(RowImage image, int hash) {
        int mask = slots.length - 1;
        for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
            int state = slots[slot] - 1;
            if (hashes[state] == hash && image.same(known.moveTo(data[state], starts[state]), key)) {
                return state;
            }
        }
        return -1;
    }

    private void put(int hash, byte[] row, int start, int flag) {
        if (size == hashes.length) {
            grow();
        }
        hashes[size] = hash;
        data[size] = row;
        starts[size] = start;
        flags[size] = (byte) flag;
        size++;
        link(hash, size);
    }

    private void link(int hash, int number) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = number;
    }

    private void grow() {
        hashes = Arrays.copyOf(hashes, 2 * size);
        data = Arrays.copyOf(data, 2 * size);
        starts = Arrays.copyOf(starts, 2 * size);
        flags = Arrays.copyOf(flags, 2 * size);
        slots = new int[4 * size];
        for (int state = 0; state < size; state++) {
            link(hashes[state], state + 1);
        }
    }

    /** How many keys there are. */
    int size() {
        return size;
    }

    /** Whether a row is to be inserted. */
    boolean inserts(int state) {
        return is(state, NOW) && (!is(state, BEFORE) || replaces(state));
    }

    /** Whether a row is to be updated. */
    boolean updates(int state) {
        return is(state, NOW) && is(state, BEFORE) && !replaces(state);
    }

    /** Whether a row is to be deleted. */
    boolean deletes(int state) {
        return is(state, BEFORE) && (!is(state, NOW) || replaces(state));
    }

    private boolean replaces(int state) {
        return is(state, REPLACED) && layout.replacedByInsert();
    }

    /** A look at the record that tells of it, valid until the next. */
    RowImage row(int state) {
        return known.moveTo(data[state], starts[state]);
    }
}
