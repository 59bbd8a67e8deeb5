package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.UNSUPPORTED_JOB;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.JsonPath;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DataX and Addax let a step's parameters be beyond what a step type takes, put into its usual form. */
final class DataXParameters {

    private static final String ENCODING = "mandatoryEncoding";
    private static final Set<String> UTF_8 = Set.of("", "utf-8", "utf8");
    private static final String TABLE = "table";
    private static final String WRITE_MODE = "writeMode";

    /** Addax's upsert, with the columns of the unique key, if it gives them. */
    private static final Pattern UPDATE =
            Pattern.compile("update\\s*(?:\\((.*)\\))?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final Fields parameter;

    DataXParameters(Fields parameter) {
        this.parameter = parameter;
    }

    /** Changes them in place. */
    void adapt() {
        ObjectNode json = parameter.json();
        JsonNode column = json.path("column");
        if (column.isTextual()) {
            json.putArray("column").add(column);
        }
        JsonNode where = json.path("where");
        if (where.isTextual()) {
            json.put("where", where.textValue().strip().replaceFirst("[;\\uFF1B]$", ""));
        }
        expandTables();
        adaptUpdate();
        refuseDryRun(parameter);
        refuseEncoding();
    }

    /** Those of {@code connection} are expanded when it is taken apart. */
    private void expandTables() {
        ObjectNode json = parameter.json();
        JsonNode given = json.path(TABLE);
        List<JsonNode> written =
                given instanceof ArrayNode list ? List.copyOf(list.valueStream().toList()) : List.of(given);
        if (!given.isTextual() && !given.isArray()) {
            return;
        }
        ArrayNode expanded = json.arrayNode();
        for (int i = 0; i < written.size(); i++) {
            JsonNode table = written.get(i);
            String path = given.isArray() ? JsonPath.index(parameter.pathOf(TABLE), i) : parameter.pathOf(TABLE);
            if (table.isTextual() && !table.textValue().isBlank()) {
                DataXTables.expand(table.textValue(), path, parameter.problems())
                        .forEach(expanded::add);
            } else {
                expanded.add(table);
            }
        }
        json.set(TABLE, given.isTextual() && expanded.size() == 1 ? expanded.get(0) : expanded);
    }

    private void adaptUpdate() {
        ObjectNode json = parameter.json();
        Matcher update = UPDATE.matcher(json.path(WRITE_MODE).asText("").strip());
        if (!update.matches()) {
            return;
        }
        json.put(WRITE_MODE, "upsert");
        if (update.group(1) != null && !json.has("conflictKey")) {
            ArrayNode key = json.putArray("conflictKey");
            DataXTables.split(update.group(1)).forEach(key::add);
        }
    }

    /** Refuses what asks for the job's checks alone. */
    static void refuseDryRun(Fields holder) {
        JsonNode dryRun = holder.json().remove("dryRun");
        if (dryRun != null && dryRun.asBoolean()) {
            holder.problems()
                    .error(
                            holder.pathOf("dryRun"),
                            UNSUPPORTED_JOB,
                            "the job asks for a check only",
                            "remove it and use `transvase check`");
        }
    }

    /** DataX decodes the bytes of texts again in that encoding, which nothing else would do. */
    private void refuseEncoding() {
        String encoding = parameter.json().path(ENCODING).asText("").strip();
        if (!UTF_8.contains(encoding.toLowerCase(Locale.ROOT))) {
            parameter.json().remove(ENCODING);
            parameter
                    .problems()
                    .error(
                            parameter.pathOf(ENCODING),
                            UNSUPPORTED_JOB,
                            "texts cannot be read in an encoding other than the database's",
                            "remove it; if the database's encoding is wrong, convert in a column:"
                                    + " convert_from(convert_to(name, 'LATIN1'), 'GBK')");
        }
    }
}
