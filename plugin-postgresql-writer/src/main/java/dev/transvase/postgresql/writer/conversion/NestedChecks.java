package dev.transvase.postgresql.writer.conversion;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import java.util.List;
import java.util.Optional;

/** Checks of texts of arrays, composites, ranges and multiranges: those of what they are made of. */
public final class NestedChecks {

    private static final int BOX_OID = 603;
    private static final Optional<TextCheck> NONE = Optional.empty();

    private final LeafChecks leaves;

    /** @param leaves the checks of what is made of nothing else */
    public NestedChecks(LeafChecks leaves) {
        this.leaves = leaves;
    }

    /** Finds the checks of types that are made of nothing else. */
    @FunctionalInterface
    public interface LeafChecks {

        /**
         * The check of texts of this type; empty when there is none.
         *
         * @param type never a domain
         * @param typmod the type's modifier
         * @param declared for messages
         */
        public Optional<TextCheck> of(PgType type, int typmod, String declared);
    }

    /**
     * The check of texts of this type; empty when there is none.
     *
     * @param typmod the type's modifier, of a domain the modifier of its base
     * @param declared for messages
     */
    public Optional<TextCheck> of(PgType type, int typmod, String declared) {
        PgType base = type.effective();
        return switch (base.typtype()) {
            case 'c' -> ofComposite(base);
            case 'r' -> ofRange(base);
            case 'm' -> ofMultirange(base);
            default -> base.isArray() ? ofArray(base, typmod, declared) : leaves.of(base, typmod, declared);
        };
    }

    private Optional<TextCheck> ofComposite(PgType composite) {
        List<PgColumn> attributes = composite.parts().attributes();
        List<Optional<TextCheck>> checks = attributes.stream()
                .map(a -> of(a.type(), a.typmod(), a.declaredType()))
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

    private Optional<TextCheck> ofArray(PgType array, int typmod, String declared) {
        if (array.parts().element().isEmpty()) {
            return NONE;
        }
        PgColumn element = element("", array, typmod, declared);
        Optional<TextCheck> check = of(element.type(), element.typmod(), element.declaredType());
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

    private Optional<TextCheck> ofRange(PgType range) {
        Optional<TextCheck> check = ofSubtype(range);
        return check.isEmpty() ? NONE : Optional.of(text -> checkBounds(check, text));
    }

    private Optional<TextCheck> ofMultirange(PgType multirange) {
        Optional<TextCheck> check = ofSubtype(multirange);
        return check.isEmpty()
                ? NONE
                : Optional.of(text -> {
                    for (String range : TextLiterals.multirange(text).orElse(List.of())) {
                        checkBounds(check, range);
                    }
                });
    }

    private Optional<TextCheck> ofSubtype(PgType range) {
        return range.parts().element().flatMap(e -> of(e, e.parts().modifier(), e.name()));
    }

    private static void checkBounds(Optional<TextCheck> check, String range) throws BadValueException {
        for (String bound : TextLiterals.range(range).orElse(List.of())) {
            check(check, bound, "bound");
        }
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
