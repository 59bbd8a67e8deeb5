package dev.transvase.postgresql.writer.changes.plan;

import dev.transvase.spi.error.DirtyRecord;
import java.sql.SQLException;

/** A change has a value that cannot be had in its column's type. Without a stack trace, since a job may meet many. */
public final class UnfitValueException extends SQLException {

    private static final long serialVersionUID = 1L;

    UnfitValueException(DirtyRecord dirty) {
        super(dirty.message(), dirty.sqlState());
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
