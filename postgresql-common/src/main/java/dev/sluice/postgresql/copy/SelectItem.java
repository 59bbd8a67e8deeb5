package dev.sluice.postgresql.copy;

import dev.sluice.postgresql.PgType;
import dev.sluice.spi.Type;

/**
 * One column of a SELECT.
 *
 * @param expression as SQL
 * @param asText the same in the server's own output form, as text; the expression itself when it has only one form
 * @param typeOid the type that the expression gives, in place of a domain its base
 */
public record SelectItem(String expression, String asText, int typeOid) {

    private static final int BYTEA_OID = 17;
    private static final int TEXT_OID = 25;
    private static final int XML_OID = 142;
    private static final int XML_ARRAY_OID = 143;

    /**
     * An expression whose type is known. For a native type the text is what the type's output function prints: a cast to
     * text is not the same for all types, {@code inet} for one.
     *
     * @param bytes whether texts are to be sent as the bytes that they are: out of a database without an encoding the server
     *     sends no others than UTF-8, and does not say which column has them
     */
    public static SelectItem of(String expression, PgType pgType, Type type, boolean bytes) {
        boolean isText = type == Type.Scalar.TEXT || type == Type.Scalar.JSON;
        if (!(type instanceof Type.Native) && !(bytes && isText)) {
            return new SelectItem(expression, expression, pgType.effective().oid());
        }
        String text = text(expression, pgType.effective());
        String sent = bytes ? "pg_catalog.convert_to(" + text + ", 'SQL_ASCII')" : text;
        return isText
                ? new SelectItem(sent, sent, BYTEA_OID)
                : new SelectItem(expression, sent, pgType.effective().oid());
    }

    /** As a statement has it. */
    String sql(boolean wire) {
        return wire ? expression : asText;
    }

    /** Whether values of this type are what is expected there. */
    boolean gives(int oid, boolean wire) {
        return sql(wire).equals(expression) ? oid == typeOid : oid == TEXT_OID || oid == BYTEA_OID;
    }

    private static String text(String expression, PgType base) {
        // The output function of xml leaves the declaration out.
        if (base.oid() == XML_OID) {
            return '(' + expression + ")::pg_catalog.text";
        }
        if (base.oid() == XML_ARRAY_OID) {
            return "pg_catalog.textin(pg_catalog.array_out((" + expression + ")::pg_catalog.text[]))";
        }
        // The output functions of enums and arrays are polymorphic and do not look through a domain. A cast to a pseudo
        // type such as record does not exist, and is not needed.
        String value = base.typtype() == 'p' ? expression : '(' + expression + ")::" + base.name();
        return "pg_catalog.textin(" + base.outputFunction() + '(' + value + "))";
    }
}
