package dev.transvase.postgresql.split;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.sql.SqlNames;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Prints composites and arrays with xml in them. The server's output functions leave the declaration of an xml value out,
 * {@code <?xml version="1.0" encoding="..."?>}, while its cast to text keeps it. So rows and arrays are reassembled, with
 * texts in place of xml, and printed then; what reads them cannot tell the difference.
 */
final class XmlInside {

    private static final int XML_OID = 142;

    private XmlInside() {}

    /** Whether values of this type, which is no domain, have xml in them. It may be xml itself. */
    static boolean has(PgType type) {
        return type.oid() == XML_OID
                || element(type).filter(XmlInside::has).isPresent()
                || type.parts().attributes().stream().anyMatch(a -> has(a.type().effective()));
    }

    /** The text of an expression of this type, which is evaluated once. */
    static String text(String expression, PgType type) {
        return text(expression, type, printed -> printed);
    }

    /** @param around makes of what prints the value what prints it under other settings; the value is there by then */
    static String text(String expression, PgType type, UnaryOperator<String> around) {
        return "(SELECT " + around.apply(printed("x.v", type, 0)) + " FROM (SELECT (" + expression + ")::" + type.cast()
                + " AS v OFFSET 0) x)";
    }

    private static Optional<PgType> element(PgType type) {
        return type.isArray() ? type.parts().element().map(PgType::effective) : Optional.empty();
    }

    private static String printed(String value, PgType type, int depth) {
        if (type.oid() == XML_OID) {
            return value + "::pg_catalog.text";
        }
        Optional<PgType> element = element(type);
        return element.isPresent() ? array(value, element.get(), depth) : row(value, type, depth);
    }

    private static String row(String value, PgType type, int depth) {
        // A row of NULLs is no NULL.
        return type.parts().attributes().stream()
                .map(a -> attribute(value, a, depth))
                .collect(Collectors.joining(
                        ", ",
                        "CASE WHEN " + value
                                + " IS DISTINCT FROM NULL THEN pg_catalog.textin(pg_catalog.record_out(ROW(",
                        "))) END"));
    }

    private static String attribute(String value, PgColumn attribute, int depth) {
        String one = "(" + value + ")." + SqlNames.quote(attribute.name());
        PgType type = attribute.type().effective();
        return has(type) ? printed(one, type, depth) : one;
    }

    /** Of several dimensions there is no way to do so, and nothing to lose in silence: the row is refused. */
    private static String array(String value, PgType element, int depth) {
        String i = "i" + depth;
        String texts = "ARRAY(SELECT " + printed("(" + value + ")[" + i + "]", element, depth + 1)
                + " FROM pg_catalog.generate_subscripts(" + value + ", 1) " + i + " ORDER BY " + i + ")";
        String lower = "pg_catalog.array_lower(" + value + ", 1)";
        return "CASE WHEN " + value + " IS NULL THEN NULL"
                + " WHEN pg_catalog.array_ndims(" + value + ") > 1 THEN pg_catalog.textin(pg_catalog.cstring_out("
                + "pg_catalog.int4out(pg_catalog.int4in(pg_catalog.textout('xml in an array of the dimensions '"
                + " || pg_catalog.array_dims(" + value + ") || ' cannot be read with its declaration')))))"
                + " ELSE CASE WHEN " + lower + " <> 1 THEN '[' || " + lower + " || ':' || pg_catalog.array_upper("
                + value
                + ", 1) || ']=' ELSE '' END || pg_catalog.textin(pg_catalog.array_out(" + texts + ")) END";
    }
}
