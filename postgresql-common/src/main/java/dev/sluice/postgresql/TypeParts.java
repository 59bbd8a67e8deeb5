package dev.sluice.postgresql;

import dev.sluice.postgresql.PgType.Parts;
import dev.sluice.postgresql.PgTypes.Raw;
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

    /** @param modifier of a domain over this type */
    Parts of(Raw type, int modifier) {
        Optional<PgType> element = Optional.ofNullable(elements.get(type.type().elementOid()));
        List<PgColumn> own = attributes.getOrDefault(type.relation(), List.of());
        return new Parts(element, own, modifier, detail(type, element, own));
    }

    private String detail(Raw type, Optional<PgType> element, List<PgColumn> own) {
        if (type.isMoney()) {
            return money;
        }
        if (type.relation() != 0) {
            return own.stream().map(TypeParts::attribute).collect(Collectors.joining(", ", "(", ")"));
        }
        return element.map(e -> e.parts().detail())
                .filter(detail -> !detail.isEmpty())
                .map(detail -> type.type().typtype() == 'r' ? detail : detail + "[]")
                .orElse("");
    }

    /** As a declaration would have it, with what its type is made of in place of a name of the user's own. */
    private static String attribute(PgColumn attribute) {
        PgType type = attribute.type().effective();
        String detail = type.parts().detail();
        String name = SqlNames.quote(attribute.name()) + ' ';
        if (detail.startsWith("(")) {
            return name + detail;
        }
        if (!detail.isEmpty()) {
            return name + attribute.declaredType() + ' ' + detail;
        }
        boolean own = type.parts().element().map(PgType::effective).orElse(type).builtin();
        return name + (own ? attribute.declaredType() : unqualified(type));
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
        return "with " + (digits.length() - 1) + " decimal places";
    }
}
