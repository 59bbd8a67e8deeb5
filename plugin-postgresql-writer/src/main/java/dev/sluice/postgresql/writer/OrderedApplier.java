package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlErrors;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordKind;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * Applies changes of which some are refused, or which cannot all be applied at once: by halves, in their order, until what
 * is refused stands alone. One bad change among n costs about 2 log n attempts.
 */
final class OrderedApplier {

    private final ApplySession session;
    private final SetApplier applier;
    private final ChangeTables tables;
    private final ChangeGroup group;
    private final Refusals refusals;
    private final long tolerance;

    /**
     * @param refusals takes the changes that are refused
     * @param tolerance after more of them than this the search ends
     */
    OrderedApplier(
            ApplySession session,
            SetApplier applier,
            ChangeTables tables,
            ChangeGroup group,
            Refusals refusals,
            long tolerance) {
        this.session = session;
        this.applier = applier;
        this.tables = tables;
        this.group = group;
        this.refusals = refusals;
        this.tolerance = tolerance;
    }

    /**
     * Whether an error says that changes cannot be applied as they are, for their data or for what they meet.
     */
    static boolean isRefusal(SQLException error) {
        return SqlErrors.isDirty(error) || SqlErrors.mayBeOfOneRow(error) || error instanceof RowMismatchException;
    }

    /**
     * Applies all that can be.
     *
     * @return false when there were too many that cannot: not all have been tried then
     */
    boolean apply() throws SQLException {
        return apply(0, group.size(), true);
    }

    /** @param knownBad whether they are known not to be taken as a whole */
    private boolean apply(int from, int to, boolean knownBad) throws SQLException {
        int size = to - from;
        if (size == 0) {
            return true;
        }
        if (size == 1 || !knownBad) {
            session.execute("SAVEPOINT changes");
            try {
                applier.apply(group, from, to);
                session.execute("RELEASE SAVEPOINT changes");
                return true;
            } catch (SQLException e) {
                if (!isRefusal(e)) {
                    throw e;
                }
                session.execute("ROLLBACK TO SAVEPOINT changes; RELEASE SAVEPOINT changes");
                if (size == 1) {
                    return isDone(from, e) || refuse(from, e);
                }
            }
        }
        int half = from + size / 2;
        int before = refusals.size();
        if (!apply(from, half, false)) {
            return false;
        }
        boolean leftIsGood = refusals.size() == before;
        return apply(half, to, leftIsGood);
    }

    private boolean refuse(int change, SQLException error) {
        refusals.refuse(group, change, layout(change), error);
        return refusals.size() <= tolerance;
    }

    private ChangeLayout layout(int change) {
        RecordBatch batch = group.batch(change);
        return tables.layout(batch.table(), batch.schema());
    }

    /**
     * Whether the server has done by itself what a change asks for: its foreign keys delete, and change, the rows that refer
     * to a row, as the source's have done.
     */
    private boolean isDone(int change, SQLException error) throws SQLException {
        if (!SqlErrors.sqlState(error).equals(RowMismatchException.NO_DATA)) {
            return false;
        }
        TableReferences references = tables.references();
        int oid = layout(change).table().table().oid();
        if (group.kind(change) == RecordKind.DELETE) {
            return changed(references.deletedWith(oid), RecordKind.DELETE);
        }
        return group.kind(change) == RecordKind.UPDATE_AFTER
                && changed(references.updatedWith(oid), RecordKind.UPDATE_AFTER)
                && applier.singles().applyByNewKey(layout(change), group, change);
    }

    /** Whether the group has a change of this kind of one of these tables. */
    private boolean changed(Set<Integer> oids, RecordKind kind) {
        if (oids.isEmpty()) {
            return false;
        }
        Set<Integer> indexes = new HashSet<>();
        for (int change = 0; change < group.size(); change++) {
            if (group.kind(change) == kind && indexes.add(group.batch(change).table())) {
                if (oids.contains(layout(change).table().table().oid())) {
                    return true;
                }
            }
        }
        return false;
    }
}
