package dev.transvase.postgresql.writer.transfer;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.writer.conversion.ArrayElements;
import dev.transvase.postgresql.writer.conversion.Conversion;
import dev.transvase.postgresql.writer.conversion.Conversions;
import dev.transvase.postgresql.writer.conversion.MoneyText;
import dev.transvase.postgresql.writer.conversion.TargetServer;
import dev.transvase.postgresql.writer.conversion.TextChecks;
import dev.transvase.postgresql.writer.conversion.ValueCheck;
import dev.transvase.postgresql.writer.conversion.ZoneConversions;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Chooses how a column travels: as it is where reader and table have the same bytes, converted where that loses nothing,
 * else as text for the server to read. Where the server would read a text and take it for something else, there is no way.
 */
public final class TransferChooser {

    /** What {@link Schema#wireFormat()} says of PostgreSQL's own binary forms. */
    static final String WIRE_FORMAT = "postgresql";

    private static final int NAME_OID = 19;
    private static final int TEXT_OID = 25;
    private static final int NAME_ARRAY_OID = 1003;
    private static final int MONEY_OID = 790;

    /** gtsvector, pg_node_tree, pg_ndistinct, pg_dependencies, pg_mcv_list, pg_brin_* : only the server makes values. */
    private static final Set<Integer> MADE_BY_THE_SERVER = Set.of(3642, 194, 3361, 3402, 5017, 4600, 4601);

    private static final Type MONEY = new Type.Native("money");

    private static final Set<Type> FLOATS = Set.of(Scalar.FLOAT32, Scalar.FLOAT64);

    private static final Pattern MODIFIER = Pattern.compile("\\s*\\(([^)]*)\\)");

    private TransferChooser() {}

    /**
     * The way from a column of this schema into that column; empty when there is none, for the reason that
     * {@link UnfitColumn} tells.
     *
     * @param server the target's
     */
    public static Optional<ColumnTransfer> choose(Schema schema, Column source, PgColumn target, TargetServer server) {
        Optional<ValueCheck> check =
                NameCheck.of(schema, source, target).or(() -> ValueChecks.of(schema, source, target, server));
        return chooseKind(schema, source, target, server)
                .map(transfer -> transfer.withCheck(check)
                        .withNote(TransferNotes.of(source, target, check.isPresent(), server)));
    }

    /** Whether the server takes no value of the column's type from outside, whatever it is. */
    static boolean takesNothing(PgColumn target) {
        return MADE_BY_THE_SERVER.contains(target.type().effective().oid());
    }

    private static Optional<ColumnTransfer> chooseKind(
            Schema schema, Column source, PgColumn target, TargetServer server) {
        PgType type = target.type().effective();
        Type targetType = PgTypes.spiType(target.type());
        if (ValueChecks.hasNoRoomForPadding(source, target)) {
            return Optional.of(ColumnTransfer.convert(source, target, source, Conversions.withoutPadding()));
        }
        if (sameWire(schema, source, target, targetType)) {
            return Optional.of(ColumnTransfer.identical(source, target));
        }
        if (UnfitColumn.of(schema, source, target).isPresent()) {
            return Optional.empty();
        }
        Column standard = source.withEncoding(Column.Encoding.STANDARD);
        if (travelsAsText(source.type()) && textIsWire(type)) {
            return Optional.of(ColumnTransfer.identical(standard, target));
        }
        if (targetType instanceof Scalar to) {
            return Optional.of(intoScalar(standard, target, type, to, server));
        }
        if (source.type() instanceof Type.Array from && targetType instanceof Type.Array to) {
            return Optional.of(intoArray(standard, target, from.element(), to.element(), server));
        }
        if (type.oid() == MONEY_OID) {
            return Optional.of(intoMoney(
                    standard, target, MoneyText.decimalPlaces(type.parts().detail())));
        }
        return Optional.of(ColumnTransfer.text(standard, target));
    }

    /** Numbers and texts; money itself is passed on as it is. */
    private static ColumnTransfer intoMoney(Column source, PgColumn target, int places) {
        boolean asInC = places == MoneyText.DECIMAL_PLACES;
        if (source.type().equals(MONEY) || (asInC && !FLOATS.contains(source.type()))) {
            return ColumnTransfer.text(source, target);
        }
        Column decimal = Column.of(source.name(), Scalar.DECIMAL);
        return ColumnTransfer.text(
                source, target, decimal, asInC ? Conversions.floatAsDecimal() : Conversions.toMoney(places));
    }

    private static ColumnTransfer intoScalar(
            Column source, PgColumn target, PgType type, Scalar to, TargetServer server) {
        Column wire = Column.of(source.name(), to);
        if (type.oid() == NAME_OID) {
            return ColumnTransfer.convert(source, target, wire, Conversions.toName());
        }
        return between(source.type(), to, server)
                .map(conversion -> ColumnTransfer.convert(source, target, wire, conversion))
                .orElseGet(() -> ColumnTransfer.text(source, target));
    }

    private static Optional<Conversion> between(Type from, Scalar to, TargetServer server) {
        return ZoneConversions.between(from, to, server).or(() -> Conversions.between(from, to));
    }

    private static ColumnTransfer intoArray(
            Column source, PgColumn target, Scalar from, Scalar to, TargetServer server) {
        int elementOid = target.type().effective().elementOid();
        boolean names = target.type().effective().oid() == NAME_ARRAY_OID;
        Column element = Column.of(source.name(), from)
                .withDeclaredType(source.declaredType().replace("[]", ""));
        if (ValueChecks.hasNoRoomForPadding(element, TextChecks.element(target))) {
            Conversion unpadded = new ArrayElements(element).converted(Conversions.withoutPadding(), to, elementOid);
            return ColumnTransfer.convert(source, target, source, unpadded);
        }
        if (from == to && !names) {
            return ColumnTransfer.convert(source, target, source, Conversions.withElementOid(elementOid));
        }
        Optional<Conversion> conversion =
                names && from == Scalar.TEXT ? Optional.of(Conversions.toName()) : between(from, to, server);
        if (conversion.isEmpty()) {
            return ColumnTransfer.text(source, target);
        }
        Column wire = Column.of(source.name(), new Type.Array(to));
        Conversion ofArray = new ArrayElements(element).converted(conversion.get(), to, elementOid);
        return ColumnTransfer.convert(source, target, wire, ofArray);
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
}
