package dev.transvase.postgresql.writer.changes;

import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;

/**
 * One channel of a job that follows its source: rows of what was there at its start are written as those of any job, changes
 * are applied. Connects for each once it comes.
 */
final class ChangeChannelWriter implements ChannelWriter {

    private final Targets targets;
    private final WriteJournal journal;

    private volatile ChannelWriter rows;
    private volatile ChangeApplier changes;
    private volatile boolean cancelled;

    /** Opens what this writes to. */
    interface Targets {

        /** For rows. */
        ChannelWriter rows(WriteJournal journal);

        /** For the changes of the stream of this name. */
        ChangeApplier changes(String split, WriteJournal journal);
    }

    ChangeChannelWriter(Targets targets, WriteJournal journal) {
        this.targets = targets;
        this.journal = journal;
    }

    @Override
    public void write(RecordBatch batch, Split split, BatchEnd end) {
        if (split.table() == Split.MANY_TABLES) {
            changes(split).write(batch, end);
        } else {
            rows().write(batch, split, end);
        }
    }

    private ChangeApplier changes(Split split) {
        if (changes == null) {
            changes = targets.changes(split.id(), journal);
            requireNotCancelled();
        }
        return changes;
    }

    private ChannelWriter rows() {
        if (rows == null) {
            rows = targets.rows(journal);
            requireNotCancelled();
        }
        return rows;
    }

    private void requireNotCancelled() {
        if (cancelled) {
            throw TransvaseException.of(CANCELLED, "writing was cancelled", null);
        }
    }

    @Override
    public void flush() {
        requireNotCancelled();
        if (rows != null) {
            rows.flush();
        }
        if (changes != null) {
            changes.flush();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        ChannelWriter writing = rows;
        ChangeApplier applying = changes;
        try {
            if (writing != null) {
                writing.cancel();
            }
        } finally {
            if (applying != null) {
                applying.cancel();
            }
        }
    }

    @Override
    public void close() {
        try (ChangeApplier applying = changes;
                ChannelWriter writing = rows) {
            changes = null;
            rows = null;
        }
    }
}
