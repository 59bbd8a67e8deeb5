package dev.transvase.testing.contract;

import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import java.util.ArrayList;
import java.util.List;

/** Records in their text form, one list of fields each, {@code null} for NULL. */
public final class Rows {

    private Rows() {}

    /** The records of a batch. */
    public static List<List<String>> of(RecordBatch batch) {
        List<List<String>> rows = new ArrayList<>(batch.size());
        for (RecordCursor cursor = batch.cursor(); cursor.advance(); ) {
            List<String> row = new ArrayList<>();
            for (int column = 0; column < batch.schema().width(); column++) {
                row.add(cursor.isNull(column) ? null : cursor.getText(column));
            }
            rows.add(row);
        }
        return rows;
    }
}
