package dev.transvase.postgresql.split;

import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.split.OutputForms.Setting;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.table.Type;
import java.util.List;
import java.util.StringJoiner;

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
    private static final int REFCURSOR_OID = 1790;
    private static final int CSTRING_OID = 2275;
    private static final int XML_OID = 142;
    private static final int XML_ARRAY_OID = 143;

    /**
     * An expression whose type is known. For a native type the text is what the type's output function prints: a cast to
     * text is not the same for all types, {@code inet} for one.
     */
    public static SelectItem of(String expression, PgType pgType, Type type, OutputForms forms) {
        boolean isText = type == Type.Scalar.TEXT || type == Type.Scalar.JSON;
        boolean bytes = forms.sendsBytes();
        if (!(type instanceof Type.Native) && !(bytes && isText)) {
            return new SelectItem(expression, expression, pgType.effective().oid());
        }
        String text = text(expression, pgType.effective(), forms.settings(pgType));
        String sent = bytes ? "pg_catalog.convert_to(" + text + ", 'SQL_ASCII')" : text;
        return isText
                ? new SelectItem(sent, sent, BYTEA_OID)
                : new SelectItem(expression, sent, pgType.effective().oid());
    }

    /**
     * As a statement has it.
     *
     * @param wire whether in the server's own binary form
     */
    public String sql(boolean wire) {
        return wire ? expression : asText;
    }

    /** Whether values of this type are what is expected there. */
    boolean gives(int oid, boolean wire) {
        return sql(wire).equals(expression) ? oid == typeOid : oid == TEXT_OID || oid == BYTEA_OID;
    }

    private static String text(String expression, PgType base, List<Setting> settings) {
        return settings.isEmpty() ? text(expression, base) : printed(expression, base, settings);
    }

    /**
     * The text under other settings than the session has. The server evaluates arguments and elements from left to right: the
     * expression, which may be SQL of the job's, with the session's own settings, then it sets ours, prints the value, and sets
     * the session's again.
     */
    private static String printed(String expression, PgType base, List<Setting> settings) {
        StringJoiner ours = new StringJoiner(", ");
        StringJoiner own = new StringJoiner(", ");
        settings.forEach(s -> {
            ours.add(set(s.name(), s.needed()));
            own.add(set(s.name(), s.own()));
        });
        if (XmlInside.has(base)) {
            int place = settings.size() + 1;
            return XmlInside.text(
                    expression, base, text -> "(ARRAY[" + ours + ", " + text + ", " + own + "])[" + place + ']');
        }
        String text = "pg_catalog.format('%s', " + expression + ", " + ours + ')';
        // NULL is printed as an empty text, which of the server's own types that depend on settings none prints for a
        // value.
        boolean neverEmpty =
                base.oid() != CSTRING_OID && (base.builtin() || base.typtype() != 'b' || base.elementOid() != 0);
        String nullable = neverEmpty
                ? "NULLIF(" + text + ", '')"
                : "CASE WHEN pg_catalog.num_nulls(" + expression + ") = 0 THEN " + text + " END";
        return "(ARRAY[" + nullable + ", " + own + "])[1]";
    }

    private static String set(String name, String value) {
        return "pg_catalog.set_config('" + name + "', " + SqlNames.literal(value) + ", true)";
    }

    private static String text(String expression, PgType base) {
        // It has the output function of text, which does not take it.
        if (base.oid() == REFCURSOR_OID) {
            return '(' + expression + ")::pg_catalog.text";
        }
        // The output function of xml leaves the declaration out.
        if (base.oid() == XML_OID) {
            return '(' + expression + ")::pg_catalog.text";
        }
        if (base.oid() == XML_ARRAY_OID) {
            return "pg_catalog.textin(pg_catalog.array_out((" + expression + ")::pg_catalog.text[]))";
        }
        if (XmlInside.has(base)) {
            return XmlInside.text(expression, base);
        }
        // The output functions of enums and arrays are polymorphic and do not look through a domain. A cast to a pseudo
        // type such as record does not exist, and is not needed.
        String value = base.typtype() == 'p' ? expression : '(' + expression + ")::" + base.cast();
        return "pg_catalog.textin(" + base.outputFunction() + '(' + value + "))";
    }
}
