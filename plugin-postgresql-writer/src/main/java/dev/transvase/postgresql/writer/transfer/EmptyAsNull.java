package dev.transvase.postgresql.writer.transfer;

import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.writer.conversion.Conversion;
import dev.transvase.postgresql.writer.conversion.ValueCheck;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Type.Scalar;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Writes NULL where an empty text should become a number, as DataX does by default. */
final class EmptyAsNull {

    private static final Set<Scalar> NUMBERS =
            EnumSet.of(Scalar.INT16, Scalar.INT32, Scalar.INT64, Scalar.FLOAT32, Scalar.FLOAT64, Scalar.DECIMAL);

    private EmptyAsNull() {}

    /** The same way for a column, but for empty texts. */
    static ColumnTransfer in(ColumnTransfer transfer) {
        boolean number = PgTypes.spiType(transfer.target().type()) instanceof Scalar scalar && NUMBERS.contains(scalar);
        if (!number || transfer.source().type() != Scalar.TEXT) {
            return transfer;
        }
        Conversion filled = transfer.conversion().orElse((from, column, to) -> to.appendText(from.getText(column)));
        Optional<ValueCheck> check = transfer.check().map(of -> (from, column) -> {
            if (!isEmpty(from, column)) {
                of.check(from, column);
            }
        });
        return new ColumnTransfer(
                transfer.source(),
                transfer.target(),
                transfer.kind(),
                transfer.wire(),
                Optional.of((from, column, to) -> {
                    if (isEmpty(from, column)) {
                        to.appendNull();
                    } else {
                        filled.convert(from, column, to);
                    }
                }),
                check,
                transfer.note());
    }

    private static boolean isEmpty(RecordCursor from, int column) {
        return from.valueLength(column) == 0;
    }
}
