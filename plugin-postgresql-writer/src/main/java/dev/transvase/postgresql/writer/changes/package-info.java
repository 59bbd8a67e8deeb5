/**
 * Applies a stream of changes exactly once. A change comes to {@code ChangeChannelWriter}, waits in {@code ChangeApplier} until
 * its transaction is whole, is put in order in {@code changes.apply}, and is sent by {@code changes.statement}; {@code
 * changes.plan} has said before how it fits its table. The front opens {@link
 * dev.transvase.postgresql.writer.changes.ChangeTarget} and calls nothing behind it.
 */
package dev.transvase.postgresql.writer.changes;
