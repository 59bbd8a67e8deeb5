package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.datasource.DataSourcesFile;
import dev.transvase.core.job.JobFile;
import dev.transvase.core.parameter.ParameterDescription;
import dev.transvase.core.parameter.ParameterDescription.Entry;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.InstalledPlugin;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.StepType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every parameter that there is, as its description has it, with every kind of value that it does not take: the outcome
 * is a default or errors that name its place, never anything else. A new parameter is tested without a change here.
 */
class ParameterValuesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PluginCatalog PLUGINS = TestingJobs.plugins();

    private static final String POSTGRES = """
            {"type": "job", "version": "2.0", "steps": [
              {"stepType": "postgresql", "name": "Reader", "category": "reader", "parameter": {
                "datasource": "shop", "table": "orders", "column": ["id"]}},
              {"stepType": "postgresql", "name": "Writer", "category": "writer", "parameter": {
                "datasource": "shop", "table": "orders", "column": ["id"], "pgType": {"id": "jsonb"}}}],
             "setting": {"errorLimit": {"record": 1}, "speed": {"concurrent": 2, "throttle": true, "mbps": 1}}}""";

    private static final String CHANGES = """
            {"type": "job", "version": "2.0", "steps": [
              {"stepType": "postgresql-cdc", "name": "Reader", "category": "reader", "parameter": {
                "datasource": "shop", "solutionId": "orders", "table": ["orders"], "ddl": {"addColumn": "apply"}}},
              {"stepType": "stream", "name": "Writer", "category": "writer", "parameter": {}}]}""";

    private static final String STREAM = """
            {"type": "job", "version": "2.0", "steps": [
              {"stepType": "stream", "name": "Reader", "category": "reader", "parameter": {
                "column": [{"type": "date", "value": "2026-01-31 00:00:00"}]}},
              {"stepType": "stream", "name": "Writer", "category": "writer", "parameter": {"path": "a", "fileName": "b"}}]}""";

    private static final String DATAX = """
            {"core": {"transport": {"channel": {"speed": {"byte": 1}}}}, "job": {"content": [{
               "reader": {"name": "streamreader"}, "writer": {"name": "streamwriter"}}],
             "setting": {"errorLimit": {"record": 1}, "speed": {"channel": 2}}}}""";

    private static final String SOURCES = """
            {"datasources": {"shop": {"type": "postgresql", "host": "127.0.0.1", "database": "shop", "username": "loader",
               "properties": {"tcpKeepAlive": "true"}, "ssl": {"mode": "prefer"}}}}""";

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");

    @TempDir
    private Path folder;

    /**
     * Where parameters stand.
     *
     * @param file as it is without a fault
     * @param job whether it is a job file, not a data sources file
     * @param path where the parameters are in it
     */
    record Place(String name, String file, boolean job, String path, Class<? extends Record> parameters) {

        Stream<Subject> subjects() {
            return all(ParameterDescription.of(parameters).entries()).map(entry -> new Subject(this, entry));
        }

        private static Stream<Entry> all(List<Entry> entries) {
            return entries.stream().flatMap(entry -> Stream.concat(Stream.of(entry), all(entry.nested())));
        }
    }

    /** A parameter. */
    record Subject(Place place, Entry entry) {

        /** Its place in the file. */
        String path() {
            return place.path() + "." + entry.name().replace("[]", "[0]");
        }

        String key() {
            return path().substring(path().lastIndexOf('.') + 1);
        }

        /** The object that it is in. */
        String around() {
            return path().substring(0, path().lastIndexOf('.'));
        }

        boolean is(String type) {
            return entry.type().replace(", or one alone", "").equals(type);
        }

        @Override
        public String toString() {
            return place.name() + " " + entry.name();
        }
    }

    /** What a file led to. */
    record Outcome(List<Problem> errors, List<Problem> warnings, List<Object> bound) {

        List<String> paths() {
            return errors.stream()
                    .map(e -> e.path().replaceFirst("^[a-z]+\\.json: ", ""))
                    .toList();
        }

        List<String> codes() {
            return errors.stream().map(Problem::code).toList();
        }
    }

    static List<Place> places() throws ClassNotFoundException {
        List<Place> places = new ArrayList<>();
        for (InstalledPlugin plugin : PLUGINS.plugins()) {
            for (StepType type : plugin.stepTypes()) {
                boolean reads = type instanceof ReaderType;
                places.add(new Place(
                        type.name() + (reads ? " reader" : " writer"),
                        file(type.name()),
                        true,
                        "steps[" + (reads ? 0 : 1) + "].parameter",
                        type.parameters()));
            }
            plugin.dataSourceTypes()
                    .forEach(type -> places.add(new Place(
                            type.name() + " data source", SOURCES, false, "datasources.shop", type.parameters())));
        }
        places.add(new Place("setting", POSTGRES, true, "setting", ofCore("DataWorksSetting")));
        places.add(new Place("DataX setting", DATAX, true, "job.setting", ofCore("DataXSetting")));
        places.add(new Place("DataX core", DATAX, true, "core.transport.channel.speed", ofCore("DataXCore$Setting")));
        return places;
    }

    private static String file(String stepType) {
        return switch (stepType) {
            case "postgresql" -> POSTGRES;
            case "postgresql-cdc" -> CHANGES;
            case "stream" -> STREAM;
            default -> throw new AssertionError("give an example of a job with the step type " + stepType);
        };
    }

    /** They are no part of the core's interface. */
    private static Class<? extends Record> ofCore(String name) throws ClassNotFoundException {
        return Class.forName("dev.transvase.core.job." + name).asSubclass(Record.class);
    }

    static List<Subject> subjects() throws ClassNotFoundException {
        return places().stream().flatMap(Place::subjects).toList();
    }

    @Test
    void theExamplesAreGood() throws ClassNotFoundException {
        for (Place place : places()) {
            assertThat(outcome(place, tree(place.file())).errors())
                    .as(place.name())
                    .isEmpty();
        }
        assertThat(subjects()).hasSizeGreaterThan(60);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void missingOrNullIsItsDefaultOrAnErrorThere(Subject subject) {
        Outcome missing = with(subject, null);
        if (subject.entry().required()) {
            assertThat(missing.paths()).containsExactly(subject.path());
            assertThat(missing.codes()).containsExactly("MISSING_PARAMETER");
        } else {
            // Another parameter may need it.
            assertThat(missing.paths()).allMatch(path -> path.startsWith(subject.around()));
            assertThat(missing.codes()).allMatch(code -> code.startsWith("MISSING"));
        }
        Outcome isNull = with(subject, JSON.nullNode());
        assertThat(isNull.errors()).isEqualTo(missing.errors());
        assertThat(isNull.bound()).isEqualTo(missing.bound());
        if (!subject.entry().defaultValue().isEmpty()) {
            assertThat(with(
                                    subject,
                                    JSON.getNodeFactory()
                                            .textNode(subject.entry().defaultValue()))
                            .bound())
                    .isEqualTo(missing.bound())
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void anEmptyValueIsItsDefaultOrAnErrorThere(Subject subject) {
        for (JsonNode empty :
                List.of(JSON.getNodeFactory().textNode(""), JSON.createArrayNode(), JSON.createObjectNode())) {
            Outcome outcome = with(subject, empty);
            assertThat(outcome.paths()).as(empty.toString()).allMatch(path -> path.startsWith(subject.around()));
            if (subject.entry().required()) {
                assertThat(outcome.errors()).as(empty.toString()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void anotherKindOfValueIsAnErrorThere(Subject subject) {
        List<String> others = new ArrayList<>();
        if (subject.is("whole number")) {
            others.addAll(List.of("\"x\"", "1.5", "true", "\"1 \"", "{}", "[1]", "99999999999999999999"));
        } else if (subject.is("number")) {
            others.addAll(List.of("\"x\"", "true", "\"NaN\"", "\"1,5\"", "{}", "[1]"));
        } else if (subject.is("true or false")) {
            others.addAll(List.of("\"maybe\"", "1", "0", "\"no\"", "{}", "[true]"));
        } else if (subject.is("word")) {
            others.addAll(List.of("\"none-such\"", "5", "true", "{}", "[]"));
        } else if (subject.is("object")) {
            others.addAll(List.of("\"x\"", "[]"));
            // DataX's own example has a number there.
            if (!subject.path().equals("job.setting.speed")) {
                others.add("5");
            }
        } else if (subject.entry().type().startsWith("object of")) {
            others.addAll(List.of("\"x\"", "5", "[]", "{\"a\": {}}"));
            if (!subject.entry().type().equals("object of text")) {
                others.add("{\"a\": null}");
            }
        } else if (subject.entry().type().startsWith("list of")) {
            others.addAll(List.of("[[]]", "{\"nonesuch\": 1}"));
            // In a list of texts null is a blank one.
            if (!subject.entry().type().startsWith("list of text")) {
                others.add("[null]");
            }
            if (!subject.entry().type().endsWith("one alone")) {
                others.addAll(List.of("\"x\"", "5"));
            }
        } else {
            others.addAll(List.of("{}", "[]", "[\"x\"]"));
        }
        for (String other : others) {
            Outcome outcome = with(subject, value(other));
            assertThat(outcome.errors()).as(other).isNotEmpty().allSatisfy(error -> {
                assertThat(error.code()).isIn("INVALID_PARAMETER", "MISSING_PARAMETER", "UNKNOWN_PARAMETER");
                assertThat(error.path()).contains(": " + subject.path());
                assertThat(error.message()).isNotBlank();
            });
        }
        for (String allowed : subject.entry().allowed()) {
            assertThat(with(subject, value("\"none-such\"")).errors().toString())
                    .contains(allowed);
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void aNumberOutOfRangeIsAnErrorThereAndItsBoundsAreNot(Subject subject) {
        Matcher bounds = NUMBER.matcher(subject.entry().range());
        List<Long> found = new ArrayList<>();
        while (bounds.find()) {
            found.add(Long.parseLong(bounds.group()));
        }
        if (found.isEmpty()) {
            return;
        }
        for (int i = 0; i < found.size(); i++) {
            long bound = found.get(i);
            for (long outside : List.of(i == 0 ? bound - 1 : bound + 1, i == 0 ? Long.MIN_VALUE : Long.MAX_VALUE)) {
                Outcome outcome = with(subject, JSON.getNodeFactory().textNode(Long.toString(outside)));
                assertThat(outcome.paths()).as("%d", outside).containsExactly(subject.path());
                assertThat(outcome.codes()).containsExactly("INVALID_PARAMETER");
            }
            Outcome inside = with(subject, JSON.getNodeFactory().numberNode(bound));
            assertThat(inside.errors())
                    .allSatisfy(error -> assertThat(error.message()).contains("above"));
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void aSlipOfThePenIsAnErrorThatNamesWhatWasMeant(Subject subject) {
        ObjectNode root = tree(subject.place().file());
        ((ObjectNode) at(root, subject.around())).put(subject.key() + "x", "y");
        Outcome outcome = outcome(subject.place(), root);
        if (root.has("job")) { // DataX ignores what it does not know
            assertThat(outcome.paths()).isEmpty();
            assertThat(outcome.warnings())
                    .filteredOn(warning -> warning.path().endsWith(subject.path() + "x"))
                    .singleElement()
                    .satisfies(warning -> assertThat(warning.code()).isIn("UNKNOWN_PARAMETER", "IGNORED_PARAMETER"))
                    .satisfies(
                            warning -> assertThat(warning.remedy()).isIn("did you mean `" + subject.key() + "`?", ""));
            return;
        }
        assertThat(outcome.paths()).containsExactly(subject.path() + "x");
        assertThat(outcome.codes()).containsExactly("UNKNOWN_PARAMETER");
        assertThat(outcome.errors().get(0).remedy()).isEqualTo("did you mean `" + subject.key() + "`?");
    }

    @Test
    void allErrorsOfAFileAreToldAtOnce() throws ClassNotFoundException {
        Map<String, ObjectNode> files = new LinkedHashMap<>();
        Map<String, Set<String>> expected = new LinkedHashMap<>();
        for (Place place : places()) {
            ObjectNode root = files.computeIfAbsent(place.file(), ParameterValuesIT::tree);
            for (Entry entry : ParameterDescription.of(place.parameters()).entries()) {
                Subject subject = new Subject(place, entry);
                boolean object = entry.type().startsWith("object");
                ((ObjectNode) at(root, subject.around()))
                        .set(subject.key(), object ? JSON.createArrayNode() : JSON.createObjectNode());
                expected.computeIfAbsent(place.file(), f -> new TreeSet<>()).add(subject.path());
            }
        }
        for (Place place : places()) {
            assertThat(outcome(place, files.get(place.file())).paths())
                    .containsExactlyInAnyOrderElementsOf(expected.get(place.file()));
        }
    }

    /** The file with another value for the parameter, or without it. */
    private Outcome with(Subject subject, JsonNode value) {
        ObjectNode root = tree(subject.place().file());
        ObjectNode around = (ObjectNode) at(root, subject.around());
        if (value == null) {
            around.remove(subject.key());
        } else {
            around.set(subject.key(), value);
        }
        return outcome(subject.place(), root);
    }

    private static ObjectNode tree(String json) {
        return (ObjectNode) value(json);
    }

    private static JsonNode value(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value at a path, made where it is not there yet. */
    private static JsonNode at(ObjectNode root, String path) {
        JsonNode node = root;
        for (String part : path.split("\\.", -1)) {
            String key = part.replaceFirst("\\[.*", "");
            if (part.endsWith("]")) {
                node = ((ArrayNode) node.path(key)).path(Integer.parseInt(part.replaceAll("[^0-9]", "")));
            } else {
                node = ((ObjectNode) node).withObject("/" + key);
            }
        }
        return node;
    }

    private Outcome outcome(Place place, ObjectNode root) {
        Problems problems = new Problems();
        List<Object> bound = new ArrayList<>();
        try {
            Path file = folder.resolve("file.json");
            JSON.writeValue(file.toFile(), root);
            if (place.job()) {
                JobFile.read(file, Map.of(), (category, type) -> Optional.empty(), problems)
                        .ifPresent(job -> bind(job, problems, bound));
            } else {
                DataSourcesFile.read(file, problems)
                        .flatMap(sources -> sources.find("shop"))
                        .flatMap(spec -> spec.bind(place.parameters(), problems))
                        .ifPresent(bound::add);
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Outcome(problems.errors(), problems.warnings(), bound);
    }

    private void bind(JobFile job, Problems problems, List<Object> bound) {
        job.reader()
                .bind(PLUGINS.reader(job.reader().stepType()).type().parameters(), folder, problems)
                .ifPresent(bound::add);
        job.writer()
                .bind(PLUGINS.writer(job.writer().stepType()).type().parameters(), folder, problems)
                .ifPresent(bound::add);
        bound.add(job.settings());
    }
}
