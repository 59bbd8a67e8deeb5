package dev.transvase.ui.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.job.JobShape;
import dev.transvase.core.parameter.ParameterDescription;
import dev.transvase.core.plugin.InstalledPlugin;
import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.ReaderType;
import dev.transvase.spi.StepType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What forms are made of: the installed step types and data source types, with their parameters as JSON Schema. */
public final class StepTypes {

    private final Plugins plugins;

    public StepTypes(Plugins plugins) {
        this.plugins = plugins;
    }

    /**
     * A step type.
     *
     * @param side {@code reader} or {@code writer}
     * @param dataSourceType the type of data source that it connects to
     * @param listsTables whether tables of such a data source can be listed
     * @param parameters a JSON Schema: names, types, defaults, ranges and meanings, in the order to show; a secret is {@code
     *     writeOnly}, a file has the format {@code path}
     */
    public record Described(
            String name,
            List<String> aliases,
            String side,
            String summary,
            String plugin,
            Optional<String> dataSourceType,
            boolean listsTables,
            ObjectNode parameters) {}

    /** A data source type, with its parameters as JSON Schema. */
    public record DescribedSource(String name, boolean listsTables, ObjectNode parameters) {}

    /** What the settings of a job take, as JSON Schema, by the shape of the job's file. */
    public Map<String, ObjectNode> settings() {
        Map<String, ObjectNode> settings = new LinkedHashMap<>();
        for (JobShape shape : JobShape.values()) {
            String name = shape.name().toLowerCase(Locale.ROOT);
            settings.put(name, ParameterDescription.jsonSchema(shape.settings(), "setting of " + name));
        }
        return settings;
    }

    /** All step types, those of readers first. */
    public List<Described> all() {
        List<Described> readers = new ArrayList<>();
        List<Described> writers = new ArrayList<>();
        for (InstalledPlugin plugin : plugins.catalog().plugins()) {
            for (StepType type : plugin.stepTypes()) {
                boolean reads = type instanceof ReaderType;
                (reads ? readers : writers).add(described(plugin, type, reads ? "reader" : "writer"));
            }
        }
        readers.addAll(writers);
        return readers;
    }

    private static Described described(InstalledPlugin plugin, StepType type, String side) {
        boolean lists = plugin.dataSourceTypes().stream()
                .anyMatch(source -> type.dataSourceType().equals(Optional.of(source.name()))
                        && source.catalog().isPresent());
        return new Described(
                type.name(),
                type.aliases(),
                side,
                type.summary(),
                plugin.name(),
                type.dataSourceType(),
                lists,
                ParameterDescription.jsonSchema(type.parameters(), type.name() + ' ' + side));
    }

    /** All data source types, each once. */
    public List<DescribedSource> sources() {
        Map<String, DescribedSource> sources = new LinkedHashMap<>();
        for (InstalledPlugin plugin : plugins.catalog().plugins()) {
            for (DataSourceType type : plugin.dataSourceTypes()) {
                sources.putIfAbsent(
                        type.name(),
                        new DescribedSource(
                                type.name(),
                                type.catalog().isPresent(),
                                ParameterDescription.jsonSchema(type.parameters(), type.name())));
            }
        }
        return List.copyOf(sources.values());
    }
}
