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
import java.util.regex.Matcher;
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

    private static final Set<Scalar> TEMPORAL =
            EnumSet.of(Scalar.DATE, Scalar.TIME, Scalar.TIMETZ, Scalar.TIMESTAMP, Scalar.TIMESTAMPTZ, Scalar.INTERVAL);
    private static final Set<Scalar> WITH_SCALE =
            EnumSet.of(Scalar.DECIMAL, Scalar.TIME, Scalar.TIMETZ, Scalar.TIMESTAMP, Scalar.TIMESTAMPTZ);
    private static final Set<Scalar> FRACTIONAL = EnumSet.of(Scalar.FLOAT32, Scalar.FLOAT64, Scalar.DECIMAL);

    private static final Pattern MODIFIER = Pattern.compile("\\s*\\(([^)]*)\\)");

    private TransferChooser() {}

    /** The way from a column of this schema into that column; empty when every way could lose part of a value. */
    static Optional<ColumnTransfer> choose(Schema schema, Column source, PgColumn target) {
        return chooseKind(schema, source, target).map(transfer -> transfer.withNote(note(source, target)));
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
        if (source.type() instanceof Type.Array && source.type().equals(targetType) && type.oid() != NAME_ARRAY_OID) {
            return Optional.of(
                    ColumnTransfer.convert(standard, target, standard, Conversions.withElementOid(type.elementOid())));
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
        boolean harmless = to == Scalar.INTERVAL || to == Scalar.TIMETZ;
        boolean loses = source.type() instanceof Scalar from
                && TEMPORAL.contains(from)
                && TEMPORAL.contains(to)
                && !(from == Scalar.TIME && harmless);
        return loses ? Optional.empty() : Optional.of(ColumnTransfer.text(source, target));
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

    private static String note(Column source, PgColumn target) {
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
        if (target.type().effective().oid() == MONEY_OID && FRACTIONAL.contains(from)) {
            return into + ": the server rounds to whole cents";
        }
        if (to instanceof Scalar scalar
                && WITH_SCALE.contains(scalar)
                && target.typmod() >= 0
                && (from == scalar || FRACTIONAL.contains(from))
                && scale(source.declaredType()) > scale(target.declaredType())) {
            return into + ": the server rounds what has more digits";
        }
        return "";
    }

    private static String described(Column source) {
        return source.declaredType().isEmpty() ? source.type().toString() : source.declaredType();
    }

    /** The digits behind the point that a declaration allows. */
    private static int scale(String declaredType) {
        Matcher modifier = MODIFIER.matcher(declaredType);
        if (!modifier.find()) {
            return Integer.MAX_VALUE;
        }
        String[] numbers = modifier.group(1).split(",", -1);
        if (declaredType.startsWith("numeric") && numbers.length == 1) {
            return 0;
        }
        return Integer.parseInt(numbers[numbers.length - 1].strip());
    }
}
