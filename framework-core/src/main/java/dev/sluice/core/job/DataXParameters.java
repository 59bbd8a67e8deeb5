package dev.sluice.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.parameter.JsonPath;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DataX and Addax let a step's parameters be beyond what a step type takes, put into its usual form. */
final class DataXParameters {

    private static final String ENCODING = "mandatoryEncoding";
    private static final Set<String> UTF_8 = Set.of("", "utf-8", "utf8");
    private static final String CONNECTION = "connection";
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

    private void expandTables() {
        expandTables(parameter);
        if (parameter.json().path(CONNECTION) instanceof ObjectNode) {
            parameter.object(CONNECTION).ifPresent(this::expandTables);
        } else if (parameter.json().path(CONNECTION) instanceof ArrayNode connections) {
            for (int i = 0; i < connections.size(); i++) {
                if (connections.get(i) instanceof ObjectNode connection) {
                    String path = JsonPath.index(parameter.pathOf(CONNECTION), i);
                    expandTables(new Fields(connection, path, parameter.problems(), parameter.shape()));
                }
            }
        }
    }

    private void expandTables(Fields holder) {
        JsonNode given = holder.json().path(TABLE);
        if (given.isTextual()) {
            List<String> tables = DataXTables.expand(given.textValue(), holder.pathOf(TABLE), holder.problems());
            if (tables.size() > 1) {
                tables.forEach(holder.json().putArray(TABLE)::add);
            } else if (tables.size() == 1) {
                holder.json().put(TABLE, tables.get(0));
            }
        } else if (given instanceof ArrayNode list) {
            ArrayNode expanded = holder.json().putArray(TABLE);
            for (int i = 0; i < list.size(); i++) {
                String path = JsonPath.index(holder.pathOf(TABLE), i);
                if (list.get(i).isTextual() && !list.get(i).textValue().isBlank()) {
                    DataXTables.expand(list.get(i).textValue(), path, holder.problems())
                            .forEach(expanded::add);
                } else {
                    expanded.add(list.get(i));
                }
            }
        }
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
                            "UNSUPPORTED_JOB",
                            "the job asks to be checked only",
                            "remove it and use `sluice check`");
        }
    }

    /** DataX reads the bytes of texts anew in that encoding, which nothing else would do. */
    private void refuseEncoding() {
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
