package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PgType;
import java.util.List;
import java.util.Optional;

/** Checks of texts of arrays, composites and ranges: those of what they are made of. */
final class NestedChecks {

    private static final int BOX_OID = 603;
    private static final Optional<TextCheck> NONE = Optional.empty();

    private NestedChecks() {}

    static Optional<TextCheck> ofComposite(PgType composite) {
        List<PgColumn> attributes = composite.parts().attributes();
        List<Optional<TextCheck>> checks = attributes.stream()
                .map(a -> TextChecks.of(a.type(), a.typmod(), a.declaredType()))
                .toList();
        if (checks.stream().allMatch(Optional::isEmpty)) {
            return NONE;
        }
        return Optional.of(text -> {
            Optional<List<String>> fields = TextLiterals.composite(text);
            if (fields.isPresent() && fields.get().size() == checks.size()) {
                for (int i = 0; i < checks.size(); i++) {
                    check(
                            checks.get(i),
                            fields.get().get(i),
                            "attribute " + attributes.get(i).name());
                }
            }
        });
    }

    static Optional<TextCheck> ofArray(PgType array, int typmod, String declared) {
        if (array.parts().element().isEmpty()) {
            return NONE;
        }
        PgColumn element = element("", array, typmod, declared);
        Optional<TextCheck> check = TextChecks.of(element.type(), element.typmod(), element.declaredType());
        char delimiter = element.type().effective().oid() == BOX_OID ? ';' : ',';
        return check.isEmpty()
                ? NONE
                : Optional.of(text -> {
                    List<String> elements = TextLiterals.array(text, delimiter).orElse(List.of());
                    for (int i = 0; i < elements.size(); i++) {
                        check(check, elements.get(i), "element " + (i + 1));
                    }
                });
    }

    static Optional<TextCheck> ofRange(PgType range) {
        Optional<TextCheck> check = range.parts().element().flatMap(e -> TextChecks.of(e, -1, e.name()));
        return check.isEmpty()
                ? NONE
                : Optional.of(text -> {
                    for (String bound : TextLiterals.range(text).orElse(List.of())) {
                        check(check, bound, "bound");
                    }
                });
    }

    private static void check(Optional<TextCheck> check, String value, String where) throws BadValueException {
        if (check.isPresent() && value != null) {
            try {
                check.get().check(value);
            } catch (BadValueException e) {
                throw new BadValueException(e.sqlState(), where + ": " + e.getMessage());
            }
        }
    }

    /** An array's element as a column of its own: a domain has its own modifier, all others have the array's. */
    static PgColumn element(String name, PgType array, int typmod, String declared) {
        PgType type = array.parts().element().orElse(array);
        boolean domain = type.typtype() == 'd';
        return new PgColumn(
                name,
                type.oid(),
                domain ? type.parts().modifier() : typmod,
                domain ? type.name() : declared.replace("[]", ""),
                false,
                false,
                false,
                PgColumn.NO_IDENTITY,
                type);
    }
}
