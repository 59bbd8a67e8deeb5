package dev.transvase.postgresql.writer.changes.apply;

import static dev.transvase.postgresql.writer.error.WriterErrors.KEY_REQUIRED;

import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.changes.plan.ChangeLayout;
import dev.transvase.postgresql.writer.changes.plan.Projection;
import dev.transvase.postgresql.writer.changes.plan.UnfitValueException;
import dev.transvase.postgresql.writer.changes.statement.ChangeStatements;
import dev.transvase.postgresql.writer.changes.statement.RowMismatchException;
import dev.transvase.postgresql.writer.wire.RowImage;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordKind;
import java.sql.SQLException;
import java.util.Arrays;

/** Applies updates and deletes one by one: those that find their row by more, or less, than its key. */
final class SingleChanges {

    private final ChangeStatements statements;

    SingleChanges(ChangeStatements statements) {
        this.statements = statements;
    }

    /** Applies an update or a delete. */
    void apply(ChangeLayout layout, ChangeGroup group, int change) throws SQLException {
        RowImage row = image(layout)
                .moveTo(group.batch(change).data(), group.batch(change).start(group.record(change)));
        boolean deletes = group.kind(change) == RecordKind.DELETE;
        RowImage old = deletes || !group.hasBefore(change)
                ? row
                : image(layout)
                        .moveTo(
                                group.beforeBatch(change).data(),
                                group.beforeBatch(change).start(group.beforeRecord(change)));
        boolean certain = deletes || group.hasBefore(change);
        Projection matched = matched(layout, old, certain);
        WriteBatch before = one(matched, old);
        long found = deletes ? statements.deleteOne(matched, before) : update(layout, row, matched, before);
        if (found != 1) {
            throw RowMismatchException.found(found, 1, deletes ? "deleted" : "updated");
        }
    }

    /**
     * Updates a row that is found by what it is to be, since the server has changed it together with the row that it refers to:
     * by its new key, or without one by all of its values.
     *
     * @return false when there is none
     */
    boolean applyByNewRow(ChangeLayout layout, ChangeGroup group, int change) throws SQLException {
        RowImage row = image(layout)
                .moveTo(group.batch(change).data(), group.batch(change).start(group.record(change)));
        if (layout.keyed() ? !row.has(layout.key()) : !row.has(layout.written())) {
            return false;
        }
        Projection found = layout.of(layout.keyed() ? layout.key() : layout.written());
        return update(layout, row, found, one(found, row)) == 1;
    }

    private long update(ChangeLayout layout, RowImage row, Projection matched, WriteBatch before) throws SQLException {
        int[] set = Arrays.stream(layout.written())
                .filter(field -> row.has(field) && layout.settable(field, true))
                .toArray();
        if (set.length == 0) {
            return 1;
        }
        Projection values = layout.of(set);
        return statements.update(values, one(values, row), matched, before);
    }

    private static RowImage image(ChangeLayout layout) {
        return new RowImage(layout.source());
    }

    /**
     * What a row is found by.
     *
     * @param certain whether the image is of the row as it was; else it is so in its key only
     */
    private static Projection matched(ChangeLayout layout, RowImage old, boolean certain) {
        if (layout.keyed() && old.has(layout.key())) {
            // Several rows may have a key that is checked at the end: then all that is known tells which is meant.
            return layout.keyIsDeferrable() && certain && old.has(layout.written())
                    ? layout.all()
                    : layout.of(layout.key());
        }
        int[] present = Arrays.stream(layout.written()).filter(old::has).toArray();
        if (!certain || present.length == 0) {
            throw TransvaseException.of(
                    KEY_REQUIRED,
                    "the source sends an update of " + layout.source().table() + " without the old row, but "
                            + layout.table().table().table()
                            + (layout.keyed()
                                    ? " identifies its rows by a column that is not sent"
                                    : " has no key to identify it by")
                            + "; give it the source's primary key, name that key in the writer's parameter key, or"
                            + " make the source send whole rows: ALTER TABLE ... REPLICA IDENTITY FULL");
        }
        return layout.of(present);
    }

    private static WriteBatch one(Projection projection, RowImage row) throws UnfitValueException {
        projection.add(row);
        return projection.build();
    }
}
