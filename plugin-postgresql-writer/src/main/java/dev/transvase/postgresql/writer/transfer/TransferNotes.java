package dev.transvase.postgresql.writer.transfer;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.conversion.MoneyText;
import dev.transvase.postgresql.writer.conversion.TargetServer;
import dev.transvase.postgresql.writer.conversion.TypeModifier;
import dev.transvase.postgresql.writer.conversion.ZoneConversions;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code transvase check} says of a column that travels, but whose values may not all arrive. */
final class TransferNotes {

    private static final Set<Scalar> FRACTIONS = EnumSet.of(Scalar.DECIMAL, Scalar.FLOAT32, Scalar.FLOAT64);
    private static final Set<Scalar> INTEGERS = EnumSet.of(Scalar.INT16, Scalar.INT32, Scalar.INT64);

    private static final int MONEY_OID = 790;
    private static final int BPCHAR_OID = 1042;
    private static final int VARCHAR_OID = 1043;
    private static final int BIT_OID = 1560;
    private static final int VARBIT_OID = 1562;

    private static final Pattern BITS = Pattern.compile("bit\\((\\d+)\\)");

    /** How long the shortest text of a type is; {@code infinity} is one of those with dates. */
    private static final Map<Type, Integer> FEWEST_CHARACTERS = Map.of(
            Scalar.UUID,
            36,
            Scalar.DATE,
            8,
            Scalar.TIMESTAMP,
            8,
            Scalar.TIMESTAMPTZ,
            8,
            Scalar.TIME,
            8,
            Scalar.TIMETZ,
            11,
            new Type.Native("macaddr"),
            17,
            new Type.Native("macaddr8"),
            23);

    /** An amount for messages, in the smallest pieces. */
    private static final long EXAMPLE = 123_456;

    private TransferNotes() {}

    /**
     * A note on this pair of columns; empty when there is nothing to say.
     *
     * @param checked whether its values are looked at before they are sent
     * @param server the target's
     */
    static String of(Column source, PgColumn target, boolean checked, TargetServer server) {
        String into = "column " + target.name() + ", " + target.declaredType() + ", takes " + described(source);
        String money = money(source, target);
        if (!money.isEmpty()) {
            return into + money;
        }
        String unfit = unfit(source, target);
        if (!unfit.isEmpty()) {
            return into + ": each value will be a dirty record, as " + unfit;
        }
        Type there = source.type();
        Type here = PgTypes.spiType(target.type());
        if (there instanceof Type.Array from && here instanceof Type.Array to) {
            there = from.element();
            here = to.element();
        }
        if (!(there instanceof Scalar from)) {
            return "";
        }
        String zone = zone(from, here, server);
        String lost = lost(source, from, here, checked);
        if (zone.isEmpty() && lost.isEmpty()) {
            return "";
        }
        String between = zone.isEmpty() || lost.isEmpty() ? "" : "; ";
        return into + ": " + zone + between + (lost.isEmpty() ? "" : lost + cast(source, target));
    }

    /** Why no value of the source's type fits into the column, whatever it is; empty when one may. */
    private static String unfit(Column source, PgColumn target) {
        int modifier = target.typmod();
        if (modifier < 0) {
            return "";
        }
        OptionalInt bits = bits(source);
        return switch (target.type().effective().oid()) {
            case BIT_OID -> bits.isPresent() && bits.getAsInt() != modifier ? "it has another number of bits" : "";
            case VARBIT_OID -> bits.isPresent() && bits.getAsInt() > modifier ? "it has more bits" : "";
            case BPCHAR_OID, VARCHAR_OID -> {
                int fewest = bits.orElse(FEWEST_CHARACTERS.getOrDefault(source.type(), 0));
                yield fewest > TypeModifier.characters(modifier) ? "it has " + fewest + " characters or more" : "";
            }
            default -> "";
        };
    }

    private static OptionalInt bits(Column source) {
        Matcher bits = BITS.matcher(source.declaredType());
        return bits.matches() ? OptionalInt.of(Integer.parseInt(bits.group(1))) : OptionalInt.empty();
    }

    private static String cast(Column source, PgColumn target) {
        String name = SqlNames.quote(source.name());
        // What a cast to money gives depends on the source's lc_monetary.
        boolean money = target.type().effective().oid() == MONEY_OID;
        String places = Integer.toString(
                MoneyText.decimalPlaces(target.type().effective().parts().detail()));
        return ". To cut values off, write in the reader's column list: "
                + (money ? "round(" + name + "::numeric, " + places + ")" : name + "::" + target.declaredType());
    }

    /** Money is an amount in the smallest pieces; how many make one is a setting of the database. */
    private static String money(Column source, PgColumn target) {
        String there = source.detail();
        String here = target.type().effective().parts().detail();
        if (there.isEmpty() || here.isEmpty() || !there.contains("decimal places")) {
            return "";
        }
        int from = MoneyText.decimalPlaces(there);
        int to = MoneyText.decimalPlaces(here);
        return from == to
                ? ""
                : ": money has " + from + " decimal places at the source and " + to + " at the target, by their"
                        + " lc_monetary; the stored number stays the same but means a different amount there, "
                        + BigDecimal.valueOf(EXAMPLE, from).toPlainString() + " becomes "
                        + BigDecimal.valueOf(EXAMPLE, to).toPlainString() + remedy(source);
    }

    private static String remedy(Column source) {
        return source.type().equals(new Type.Native("money"))
                ? ". To keep the amount, read it as a number: " + SqlNames.quote(source.name()) + "::numeric"
                : "";
    }

    private static String zone(Scalar from, Type to, TargetServer server) {
        boolean withoutZone = from == Scalar.TIME && to == Scalar.TIMETZ;
        if (to == Scalar.TEXT || !(withoutZone || ZoneConversions.needsZone(from, to))) {
            return "";
        }
        return withoutZone && !server.keepsItsOffset()
                ? "each value will be a dirty record, as the offset of " + server.zoneName() + " depends on the date"
                : "times without a zone are read in " + server.zoneName();
    }

    private static String lost(Column source, Scalar from, Type to, boolean checked) {
        if (to == Scalar.DATE && (from == Scalar.TIMESTAMP || from == Scalar.TIMESTAMPTZ)) {
            return "a value with a time of day will be a dirty record";
        }
        boolean whole = from == Scalar.DECIMAL
                && source.declaredType().startsWith("numeric(")
                && source.declaredType().contains(",0)");
        if (to instanceof Scalar scalar && INTEGERS.contains(scalar) && FRACTIONS.contains(from) && !whole) {
            return "a value with decimal places will be a dirty record";
        }
        if (from == Scalar.FLOAT64 && to == Scalar.FLOAT32) {
            return "a value with more than about six digits will be a dirty record";
        }
        boolean silent =
                from == Scalar.TEXT || (from == Scalar.INTERVAL && to == Scalar.INTERVAL) || INTEGERS.contains(from);
        return checked && !silent ? "a value with more precision will be a dirty record" : "";
    }

    private static String described(Column source) {
        return source.declaredType().isEmpty() ? source.type().toString() : source.declaredType();
    }
}
