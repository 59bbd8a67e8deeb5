package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PgType;
import dev.sluice.postgresql.PgTypes;
import dev.sluice.spi.Column;
import dev.sluice.spi.Schema;
import dev.sluice.spi.Type;
import dev.sluice.spi.Type.Scalar;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Chooses how a column travels: as it is where reader and table have the same bytes, converted where that loses nothing,
 * else as text for the server to read. Where the server would read a text and silently drop part of it, there is no way.
 */
final class TransferChooser {

    /** What {@link Schema#wireFormat()} says of PostgreSQL's own binary forms. */
    static final String WIRE_FORMAT = "postgresql";

    private static final int CHAR_OID = 18;
    private static final int NAME_OID = 19;
    private static final int TEXT_OID = 25;
    private static final int NAME_ARRAY_OID = 1003;
    private static final int MONEY_OID = 790;

    /** gtsvector, pg_node_tree, pg_ndistinct, pg_dependencies, pg_mcv_list, pg_brin_* : only the server makes values. */
    private static final Set<Integer> MADE_BY_THE_SERVER = Set.of(3642, 194, 3361, 3402, 5017, 4600, 4601);

    private static final Set<Scalar> TEMPORAL =
            EnumSet.of(Scalar.DATE, Scalar.TIME, Scalar.TIMETZ, Scalar.TIMESTAMP, Scalar.TIMESTAMPTZ, Scalar.INTERVAL);

    private static final Set<Type> FLOATS = Set.of(Scalar.FLOAT32, Scalar.FLOAT64);

    private static final Pattern MODIFIER = Pattern.compile("\\s*\\(([^)]*)\\)");

    private TransferChooser() {}

    /**
     * The way from a column of this schema into that column; empty when every way could lose part of a value.
     *
     * @param major the target's
     */
    static Optional<ColumnTransfer> choose(Schema schema, Column source, PgColumn target, int major) {
        Optional<ValueCheck> check = ValueChecks.of(source, target, major);
        return chooseKind(schema, source, target)
                .map(transfer -> transfer.withCheck(check).withNote(note(source, target, check.isPresent())));
    }

    /** Whether the server takes no value of the column's type from outside, whatever it is. */
    static boolean takesNothing(PgColumn target) {
        return MADE_BY_THE_SERVER.contains(target.type().effective().oid());
    }

    private static Optional<ColumnTransfer> chooseKind(Schema schema, Column source, PgColumn target) {
        PgType type = target.type().effective();
        Type targetType = PgTypes.spiType(target.type());
        if (sameWire(schema, source, target, targetType)) {
            return Optional.of(ColumnTransfer.identical(source, target));
        }
        Column standard = source.withEncoding(Column.Encoding.STANDARD);
        if (travelsAsText(source.type()) && textIsWire(type)) {
            return Optional.of(ColumnTransfer.identical(standard, target));
        }
        if (targetType instanceof Scalar to) {
            return intoScalar(standard, target, type, to);
        }
        if (source.type() instanceof Type.Array from && targetType instanceof Type.Array to) {
            return intoArray(standard, target, from.element(), to.element());
        }
        if (type.oid() == MONEY_OID && FLOATS.contains(source.type())) {
            Column decimal = new Column(source.name(), Scalar.DECIMAL, true, "", Column.Encoding.STANDARD);
            return Optional.of(ColumnTransfer.text(standard, target, decimal, Conversions.floatAsDecimal()));
        }
        if (type.oid() == CHAR_OID && !source.type().equals(targetType)) {
            return Optional.empty();
        }
        return Optional.of(ColumnTransfer.text(standard, target));
    }

    private static Optional<ColumnTransfer> intoScalar(Column source, PgColumn target, PgType type, Scalar to) {
        Column wire = new Column(source.name(), to, true, "", Column.Encoding.STANDARD);
        if (type.oid() == NAME_OID) {
            return Optional.of(ColumnTransfer.convert(source, target, wire, Conversions.toName()));
        }
        Optional<Conversion> conversion = Conversions.between(source.type(), to);
        if (conversion.isPresent()) {
            return Optional.of(ColumnTransfer.convert(source, target, wire, conversion.get()));
        }
        return loses(source.type(), to) ? Optional.empty() : Optional.of(ColumnTransfer.text(source, target));
    }

