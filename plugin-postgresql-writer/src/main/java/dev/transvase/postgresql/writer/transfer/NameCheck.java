package dev.transvase.postgresql.writer.transfer;

import static dev.transvase.postgresql.writer.conversion.BadValueException.OUT_OF_RANGE;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.writer.conversion.BadValueException;
import dev.transvase.postgresql.writer.conversion.NestedChecks;
import dev.transvase.postgresql.writer.conversion.TextChecks;
import dev.transvase.postgresql.writer.conversion.ValueCheck;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import java.util.Optional;
import java.util.Set;

/**
 * Checks names of objects ({@code regclass} and the like), also within arrays, composites and ranges: the server prints one that it
 * does not have as a number, which it would read as the number of another object.
 */
final class NameCheck {

    private static final Set<String> TYPES = Set.of(
            "regclass",
            "regcollation",
            "regconfig",
            "regdatabase",
            "regdictionary",
            "regnamespace",
            "regoper",
            "regoperator",
            "regproc",
            "regprocedure",
            "regrole",
            "regtype");

    private static final NestedChecks CHECKS = new NestedChecks(
            (type, typmod, declared) -> isName(type) ? Optional.of(NameCheck::check) : Optional.empty());

    private NameCheck() {}

    /** The check of names that another server has printed; empty when this column has none, or gets texts of the user's own. */
    static Optional<ValueCheck> of(Schema schema, Column source, PgColumn target) {
        return source.type() instanceof Type.Native && !TextRoutes.readsLikeText(schema, source, target)
                ? CHECKS.of(target.type(), target.typmod(), target.declaredType())
                        .map(check -> (cursor, column) -> check.check(TextChecks.text(cursor, column)))
                : Optional.empty();
    }

    private static boolean isName(PgType type) {
        return type.builtin() && TYPES.contains(type.name());
    }

    private static void check(String name) throws BadValueException {
        if (isNumber(name)) {
            throw new BadValueException(
                    OUT_OF_RANGE,
                    "value " + name
                            + " is a number instead of a name, as for an object that no longer exists at the"
                            + " source; at the target the number may belong to another object");
        }
    }

    /** A name that looks like one is in quotes. No object has the number 0, which some of the types print for none. */
    private static boolean isNumber(String text) {
        return !text.isEmpty() && !text.equals("0") && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
