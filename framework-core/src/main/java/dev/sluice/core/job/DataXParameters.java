package dev.sluice.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/** What DataX lets a step's parameters be beyond what a step type takes, put into its usual form. */
final class DataXParameters {

    private static final String ENCODING = "mandatoryEncoding";
    private static final Set<String> UTF_8 = Set.of("", "utf-8", "utf8");

    private DataXParameters() {}

    /** Changes them in place: a lone {@code column} becomes a list, {@code where} loses a semicolon at its end. */
    static void adapt(Fields parameter) {
        JsonNode column = parameter.json().path("column");
        if (column.isTextual()) {
            parameter.json().putArray("column").add(column);
        }
        JsonNode where = parameter.json().path("where");
        if (where.isTextual()) {
            parameter.json().put("where", where.textValue().strip().replaceFirst("[;\\uFF1B]$", ""));
        }
        refuseEncoding(parameter);
    }

    /** DataX reads the bytes of texts anew in that encoding, which nothing else would do. */
    private static void refuseEncoding(Fields parameter) {
        String encoding = parameter.json().path(ENCODING).asText("").strip();
        if (!UTF_8.contains(encoding.toLowerCase(Locale.ROOT))) {
            parameter.json().remove(ENCODING);
            parameter
                    .problems()
                    .error(
                            parameter.pathOf(ENCODING),
                            "UNSUPPORTED_JOB",
                            "texts cannot be read in another encoding than the database's",
                            "remove it; if the database's encoding is wrong, convert in a column:"
                                    + " convert_from(convert_to(name, 'LATIN1'), 'GBK')");
        }
    }
}
