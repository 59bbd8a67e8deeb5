package dev.transvase.postgresql.cdc.table;

import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.cdc.pgoutput.TextDecoders;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Type;

/**
 * How columns are offered to the writer. Changes can be had in binary only for a whole stream, so a job whose tables have a
 * column whose binary form cannot be passed on has all values sent as text. In both ways native types travel as text.
 */
public final class ColumnOffers {

    /** Before this release changes come as text. */
    public static final int BINARY_FROM = 14;

    private ColumnOffers() {}

    /** Whether a column's binary form is what {@link #offer} says in binary mode. An enum's is its label. */
    public static boolean fitsBinary(PgType type) {
        return !(PgTypes.spiType(type) instanceof Type.Native)
                || type.effective().typtype() == 'e';
    }

    /** A column for a stream that carries values in binary, or as text. */
    public static Column offer(String name, boolean nullable, String declaredType, PgType type, boolean binary) {
        Type known = PgTypes.spiType(type);
        boolean typed = binary
                || known instanceof Type.Native
                || (known instanceof Type.Scalar scalar && TextDecoders.TYPES.contains(scalar));
        Type offered = typed ? known : new Type.Native(type.effective().name());
        return Column.of(name, offered)
                .withNullable(nullable)
                .withDeclaredType(declaredType)
                .withDetail(type.effective().parts().detail());
    }
}
