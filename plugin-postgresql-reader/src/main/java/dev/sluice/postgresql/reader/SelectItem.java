package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PgType;
import dev.sluice.spi.Type;

/**
 * One column of a SELECT.
 *
 * @param expression as SQL
 * @param asText the same in the server's own output form, as text; the expression itself when it has only one form
 */
record SelectItem(String expression, String asText) {

    /**
     * An expression whose type is known. For a native type the text is what the type's output function prints: a cast to
     * text is not the same for all types, {@code inet} for one.
     */
    static SelectItem of(String expression, PgType pgType, Type type) {
        if (!(type instanceof Type.Native)) {
            return new SelectItem(expression, expression);
        }
        PgType base = pgType.effective();
        // The output functions of enums and arrays are polymorphic and do not look through a domain. A cast to a pseudo
        // type such as record does not exist, and is not needed.
        String value = base.typtype() == 'p' ? expression : '(' + expression + ")::" + base.name();
        return new SelectItem(expression, "pg_catalog.textin(" + base.outputFunction() + '(' + value + "))");
    }
}
