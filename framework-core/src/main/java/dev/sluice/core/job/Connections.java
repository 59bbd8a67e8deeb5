package dev.sluice.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.datasource.DataSourceSpec;
import dev.sluice.core.parameter.JsonPath;
import dev.sluice.core.parameter.Problems;
import dev.sluice.core.parameter.Shown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Takes {@code connection[]} apart: {@code jdbcUrl}, {@code username} and {@code password} make a data source of the
 * step's own, {@code datasource}, {@code table} and {@code querySql} become parameters of the step.
 *
 * <p>Several connections may name the same database, which are read as one. A reader may have several databases, each of
 * which becomes a part of the step; a writer has one.
 */
final class Connections {

    private static final String CONNECTION = "connection";
    private static final List<String> KNOWN = List.of("jdbcUrl", "table", "querySql", "datasource");

    private final Fields parameter;
    private final boolean several;
    private final Problems problems;
    private final JobPlace place;
    private final Map<List<String>, Database> databases = new LinkedHashMap<>();

    /** How many databases the connection has that names most. */
    private int mostOfOne;

    /**
     * @param parameter a step's parameters, which {@link #move} changes
     * @param several whether the step may have more than one database
     */
    Connections(Fields parameter, boolean several, JobPlace place) {
        this.parameter = parameter;
        this.several = several;
        this.problems = parameter.problems();
        this.place = place;
    }

    /** A database, by the URL or the name it is given, and what is read from it. */
    private record Database(
            String place, List<String> urls, List<String> names, List<String> tables, List<String> queries) {}

    /**
     * A step, or a part of one, with one database.
     *
     * @param place where its database is named first, for messages; empty when the step has no other
     * @param dataSource its own data source when it has one
     */
    record Part(String place, ObjectNode parameter, Optional<DataSourceSpec> dataSource) {}

    /** Does it; gives one part for each database, one at least. Without {@code connection} nothing changes. */
    List<Part> move() {
        List<Part> whole = List.of(new Part("", parameter.json(), Optional.empty()));
        if (!parameter.has(CONNECTION)) {
            return whole;
        }
        int before = problems.errors().size();
        List<Fields> connections = connections();
        for (int i = 0; i < connections.size(); i++) {
            collect(connections.get(i), JsonPath.index(CONNECTION, i));
        }
        parameter.json().remove(CONNECTION);
        if (problems.errors().size() > before || !countFits() || databases.isEmpty()) {
            return whole;
        }
        ObjectNode common = parameter.json().deepCopy();
        List<Part> parts = new ArrayList<>();
        for (Database database : databases.values()) {
            ObjectNode json = parts.isEmpty() ? parameter.json() : common.deepCopy();
            parts.add(part(database, parameter.with(json)));
            if (problems.errors().size() > before) {
                return whole;
            }
        }
        return parts;
    }

    private Part part(Database database, Fields to) {
        put(to, "table", database.tables());
        put(to, "querySql", database.queries());
        put(to, "datasource", database.names());
        Optional<DataSourceSpec> own = database.urls().stream().findFirst().flatMap(url -> own(to, url));
        return new Part(databases.size() > 1 ? database.place() : "", to.json(), own);
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

    private void collect(Fields connection, String place) {
        connection.only(KNOWN, List.of());
        Set<String> urls = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        urls.addAll(DataXUrls.alternatives(texts(connection, "jdbcUrl")));
        names.addAll(texts(connection, "datasource"));
        mostOfOne = Math.max(mostOfOne, urls.size() + names.size());
        List<String> key =
                Stream.of(urls, List.of(""), names).flatMap(Collection::stream).toList();
        Database database = databases.computeIfAbsent(
                key,
                k -> new Database(place, List.copyOf(urls), List.copyOf(names), new ArrayList<>(), new ArrayList<>()));
        List<String> queries = texts(connection, "querySql", true);
        database.queries().addAll(queries);
        database.tables().addAll(texts(connection, "table", !queries.isEmpty()));
        if (!connection.has("jdbcUrl") && !connection.has("datasource")) {
            connection.present("jdbcUrl", "give the database, for example jdbc:postgresql://host:5432/database");
        }
    }

    private List<String> texts(Fields connection, String key) {
        return texts(connection, key, false);
    }

    /**
     * A text or a list of texts; anything else is an error.
     *
     * @param blankIsAbsent whether a blank one counts as absent, else it is an error
     */
    private List<String> texts(Fields connection, String key, boolean blankIsAbsent) {
        JsonNode given = connection.json().path(key);
        List<String> texts = new ArrayList<>();
        if (given.isArray()) {
            for (int i = 0; i < given.size(); i++) {
                add(given.get(i), JsonPath.index(connection.pathOf(key), i), blankIsAbsent, texts);
            }
        } else if (connection.has(key)) {
            add(given, connection.pathOf(key), blankIsAbsent, texts);
        }
        return texts;
    }

    private void add(JsonNode given, String path, boolean blankIsAbsent, List<String> texts) {
        if (!given.isTextual()) {
            problems.error(path, "INVALID_PARAMETER", "expected a text, found " + Shown.kind(given), "");
        } else if (!given.textValue().isBlank()) {
            texts.add(given.textValue());
        } else if (!blankIsAbsent) {
            problems.error(path, "MISSING_PARAMETER", "must not be empty", "");
        }
    }

    private boolean countFits() {
        int databases = Math.max(mostOfOne, several ? 1 : this.databases.size());
        if (databases > 1) {
            // A URL may hold a password, so it is not repeated.
            problems.error(
                    parameter.pathOf(CONNECTION),
                    "UNSUPPORTED_JOB",
                    "names " + databases + " different databases, but "
                            + (several ? "each connection has one" : "a step connects to one"),
                    (several ? "give each a connection of its own" : "make a job of its own for each")
                            + "; several hosts of one database go into one URL:"
                            + " jdbc:postgresql://host1:5432,host2:5432/database");
        }
        return databases <= 1;
    }

    /** Sets a parameter that {@code connection} gave; one value stands alone, several are a list. */
    private void put(Fields to, String key, List<String> values) {
        ObjectNode json = to.json();
        if (values.isEmpty()) {
            return;
        }
        boolean same = values.size() == 1 && json.path(key).asText().equals(values.get(0));
        if (to.has(key) && !same) {
            problems.error(
                    to.pathOf(key),
                    "CONFLICTING_PARAMETERS",
                    "is given both here and in `connection`",
                    "keep one of the two");
        } else if (values.size() == 1) {
            json.put(key, values.get(0));
        } else {
            values.forEach(json.putArray(key)::add);
        }
    }

    private Optional<DataSourceSpec> own(Fields to, String url) {
        if (to.has("datasource")) {
            problems.error(
                    to.pathOf("datasource"),
                    "CONFLICTING_PARAMETERS",
                    "names a data source, but `connection` gives a jdbcUrl",
                    "keep one of the two");
            return Optional.empty();
        }
        ObjectNode entry = to.json().objectNode().put("jdbcUrl", url);
        Set<String> literal = new LinkedHashSet<>(Set.of("jdbcUrl"));
        for (String key : List.of("username", "password")) {
            JsonNode given = to.json().remove(key);
            if (given != null) {
                entry.set(key, given);
            }
            if (!place.references().contains(to.pathOf(key))) {
                literal.add(key);
            }
        }
        return Optional.of(new DataSourceSpec("", "", entry, to.path(), literal, place.folder()));
    }
}
