package dev.transvase.core.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.parameter.ParameterBinder;
import dev.transvase.core.parameter.Problems;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A step as a job file tells it.
 *
 * @param stepType the step type's name or alias, as written
 * @param stepName what the job calls it, for example {@code Reader}
 * @param parameter its parameters, not checked yet
 * @param path where they stand, for example {@code job.json: steps[0].parameter}
 * @param inlineDataSource the data source when the step holds one itself
 * @param place where in the step its database is named, when the step has several, for example {@code connection[0]}
 * @param others what the step reads besides, from other databases; each with a place and without others
 * @param shape of the file
 */
public record StepSpec(
        String stepType,
        String stepName,
        ObjectNode parameter,
        String path,
        Optional<DataSourceSpec> inlineDataSource,
        String place,
        List<StepSpec> others,
        JobShape shape) {

    /**
     * What DataWorks and DataX write into every step's parameters. Transvase has no use for it: encodings are the server's
     * matter, the rest is what the console keeps for itself. A step type that has such a parameter gets it.
     */
    private static final Set<String> IGNORED = Set.of(
            "encoding", "mandatoryEncoding", "envType", "guid", "datasourceType", "tableComment", "useSpecialSecret");

    /** What DataX has a use for besides: its batches end by size too, it asks whether a replica is up to date, and it has Oracle. */
    private static final Set<String> IGNORED_OF_DATAX = Set.of("batchByteSize", "checkSlave", "hint");

    /** What holds in DataX when a job says nothing. */
    private static final Map<String, Boolean> DEFAULTS_OF_DATAX = Map.of("emptyAsNull", true);

    private static final String DATASOURCE = "datasource";

    public StepSpec {
        others = List.copyOf(others);
    }

    /** A step of these parts, one at least. */
    static StepSpec of(String stepType, String stepName, String path, List<Connections.Part> parts, JobShape shape) {
        List<StepSpec> others = new ArrayList<>();
        for (Connections.Part part : parts.subList(1, parts.size())) {
            others.add(new StepSpec(
                    stepType, stepName, part.parameter(), path, part.dataSource(), part.place(), List.of(), shape));
        }
        Connections.Part first = parts.get(0);
        return new StepSpec(
                stepType, stepName, first.parameter(), path, first.dataSource(), first.place(), others, shape);
    }

    /** Where the step type is named, for example {@code job.json: steps[0].stepType}. */
    public String stepTypePath() {
        String step = path.endsWith(".parameter") ? path.substring(0, path.length() - ".parameter".length()) : path;
        return step + (step.endsWith("]") ? ".stepType" : ".name");
    }

    /**
     * Makes the step type's parameter record. Keys that only DataWorks or DataX have a use for give a warning, and a blank text
     * counts as absent where no text is asked for, as consoles write what nobody filled in. A required
     * {@code datasource} is satisfied by a data source that the step holds itself.
     *
     * @return empty after an error, which is then in {@code problems}
     */
    public <R extends Record> Optional<R> bind(Class<R> type, Path baseFolder, Problems problems) {
        ObjectNode bound = parameter.deepCopy();
        Set<String> ignored = new HashSet<>(IGNORED);
        if (inlineDataSource.isPresent() && takes(type, DATASOURCE)) {
            bound.put(DATASOURCE, "(connection of the job file)");
        }
        if (shape == JobShape.DATAX) {
            ignored.addAll(IGNORED_OF_DATAX);
            DEFAULTS_OF_DATAX.forEach((key, value) -> {
                if (takes(type, key) && !bound.hasNonNull(key)) {
                    bound.put(key, value);
                }
            });
        }
        ParameterBinder.Leniency leniency = new ParameterBinder.Leniency(ignored, Set.of(), shape.unknownKeys(), true);
        return ParameterBinder.bind(type, bound, path, baseFolder, problems, leniency);
    }

    /** Leaves the parameters out: there may be a secret among them. */
    @Override
    public String toString() {
        return "StepSpec[stepType=" + stepType + ", stepName=" + stepName + ", path=" + path + "]";
    }

    private static boolean takes(Class<? extends Record> type, String key) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .anyMatch(key::equals);
    }
}
