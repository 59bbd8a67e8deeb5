package dev.transvase.core.run;

import java.util.concurrent.atomic.LongAdder;

/** What has happened to the records of one table so far. Thread-safe. */
final class TableCounters {

    final LongAdder readRecords = new LongAdder();
    final LongAdder readBytes = new LongAdder();
    final LongAdder writtenRecords = new LongAdder();
    final LongAdder writtenBytes = new LongAdder();
    final LongAdder dirtyRecords = new LongAdder();
    final LongAdder skippedRecords = new LongAdder();

    /** Whether every record that was read is durable, dirty or skipped by the target. */
    boolean settled() {
        return readRecords.sum() == writtenRecords.sum() + dirtyRecords.sum() + skippedRecords.sum();
    }
}
