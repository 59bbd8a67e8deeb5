package dev.transvase.postgresql.writer.batch;

import static dev.transvase.spi.error.CommonErrors.OUT_OF_MEMORY;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import dev.transvase.postgresql.writer.wire.TextForm;
import dev.transvase.postgresql.writer.wire.WireBytes;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import java.util.List;

/** Tells of records that are larger than the server takes them in the way in which they are sent. */
public final class RecordSize {

    /** The server keeps a line of a COPY in one piece of memory, and has none of 1 GiB. */
    private static final long MAX_LINE = (1L << 30) - 2;

    private RecordSize() {}

    /** Makes sure that the server takes the cursor's record as a line of a text COPY. */
    public static void requireLine(TargetTable target, TextForm[] forms, RecordCursor cursor, byte[] data) {
        long total = forms.length;
        long largest = 0;
        int at = 0;
        for (int column = 0; column < forms.length; column++) {
            long length = cursor.isNull(column) ? 2 : forms[column].escapedLength(cursor, data);
            total += length;
            if (length > largest) {
                largest = length;
                at = column;
            }
        }
        if (total <= MAX_LINE) {
            return;
        }
        List<String> texts = target.transfers().stream()
                .filter(transfer -> transfer.kind() == ColumnTransfer.Kind.TEXT)
                .map(transfer -> transfer.target().name())
                .toList();
        throw WireBytes.tooLarge(
                "a record of " + target.table() + " takes " + total + " bytes as text, " + largest
                        + " of them in column " + name(target, at) + ", but the server accepts at most " + MAX_LINE
                        + " in a line of COPY",
                "Its columns are sent as text because the server has to parse " + String.join(", ", texts)
                        + "; set writeMode to insert, which sends only these as text");
    }

    /** An INSERT's array would be this large. */
    public static TransvaseException ofArray(WriteBatch batch, long size) {
        TargetTable target = batch.target();
        long largest = 0;
        int at = 0;
        for (WriteBatch.Part part : batch.parts()) {
            for (RecordCursor cursor = part.wire().cursor(); cursor.advance(); ) {
                for (int column = 0; column < target.transfers().size(); column++) {
                    if (!cursor.isNull(column) && cursor.valueLength(column) > largest) {
                        largest = cursor.valueLength(column);
                        at = column;
                    }
                }
            }
        }
        return WireBytes.tooLarge(
                "a record of " + target.table() + " takes " + size + " bytes; its largest value, in column "
                        + name(target, at) + ", has " + largest + ", but the server accepts at most "
                        + WireBytes.MAX_VALUE
                        + " in one parameter",
                target.mode() == WriteMode.INSERT ? "Set writeMode to copy" : "Exclude it at the reader");
    }

    /** An array of text would be this large. */
    public static TransvaseException ofTexts(WriteBatch batch, int column, long size) {
        return WireBytes.tooLarge(
                "a record of " + batch.target().table() + " takes " + size + " bytes as text in column "
                        + name(batch.target(), column) + ", but the server accepts at most " + WireBytes.MAX_VALUE
                        + " in one parameter",
                "Set writeMode to copy, or exclude it at the reader");
    }

    /** Nobody has memory for what is being sent. */
    public static TransvaseException outOfMemory(WriteBatch batch, OutOfMemoryError error) {
        List<RecordBatch> sources =
                batch.parts().stream().map(WriteBatch.Part::source).toList();
        return outOfMemory("writing " + batch.target().table(), sources, error);
    }

    /** Nobody has memory for what is made of these records. */
    public static TransvaseException outOfMemory(String doing, List<RecordBatch> sources, OutOfMemoryError error) {
        long largest = 0;
        for (RecordBatch source : sources) {
            for (int i = 0; i < source.size(); i++) {
                largest = Math.max(largest, source.start(i + 1) - source.start(i));
            }
        }
        return TransvaseException.of(
                OUT_OF_MEMORY,
                doing + ": the heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MiB is too small; the largest record in memory has " + ((largest >> 20) + 1)
                        + " MiB. Raise it with TRANSVASE_JAVA_OPTS=-Xmx"
                        + Math.max(
                                1024,
                                5 * (largest >> 20) + (Runtime.getRuntime().maxMemory() >> 20)) + "m",
                error);
    }

    private static String name(TargetTable target, int column) {
        return target.transfers().get(column).target().name();
    }
}
