package dev.transvase.postgresql.writer.changes.apply;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.changes.plan.ChangeLayout;
import dev.transvase.postgresql.writer.changes.plan.TableReferences;
import dev.transvase.postgresql.writer.changes.statement.RowMismatchException;
import dev.transvase.postgresql.writer.session.ApplySession;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordKind;
import java.sql.SQLException;

/**
 * Applies changes when some are rejected, or when they cannot all be applied at once: by halves, in their order, until what
 * is refused stands alone. One bad change among n costs about 2 log n attempts.
 */
public final class OrderedApplier {

    private final ApplySession session;
    private final SetApplier applier;
    private final ChangeTables tables;
    private final ChangeGroup group;
    private final Refusals refusals;
    private final long tolerance;
    private final ChangedTables before;

    /** Made when it is asked for. */
    private ChangedTables changed;

    /**
     * @param refusals takes the changes that are refused
     * @param tolerance after more of them than this the search ends
     * @param before what was changed in the transaction before the group
     */
    public OrderedApplier(
            ApplySession session,
            SetApplier applier,
            ChangeTables tables,
            ChangeGroup group,
            Refusals refusals,
            long tolerance,
            ChangedTables before) {
        this.session = session;
        this.applier = applier;
        this.tables = tables;
        this.group = group;
        this.refusals = refusals;
        this.tolerance = tolerance;
        this.before = before;
    }

    /**
     * Whether an error says that changes cannot be applied as they are, for their data or for what they meet.
     */
    public static boolean isRefusal(SQLException error) {
        return SqlErrors.isDirty(error) || SqlErrors.mayBeOfOneRow(error) || error instanceof RowMismatchException;
    }

    /**
     * Applies all that can be.
     *
     * @return false when there were too many that cannot: not all have been tried then
     */
    public boolean apply() throws SQLException {
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
                    return otherwiseDone(from, e) || refuse(from, e);
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

    /** Whether a change whose row was not found is done all the same. */
    private boolean otherwiseDone(int change, SQLException error) throws SQLException {
        if (!(error instanceof RowMismatchException)) {
            return false;
        }
        session.execute("SAVEPOINT changes");
        boolean done = false;
        try {
            done = isDone(layout(change), change, error);
        } catch (SQLException e) {
            if (!isRefusal(e)) {
                throw e;
            }
        }
        session.execute((done ? "" : "ROLLBACK TO SAVEPOINT changes; ") + "RELEASE SAVEPOINT changes");
        return done;
    }

    /**
     * Whether the server has done by itself what a change asks for: its foreign keys delete, and change, the rows that refer
     * to a row, as the source's have done.
     */
    private boolean isDone(ChangeLayout layout, int change, SQLException error) throws SQLException {
        if (!SqlErrors.sqlState(error).equals(RowMismatchException.NO_DATA)) {
            return false;
        }
        TableReferences references = tables.references();
        int oid = layout.table().table().oid();
        if (group.kind(change) == RecordKind.DELETE) {
            return changed().deletedAny(references.deletedWith(oid));
        }
        return group.kind(change) == RecordKind.UPDATE_AFTER
                && (changed().updatedAny(references.updatedWith(oid))
                        || changed().deletedAny(references.clearedWith(oid)))
                && applier.singles().applyByNewRow(layout, group, change);
    }

    private ChangedTables changed() {
        if (changed == null) {
            changed = new ChangedTables();
            changed.add(group, tables);
            changed.addAll(before);
        }
        return changed;
    }
}