    /** Whether the server would read the one's text as the other and drop a part of it. */
    private static boolean loses(Type source, Scalar to) {
        boolean harmless = to == Scalar.INTERVAL || to == Scalar.TIMETZ;
        return source instanceof Scalar from
                && TEMPORAL.contains(from)
                && TEMPORAL.contains(to)
                && from != to
                && !(from == Scalar.TIME && harmless);
    }

    private static Optional<ColumnTransfer> intoArray(Column source, PgColumn target, Scalar from, Scalar to) {
        int elementOid = target.type().effective().elementOid();
        boolean names = target.type().effective().oid() == NAME_ARRAY_OID;
        if (from == to && !names) {
            return Optional.of(ColumnTransfer.convert(source, target, source, Conversions.withElementOid(elementOid)));
        }
        Optional<Conversion> conversion =
                names && from == Scalar.TEXT ? Optional.of(Conversions.toName()) : Conversions.between(from, to);
        if (conversion.isEmpty()) {
            return loses(from, to) ? Optional.empty() : Optional.of(ColumnTransfer.text(source, target));
        }
        Column wire = new Column(source.name(), new Type.Array(to), true, "", Column.Encoding.STANDARD);
        Conversion ofArray =
                new ArrayElements(Column.of(source.name(), from)).converted(conversion.get(), to, elementOid);
        return Optional.of(ColumnTransfer.convert(source, target, wire, ofArray));
    }

    /** Whether the reader's bytes are what the server takes, the type's own meaning included. */
    private static boolean sameWire(Schema schema, Column source, PgColumn target, Type targetType) {
        PgType type = target.type().effective();
        if (source.type() instanceof Scalar scalar) {
            return scalar == targetType
                    && (type.oid() != NAME_OID || source.declaredType().equals("name"));
        }
        if (source.type() instanceof Type.Array array) {
            return array.equals(targetType) && sameElements(source, type, array);
        }
        return source.encoding() == Column.Encoding.WIRE
                && schema.wireFormat().equals(WIRE_FORMAT)
                && PgTypes.wireCapable(target.type())
                && (type.builtin() || type.typtype() == 'e')
                && ((Type.Native) source.type()).name().equals(type.name());
    }

    /** An array has its elements' OID in it: only those of text have several types to choose from. */
    private static boolean sameElements(Column source, PgType type, Type.Array array) {
        if (array.element() != Scalar.TEXT) {
            return true;
        }
        if (source.declaredType().isEmpty()) {
            return type.elementOid() == TEXT_OID;
        }
        String declared = MODIFIER.matcher(source.declaredType()).replaceAll("");
        return declared.equals(type.name())
                || (declared.equals("character[]") && type.name().equals("bpchar[]"));
    }

    private static boolean travelsAsText(Type type) {
        return type == Scalar.TEXT || type == Scalar.JSON || type instanceof Type.Native;
    }

    /** Whether the type's binary form is its text. An enum's is its label; what is no JSON the server refuses. */
    private static boolean textIsWire(PgType type) {
        Type spi = PgTypes.spiType(type);
        return (spi == Scalar.TEXT && type.oid() != NAME_OID) || spi == Scalar.JSON || type.typtype() == 'e';
    }

    private static String note(Column source, PgColumn target, boolean checked) {
        if (!(source.type() instanceof Scalar from)) {
            return "";
        }
        Type to = PgTypes.spiType(target.type());
        String into = "column " + target.name() + ", " + target.declaredType() + ", takes " + described(source);
        if ((from == Scalar.TIMESTAMPTZ && (to == Scalar.TIMESTAMP || to == Scalar.DATE))
                || ((from == Scalar.TIMESTAMP || from == Scalar.DATE) && to == Scalar.TIMESTAMPTZ)
                || (from == Scalar.TIME && to == Scalar.TIMETZ)) {
            return into + ": the time zone is taken to be UTC";
        }
        return checked && from != Scalar.TEXT && from != Scalar.INTERVAL
                ? into + ": a value that is more precise will be a dirty record"
                : "";
    }

    private static String described(Column source) {
        return source.declaredType().isEmpty() ? source.type().toString() : source.declaredType();
    }
}
