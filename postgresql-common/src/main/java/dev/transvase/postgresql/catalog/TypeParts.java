package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgType.Parts;
import dev.transvase.postgresql.catalog.PgTypes.Raw;
import dev.transvase.postgresql.sql.SqlNames;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds out what types are made of: the elements of arrays, the attributes of composites, and how many decimal places money
 * has, which is a setting of the database and part of what its values mean.
 */
final class TypeParts {

    /**
     * One unit of money as the database's own {@code lc_monetary} has it, whatever this session has set: how many of its
     * smallest pieces it is. The list is evaluated from left to right.
     */
    private static final String ONE = "SELECT pg_catalog.set_config('lc_monetary', s.reset_val, true),"
            + " pg_catalog.encode(pg_catalog.cash_send(pg_catalog.money(s.one)), 'hex'),"
            + " pg_catalog.set_config('lc_monetary', s.setting, true)"
            + " FROM (SELECT v.reset_val, v.setting, 1::pg_catalog.int4 AS one FROM pg_catalog.pg_settings v"
            + " WHERE v.name = 'lc_monetary' OFFSET 0) s";

    /** How the detail of money starts. */
    private static final String MONEY = "with ";

    private final Map<Integer, PgType> elements;
    private final Map<Integer, List<PgColumn>> attributes;
    private final String money;

    private TypeParts(Map<Integer, PgType> elements, Map<Integer, List<PgColumn>> attributes, String money) {
        this.elements = elements;
        this.attributes = attributes;
        this.money = money;
    }

    /** Loads what is needed for these types, which are no domains. Blocks on the server, if there is anything to ask. */
    static TypeParts of(PostgresSession session, List<Raw> types) throws SQLException {
        List<Integer> elements = types.stream()
                .map(t -> t.type().elementOid())
                .filter(oid -> oid != 0)
                .toList();
        List<Integer> relations =
                types.stream().map(Raw::relation).filter(oid -> oid != 0).toList();
        return new TypeParts(
                PgTypes.load(session, elements),
                relations.isEmpty() ? Map.of() : TableCatalog.columns(session, relations),
                types.stream().anyMatch(Raw::isMoney) ? decimalPlaces(session) : "");
    }

    /**
     * The parts of this type, or of a domain over it.
     *
     * @param modifier of a domain the modifier of this type
     * @param declared how a statement would declare this type with it
     */
    Parts of(Raw type, int modifier, String declared) {
        Optional<PgType> element = Optional.ofNullable(elements.get(type.type().elementOid()));
        List<PgColumn> own = attributes.getOrDefault(type.relation(), List.of());
        return new Parts(element, own, modifier, declared, detail(type, element, own));
    }

    private String detail(Raw type, Optional<PgType> element, List<PgColumn> own) {
        if (type.isMoney()) {
            return money;
        }
        return switch (type.type().typtype()) {
            case 'c' ->
                own.stream()
                        .map(a -> SqlNames.quote(a.name()) + ' ' + shape(a.type(), a.declaredType()))
                        .collect(Collectors.joining(", ", "(", ")"));
            case 'r' ->
                type.type().builtin()
                        ? ""
                        : "range " + element.map(TypeParts::inBrackets).orElse("()");
            case 'm' ->
                type.type().builtin()
                        ? ""
                        : "multirange " + element.map(TypeParts::inBrackets).orElse("()");
            default -> element.map(TypeParts::ofArray).orElse("");
        };
    }

    private static String inBrackets(PgType subtype) {
        return '(' + shape(subtype, subtype.parts().declaredBase()) + ')';
    }

    /** Of an array of domains, too: its name does not tell what the domain is over. */
    private static String ofArray(PgType element) {
        boolean reported = element.typtype() == 'd' || !element.parts().detail().isEmpty();
        return reported ? shape(element, element.parts().declaredBase()) + "[]" : "";
    }

    /**
     * A type as a declaration would have it, with what it is made of in place of a name of the user's own.
     *
     * @param declared with its modifier, of a domain the base
     */
    private static String shape(PgType type, String declared) {
        PgType base = type.effective();
        String detail = base.parts().detail();
        if (detail.startsWith(MONEY)) {
            return declared + ' ' + detail;
        }
        if (!detail.isEmpty()) {
            return detail;
        }
        boolean builtin =
                base.parts().element().map(PgType::effective).orElse(base).builtin();
        return builtin ? declared : unqualified(base);
    }

    private static String unqualified(PgType type) {
        return type.isArray()
                ? type.parts()
                        .element()
                        .map(e -> SqlNames.quote(e.catalogName().name()) + "[]")
                        .orElse(type.name())
                : SqlNames.quote(type.catalogName().name());
    }

    private static String decimalPlaces(PostgresSession session) throws SQLException {
        List<String> hex = new ArrayList<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(ONE)) {
            while (row.next()) {
                hex.add(row.getString(2));
            }
        }
        String digits = Long.toString(HexFormat.fromHexDigitsToLong(hex.get(0)));
        return MONEY + (digits.length() - 1) + " decimal places";
    }
}
