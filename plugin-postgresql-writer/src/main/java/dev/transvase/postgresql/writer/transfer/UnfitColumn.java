package dev.transvase.postgresql.writer.transfer;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.conversion.MoneyText;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.util.Optional;

/**
 * Why a reader's column has no way into a column of the table.
 *
 * @param reason what follows the two types in a message
 * @param remedy what to do about it
 */
record UnfitColumn(String reason, String remedy) {

    private static final int MONEY_OID = 790;

    /** Empty when there is a way. */
    static Optional<UnfitColumn> of(Schema schema, Column source, PgColumn target) {
        PgType type = target.type().effective();
        String there = source.detail();
        String here = type.parts().detail();
        boolean nested = TypeShape.isOne(there);
        if (nested && TypeShape.isOne(here)) {
            return TypeShape.fits(there, here) ? Optional.empty() : Optional.of(ofShapes(source, here));
        }
        boolean text = PgTypes.spiType(type) == Scalar.TEXT;
        if (!TextRoutes.exists(schema, source, type) || (nested && !text)) {
            return Optional.of(new UnfitColumn(
                    "; no conversion between the two preserves every value",
                    "cast it in the reader's column list, if the server has such a cast: "
                            + SqlNames.quote(source.name()) + "::" + target.declaredType()
                            + "; or leave it out in both steps"));
        }
        boolean moneyHere = !here.isEmpty() && MoneyText.decimalPlaces(here) != MoneyText.DECIMAL_PLACES;
        boolean moneyThere = !there.isEmpty() && MoneyText.decimalPlaces(there) != MoneyText.DECIMAL_PLACES;
        if ((text && moneyThere) || (moneyHere && !isMoney(source, type))) {
            return Optional.of(new UnfitColumn(
                    "; the lc_monetary of one of the two gives money a number of decimal places other than two, on"
                            + " which its text"
                            + " depends",
                    moneyHere
                            ? "leave it out in both steps, or change the parts of the column to type numeric"
                            : "read money as a number, for example " + SqlNames.quote(source.name()) + "::numeric"));
        }
        return Optional.empty();
    }

    /** Whether amounts go on as they are stored, or are converted one by one. */
    private static boolean isMoney(Column source, PgType type) {
        return type.oid() == MONEY_OID
                || !source.detail().isEmpty()
                || source.type().equals(new Type.Native(type.name()));
    }

    private static UnfitColumn ofShapes(Column source, String here) {
        String there = source.detail();
        String name = SqlNames.quote(source.name());
        if (!TypeShape.isComposite(there) || !TypeShape.isComposite(here)) {
            return new UnfitColumn(
                    "; it consists of " + there + " at the source and of " + here + " at the target, which does not"
                            + " preserve every value",
                    "give both types the same parts; or read it as text, so that a value that does not fit is a dirty"
                            + " record: " + name + "::text");
        }
        return new UnfitColumn(
                "; its attributes are " + there + " at the source and " + here
                        + " at the target, and their values are matched by position",
                here.endsWith("[]")
                        ? "give both types the same attributes in the same order"
                        : "list them in the target's order in the reader's column list: " + TypeShape.row(name, here));
    }
}
