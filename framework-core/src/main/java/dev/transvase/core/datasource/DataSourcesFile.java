package dev.transvase.core.datasource;

import static dev.transvase.core.error.CoreErrors.INVALID_PARAMETER;
import static dev.transvase.core.error.CoreErrors.UNKNOWN_DATASOURCE;
import static dev.transvase.core.error.CoreErrors.UNKNOWN_PARAMETER;
import static dev.transvase.spi.error.CommonErrors.MISSING_PARAMETER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
import dev.transvase.spi.error.Spelling;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The data sources that jobs refer to by name: {@code {"datasources": {"shop": {"type": "postgresql", ...}}}}. */
public final class DataSourcesFile {

    private static final String DATASOURCES = "datasources";

    private final Path file;
    private final Map<String, DataSourceSpec> specs;

    private DataSourcesFile(Path file, Map<String, DataSourceSpec> specs) {
        this.file = file;
        this.specs = specs;
    }

    /** Reads the file, which blocks on the disk; empty after an error, which is then in {@code problems}. */
    public static Optional<DataSourcesFile> read(Path file, Problems problems) {
        int before = problems.errors().size();
        Map<String, DataSourceSpec> specs = new LinkedHashMap<>();
        JsonFile.read(file, "data sources file", problems).ifPresent(json -> read(json, file, specs, problems));
        return problems.errors().size() == before
                ? Optional.of(new DataSourcesFile(file.toAbsolutePath().normalize(), specs))
                : Optional.empty();
    }

    /** The names in the file's order. */
    public List<String> names() {
        return List.copyOf(specs.keySet());
    }

    /** The data source of exactly this name. */
    public Optional<DataSourceSpec> find(String name) {
        return Optional.ofNullable(specs.get(name));
    }

    /** As {@link #find(String)}; an unknown name is an error at {@code path}. */
    public Optional<DataSourceSpec> find(String name, String path, Problems problems) {
        if (!specs.containsKey(name)) {
            String remedy = specs.isEmpty()
                    ? "add it to that file, which has no data sources yet"
                    : Spelling.nearest(name, names())
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("add it to that file, or use one of: " + String.join(", ", names()));
            problems.error(
                    path,
                    UNKNOWN_DATASOURCE,
                    "there is no data source \"" + Shown.text(name) + "\" in " + file,
                    remedy);
        }
        return find(name);
    }

    private static void read(ObjectNode json, Path file, Map<String, DataSourceSpec> specs, Problems problems) {
        String path = JsonFile.path(file);
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!field.getKey().equals(DATASOURCES)) {
                problems.error(
                        JsonPath.key(path, field.getKey()),
                        UNKNOWN_PARAMETER,
                        "is not known here",
                        "a data sources file has one key: `datasources`");
            }
        }
        String where = JsonPath.key(path, DATASOURCES);
        JsonNode entries = json.path(DATASOURCES);
        if (entries.isMissingNode()) {
            problems.error(
                    where, MISSING_PARAMETER, "is missing", "write {\"datasources\": {\"NAME\": {\"type\": ...}}}");
        } else if (!entries.isObject()) {
            problems.error(where, INVALID_PARAMETER, "expected an object {...}, found " + Shown.kind(entries), "");
        } else {
            Path folder = file.toAbsolutePath().normalize().getParent();
            entries.properties()
                    .forEach(entry ->
                            entry(entry, where, folder, problems).ifPresent(spec -> specs.put(entry.getKey(), spec)));
        }
    }

    private static Optional<DataSourceSpec> entry(
            Map.Entry<String, JsonNode> entry, String parent, Path folder, Problems problems) {
        String path = JsonPath.key(parent, entry.getKey());
        if (!(entry.getValue() instanceof ObjectNode object)) {
            problems.error(
                    path, INVALID_PARAMETER, "expected an object {...}, found " + Shown.kind(entry.getValue()), "");
            return Optional.empty();
        }
        JsonNode type = object.path("type");
        if (!type.isTextual() || type.textValue().isBlank()) {
            problems.error(
                    JsonPath.key(path, "type"),
                    MISSING_PARAMETER,
                    type.isMissingNode() || type.isNull() ? "is required but missing" : "expected a name",
                    "give the kind of system, for example \"type\": \"postgresql\"");
            return Optional.empty();
        }
        ObjectNode parameters = object.deepCopy();
        parameters.remove("type");
        return Optional.of(new DataSourceSpec(entry.getKey(), type.textValue(), parameters, path, Set.of(), folder));
    }
}
