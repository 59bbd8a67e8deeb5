package dev.sluice.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.datasource.DataSourceSpec;
import dev.sluice.core.parameter.JsonPath;
import dev.sluice.core.parameter.Problems;
import dev.sluice.core.parameter.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes {@code connection[]} apart: {@code jdbcUrl}, {@code username} and {@code password} make a data source of the
 * step's own, {@code datasource}, {@code table} and {@code querySql} become parameters of the step.
 *
 * <p>Several connections may name the same database; several databases are one job each.
 */
final class Connections {

    private static final String CONNECTION = "connection";
    private static final List<String> KNOWN = List.of("jdbcUrl", "table", "querySql", "datasource");

    private final Fields parameter;
    private final Problems problems;
    private final Path folder;
    private final Set<String> urls = new LinkedHashSet<>();
    private final Set<String> dataSources = new LinkedHashSet<>();
    private final List<String> tables = new ArrayList<>();
    private final List<String> queries = new ArrayList<>();

    /** @param parameter a step's parameters, which {@link #move} changes */
    Connections(Fields parameter, Path folder) {
        this.parameter = parameter;
        this.problems = parameter.problems();
        this.folder = folder;
    }

    /** Does it; gives the step's own data source when it has one. Without {@code connection} nothing changes. */
    Optional<DataSourceSpec> move() {
        if (!parameter.has(CONNECTION)) {
            return Optional.empty();
        }
        int before = problems.errors().size();
        connections().forEach(this::collect);
        parameter.json().remove(CONNECTION);
        if (problems.errors().size() > before || !oneDatabase()) {
            return Optional.empty();
        }
        put("table", tables);
        put("querySql", queries);
        put("datasource", List.copyOf(dataSources));
        return urls.stream().findFirst().flatMap(this::own);
    }

    private List<Fields> connections() {
        JsonNode given = parameter.json().get(CONNECTION);
        if (given.isObject()) {
            return parameter.object(CONNECTION).stream().toList();
        }
        List<Fields> connections = parameter.objects(CONNECTION);
        if (given.isArray() && given.isEmpty()) {
            problems.error(
                    parameter.pathOf(CONNECTION), "MISSING_PARAMETER", "must not be empty", "give jdbcUrl and table");
        }
        return connections;
    }

    private void collect(Fields connection) {
        connection.only(KNOWN, List.of());
        urls.addAll(texts(connection, "jdbcUrl"));
        dataSources.addAll(texts(connection, "datasource"));
        tables.addAll(texts(connection, "table"));
        queries.addAll(texts(connection, "querySql"));
        if (!connection.has("jdbcUrl") && !connection.has("datasource")) {
            connection.present("jdbcUrl", "give the database, for example jdbc:postgresql://host:5432/database");
        }
    }

    /** A text or a list of texts; anything else is an error. */
    private List<String> texts(Fields connection, String key) {
        JsonNode given = connection.json().path(key);
        List<String> texts = new ArrayList<>();
        if (given.isArray()) {
            for (int i = 0; i < given.size(); i++) {
                add(given.get(i), JsonPath.index(connection.pathOf(key), i), texts);
            }
        } else if (connection.has(key)) {
            add(given, connection.pathOf(key), texts);
        }
        return texts;
    }

    private void add(JsonNode given, String path, List<String> texts) {
        if (!given.isTextual()) {
            problems.error(path, "INVALID_PARAMETER", "expected a text, found " + Shown.kind(given), "");
        } else if (given.textValue().isBlank()) {
            problems.error(path, "MISSING_PARAMETER", "must not be empty", "");
        } else {
            texts.add(given.textValue());
        }
    }

    private boolean oneDatabase() {
        int databases = urls.size() + dataSources.size();
        if (databases > 1) {
            // A URL may hold a password, so it is not repeated.
            problems.error(
                    parameter.pathOf(CONNECTION),
                    "UNSUPPORTED_JOB",
                    "names " + databases + " different databases, but a step connects to one",
                    "make a job of its own for each; several hosts of one database go into one URL:"
                            + " jdbc:postgresql://host1:5432,host2:5432/database");
        }
        return databases <= 1;
    }

    /** Sets a parameter that {@code connection} gave; one value stands alone, several are a list. */
    private void put(String key, List<String> values) {
        ObjectNode json = parameter.json();
        if (values.isEmpty()) {
            return;
        }
        boolean same = values.size() == 1 && json.path(key).asText().equals(values.get(0));
        if (parameter.has(key) && !same) {
            problems.error(
                    parameter.pathOf(key),
                    "CONFLICTING_PARAMETERS",
                    "is given both here and in `connection`",
                    "keep one of the two");
        } else if (values.size() == 1) {
            json.put(key, values.get(0));
        } else {
            values.forEach(json.putArray(key)::add);
        }
    }

    private Optional<DataSourceSpec> own(String url) {
        if (parameter.has("datasource")) {
            problems.error(
                    parameter.pathOf("datasource"),
                    "CONFLICTING_PARAMETERS",
                    "names a data source, but `connection` gives a jdbcUrl",
                    "keep one of the two");
            return Optional.empty();
        }
        ObjectNode entry = parameter.json().objectNode().put("jdbcUrl", url);
        for (String key : List.of("username", "password")) {
            JsonNode given = parameter.json().remove(key);
            if (given != null) {
                entry.set(key, given);
            }
        }
        return Optional.of(new DataSourceSpec("", "", entry, parameter.path(), folder));
    }
}
