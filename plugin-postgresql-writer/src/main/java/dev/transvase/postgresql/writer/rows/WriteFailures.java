package dev.transvase.postgresql.writer.rows;

import static dev.transvase.spi.error.CommonErrors.COMMIT_IN_DOUBT;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.session.Commits;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Tells of an error that ends the writing of records. */
final class WriteFailures {

    /** When any of several tables may be to blame, at most this many are named. */
    private static final int TABLES_SHOWN = 5;

    private WriteFailures() {}

    /**
     * The exception that ends the run.
     *
     * @param blamed what the error may be about
     * @param sent all of the transaction
     */
    static TransvaseException of(SQLException error, List<WriteBatch> blamed, List<WriteBatch> sent) {
        String doing = "writing "
                + blamed.stream()
                        .map(WriteFailures::tables)
                        .distinct()
                        .limit(TABLES_SHOWN)
                        .collect(Collectors.joining(", "));
        if (!(error instanceof Commits.InDoubtException doubt)) {
            TransvaseException reported = SqlErrors.translateWriting(error, doing);
            return TransvaseException.of(
                    reported.errorCode().as(ErrorType.EXTERNAL), reported.getMessage() + attempts(error), error);
        }
        TransvaseException reported = SqlErrors.translateWriting(doubt.error(), doing);
        long records = sent.stream().mapToLong(WriteBatch::records).sum();
        return TransvaseException.of(
                COMMIT_IN_DOUBT,
                reported.getMessage() + attempts(doubt) + "; the outcome of the last commit is unknown: up to "
                        + records + " records may or may not be in the table",
                error);
    }

    /** The table, and where the records come from when that has another name. */
    private static String tables(WriteBatch batch) {
        TableName target = batch.target().table();
        TableName source = batch.target().accepted().table();
        return source.equals(target) ? target.toString() : target + " (from " + source + ")";
    }

    /** What kept it from being tried again. */
    private static String attempts(SQLException error) {
        return Arrays.stream(error.getSuppressed())
                .map(e -> "; the retry failed: " + e.getMessage())
                .collect(Collectors.joining());
    }
}
