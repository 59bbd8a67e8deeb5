package dev.transvase.postgresql.writer.transfer;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.conversion.Conversions;
import dev.transvase.postgresql.writer.conversion.ZoneConversions;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells where the text of one type says the same as a value of another. The server would read the text of many a value as one
 * of a type that has nothing to do with it: the bits 101 as the number 101, a number as seconds, a box as a polygon.
 */
final class TextRoutes {

    private static final int CHAR_OID = 18;

    private static final Pattern LAST_PART = Pattern.compile("(?:.*\\.)?(\"(?:[^\"]|\"\")+\"|[^\".]+)", Pattern.DOTALL);

    private static final Set<Scalar> INTEGERS = EnumSet.of(Scalar.INT16, Scalar.INT32, Scalar.INT64);
    private static final Set<Scalar> NUMBERS =
            EnumSet.of(Scalar.INT16, Scalar.INT32, Scalar.INT64, Scalar.DECIMAL, Scalar.FLOAT32, Scalar.FLOAT64);

    /** Types whose values are texts, though the SPI has no name for them, or texts of values of any type. */
    private static final Set<String> TEXTS = Set.of("citext", "unknown", "cstring", "refcursor", "record", "anyarray");

    /** Of the server's own types, by name, those whose texts mean the same for another one. */
    private static final Map<String, Set<String>> SAME = Map.of(
            "inet", Set.of("cidr"),
            "cidr", Set.of("inet"),
            "macaddr", Set.of("macaddr8"),
            "bit", Set.of("bit varying"),
            "bit varying", Set.of("bit"),
            "oid", Set.of("bigint", "integer", "numeric", "xid", "oid8"),
            "oid8", Set.of("bigint", "numeric", "oid"),
            "xid", Set.of("bigint", "xid8"),
            "cid", Set.of("bigint"),
            "txid_snapshot", Set.of("pg_snapshot"));

    /** The server's own types that the SPI has no name for; those whose names start with reg, and arrays, aside. */
    private static final Set<String> NATIVES = Set.of(
            "\"char\"",
            "aclitem",
            "bit",
            "bit varying",
            "box",
            "cid",
            "cidr",
            "circle",
            "datemultirange",
            "daterange",
            "inet",
            "int2vector",
            "int4multirange",
            "int4range",
            "int8multirange",
            "int8range",
            "jsonpath",
            "line",
            "lseg",
            "macaddr",
            "macaddr8",
            "money",
            "nummultirange",
            "numrange",
            "oid",
            "oid8",
            "oidvector",
            "path",
            "pg_lsn",
            "pg_snapshot",
            "point",
            "polygon",
            "tid",
            "tsmultirange",
            "tsquery",
            "tsrange",
            "tstzmultirange",
            "tstzrange",
            "tsvector",
            "txid_snapshot",
            "xid",
            "xid8",
            "xml");

    private TextRoutes() {}

    /**
     * Whether a column's values are texts to be read as values of that column, whatever they are: not the texts of values of
     * the same type.
     */
    static boolean readsLikeText(Schema schema, Column source, PgColumn target) {
        if (source.type() == Scalar.TEXT) {
            return true;
        }
        return source.type() instanceof Type.Native from
                && (isText(from.name())
                        || !schema.wireFormat().equals(TransferChooser.WIRE_FORMAT)
                        || (PgTypes.named(from.name()).isPresent()
                                && !source.declaredType().equals(target.declaredType())));
    }

    /** Whether a value of this column, once it is a text, may be given to the server to be read as one of that column. */
    static boolean exists(Schema schema, Column source, PgType target) {
        if (source.type() instanceof Type.Native && !schema.wireFormat().equals(TransferChooser.WIRE_FORMAT)) {
            return target.effective().oid() != CHAR_OID;
        }
        return exists(source.type(), target.effective());
    }

    private static boolean exists(Type from, PgType to) {
        if (from == Scalar.TEXT) {
            return to.oid() != CHAR_OID;
        }
        Type known = PgTypes.spiType(to);
        if (known == Scalar.TEXT || (from.equals(known) && !(from instanceof Type.Native))) {
            return true;
        }
        if (from instanceof Type.Array array) {
            return to.isArray()
                    && element(to).filter(e -> exists(array.element(), e)).isPresent();
        }
        return from instanceof Scalar scalar ? ofScalar(scalar, to, known) : ofNative(((Type.Native) from).name(), to);
    }

    private static Optional<PgType> element(PgType array) {
        return array.parts().element().map(PgType::effective);
    }

    private static boolean ofScalar(Scalar from, PgType to, Type known) {
        if (known instanceof Scalar scalar) {
            return switch (scalar) {
                case JSON, JSONB -> NUMBERS.contains(from) || from == Scalar.JSON || from == Scalar.JSONB;
                case BOOL -> NUMBERS.contains(from);
                case INTERVAL, TIMETZ -> from == Scalar.TIME;
                default -> Conversions.between(from, scalar).isPresent() || ZoneConversions.needsZone(from, scalar);
            };
        }
        return switch (to.name()) {
            case "money" -> NUMBERS.contains(from);
            case "oid", "xid", "cid" -> INTEGERS.contains(from);
            case "oid8" -> INTEGERS.contains(from) || from == Scalar.DECIMAL;
            default -> false;
        };
    }

    private static boolean ofNative(String from, PgType to) {
        if (isText(from)) {
            return to.oid() != CHAR_OID;
        }
        if (from.equals(to.name()) && (to.builtin() || !hasParts(to))) {
            return true;
        }
        Optional<Type> known = PgTypes.named(from);
        if (known.isPresent()) {
            return exists(known.get(), to);
        }
        if (from.endsWith("[]") && to.isArray()) {
            String element = from.substring(0, from.length() - 2);
            return to.parts()
                    .element()
                    .filter(e -> ofNative(element, e.effective()))
                    .isPresent();
        }
        return SAME.getOrDefault(from, Set.of()).contains(to.name()) || isUsersOwn(from, to);
    }

    /**
     * Whether both are user-defined, so that the target may have different ones with the same names: an enum refuses labels that it
     * lacks, and an extension's type goes by its name. What others are made of {@link UnfitColumn} has compared.
     */
    private static boolean isUsersOwn(String from, PgType to) {
        if (to.builtin() || isBuiltin(from)) {
            return false;
        }
        return switch (to.typtype()) {
            case 'e' -> true;
            case 'b' ->
                isText(to.name())
                        || unqualified(from)
                                .equals(SqlNames.quote(to.catalogName().name()));
            default -> false;
        };
    }

    /** Whether a name is not enough to tell what its values are. */
    private static boolean hasParts(PgType type) {
        return type.typtype() == 'c' || type.typtype() == 'r' || type.typtype() == 'm';
    }

    /** A type's name in quotes, without its schema. */
    private static String unqualified(String name) {
        Matcher matcher = LAST_PART.matcher(name);
        String last = matcher.matches() ? matcher.group(1) : name;
        return last.startsWith("\"") ? last : SqlNames.quote(last);
    }

    private static boolean isText(String name) {
        return TEXTS.contains(name) || name.endsWith(".citext");
    }

    private static boolean isBuiltin(String name) {
        String element = name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
        return NATIVES.contains(element)
                || element.startsWith("reg")
                || PgTypes.named(element).isPresent();
    }
}
