package dev.transvase.postgresql.copy;

import dev.transvase.spi.error.DirtyRecord;

/** Takes what reading a split finds, on the reading thread. May wait for room. */
interface RowSink {

    /** A row, laid out as a record is. */
    void row(byte[] bytes, int start, int length) throws InterruptedException;

    /** A row that cannot be read because of what is in it. */
    void unreadable(DirtyRecord row) throws InterruptedException;
}
