package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.IGNORED_PARAMETER;
import static dev.transvase.core.error.CoreErrors.INVALID_PARAMETER;
import static dev.transvase.core.error.CoreErrors.UNSUPPORTED_JOB;
import static dev.transvase.spi.error.CommonErrors.CONFLICTING_PARAMETERS;
import static dev.transvase.spi.error.CommonErrors.MISSING_PARAMETER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
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
    private static final List<String> MOVED = List.of("table", "querySql", "datasource", "username", "password");

    private final Fields parameter;
    private final boolean several;
    private final Problems problems;
    private final JdbcUrls urls;
    private final JobPlace place;
    private final Map<List<String>, Database> databases = new LinkedHashMap<>();

    /** The largest number of databases in any one connection. */
    private int mostOfOne;

    /**
     * @param parameter a step's parameters, which {@link #move} changes
     * @param several whether the step may have more than one database
     */
    Connections(Fields parameter, boolean several, JdbcUrls urls, JobPlace place) {
        this.parameter = parameter;
        this.several = several;
        this.problems = parameter.problems();
        this.urls = urls;
        this.place = place;
    }

    /**
     * A text of the file.
     *
     * @param path where it stands
     */
    private record Placed(String text, String path) {}

    /** A database, by the URL or the name it is given, and what is read from it. */
    private record Database(
            String place, List<Placed> urls, List<Placed> names, List<Placed> tables, List<Placed> queries) {}

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
            // What the step lacks now stands in the connection, or would if that were right.
            MOVED.forEach(key -> problems.silence(parameter.pathOf(key)));
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
        Optional<DataSourceSpec> own = database.urls().stream().findFirst().flatMap(url -> own(to, url.text()));
        database.urls().stream().findFirst().ifPresent(url -> moved(url, to.pathOf("jdbcUrl")));
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
                    parameter.pathOf(CONNECTION), MISSING_PARAMETER, "must not be empty", "give jdbcUrl and table");
        }
        return connections;
    }

    private void collect(Fields connection, String place) {
        connection.only(KNOWN, List.of());
        List<Placed> given = texts(connection, "jdbcUrl");
        Set<String> alternatives = new LinkedHashSet<>(
                urls.alternatives(given.stream().map(Placed::text).toList()));
        List<Placed> names = distinct(texts(connection, "datasource"));
        mostOfOne = Math.max(mostOfOne, alternatives.size() + names.size());
        List<String> key = Stream.of(
                        alternatives,
                        List.of(""),
                        names.stream().map(Placed::text).toList())
                .flatMap(Collection::stream)
                .toList();
        Database database = databases.computeIfAbsent(
                key,
                k -> new Database(
                        place,
                        alternatives.stream()
                                .map(url -> new Placed(url, given.get(0).path()))
                                .toList(),
                        names,
                        new ArrayList<>(),
                        new ArrayList<>()));
        List<Placed> queries = texts(connection, "querySql");
        List<Placed> tables = texts(connection, "table");
        database.queries().addAll(queries);
        database.tables().addAll(tables);
        if (queries.isEmpty() && tables.isEmpty()) {
            refuseBlank(connection, "table");
        }
        if (given.isEmpty()
                && names.isEmpty()
                && !refuseBlank(connection, "jdbcUrl")
                && !refuseBlank(connection, "datasource")) {
            connection.present("jdbcUrl", "give the database" + urls.example(", for example "));
        }
    }

    /** Whether {@code key} is given; holding nothing is an error. */
    private boolean refuseBlank(Fields connection, String key) {
        if (connection.has(key) && isBlank(connection.json().get(key))) {
            problems.error(connection.pathOf(key), MISSING_PARAMETER, "must not be empty", "");
        }
        return connection.has(key);
    }

    private static boolean isBlank(JsonNode given) {
        boolean blank =
                given.isNull() || (given.isTextual() && given.textValue().isBlank());
        return blank || (given.isArray() && given.valueStream().allMatch(Connections::isBlank));
    }

    private static List<Placed> distinct(List<Placed> texts) {
        Map<String, Placed> distinct = new LinkedHashMap<>();
        texts.forEach(text -> distinct.putIfAbsent(text.text(), text));
        return List.copyOf(distinct.values());
    }

    /** A text or a list of texts, without blank ones; anything else is an error. */
    private List<Placed> texts(Fields connection, String key) {
        JsonNode given = connection.json().path(key);
        List<Placed> texts = new ArrayList<>();
        if (given.isArray()) {
            for (int i = 0; i < given.size(); i++) {
                add(given.get(i), key, JsonPath.index(connection.pathOf(key), i), texts);
            }
        } else if (connection.has(key)) {
            add(given, key, connection.pathOf(key), texts);
        }
        return texts;
    }

    private void add(JsonNode given, String key, String path, List<Placed> texts) {
        if (isBlank(given)) {
            return;
        }
        if (!given.isTextual()) {
            problems.error(path, INVALID_PARAMETER, "expected a text, found " + Shown.kind(given), "");
        } else if (key.equals("table") && parameter.shape() == JobShape.DATAX) {
            DataXTables.expand(given.textValue(), path, problems).forEach(table -> texts.add(new Placed(table, path)));
        } else {
            texts.add(new Placed(given.textValue(), path));
        }
    }

    private boolean countFits() {
        int databases = Math.max(mostOfOne, several ? 1 : this.databases.size());
        if (databases > 1) {
            // A URL may hold a password, so it is not repeated.
            problems.error(
                    parameter.pathOf(CONNECTION),
                    UNSUPPORTED_JOB,
                    "names " + databases + " different databases, but "
                            + (several ? "each connection has one" : "a step connects to one"),
                    (several ? "give each its own connection" : "write a separate job for each")
                            + "; several hosts of one database go into one URL"
                            + urls.exampleOfHosts(": "));
        }
        return databases <= 1;
    }

    /** Sets a parameter that {@code connection} gave; one value stands alone, several are a list. */
    private void put(Fields to, String key, List<Placed> values) {
        ObjectNode json = to.json();
        if (values.isEmpty()) {
            return;
        }
        boolean same = values.size() == 1
                && json.path(key).asText().equals(values.get(0).text());
        if (to.has(key) && !same && key.equals("querySql") && to.shape() == JobShape.DATAX) {
            problems.warn(to.pathOf(key), IGNORED_PARAMETER, "has no effect beside that of `connection`", "");
        } else if (to.has(key) && !same) {
            problems.error(
                    to.pathOf(key),
                    CONFLICTING_PARAMETERS,
                    "is given both here and in `connection`",
                    "keep one of the two");
            return;
        }
        if (values.size() == 1) {
            json.put(key, values.get(0).text());
            moved(values.get(0), to.pathOf(key));
            moved(values.get(0), JsonPath.index(to.pathOf(key), 0)); // a list of one
        } else {
            ArrayNode list = json.putArray(key);
            for (Placed value : values) {
                moved(value, JsonPath.index(to.pathOf(key), list.size()));
                list.add(value.text());
            }
        }
    }

    /** Of several databases each has a step of its own with the same path. */
    private void moved(Placed from, String path) {
        if (databases.size() == 1) {
            problems.moved(from.path(), path);
        }
    }

    private Optional<DataSourceSpec> own(Fields to, String url) {
        if (to.has("datasource")) {
            problems.error(
                    to.pathOf("datasource"),
                    CONFLICTING_PARAMETERS,
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
