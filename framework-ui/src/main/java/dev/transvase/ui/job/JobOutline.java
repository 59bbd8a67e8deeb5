package dev.transvase.ui.job;

import dev.transvase.ui.json.JsonSpan;
import dev.transvase.ui.json.JsonSpan.Many;
import dev.transvase.ui.json.JsonSpan.Members;
import dev.transvase.ui.json.JsonText;
import dev.transvase.ui.json.JsonTextException;
import dev.transvase.ui.json.ValuePath;
import java.util.Optional;

/**
 * What a job's script is about, as far as it can be seen without checking it.
 *
 * @param shape {@code dataworks}, {@code datax} or {@code unknown}
 * @param reader the step that reads
 * @param writer the step that writes
 */
public record JobOutline(String shape, Optional<Step> reader, Optional<Step> writer) {

    private static final JobOutline UNKNOWN = new JobOutline("unknown", Optional.empty(), Optional.empty());

    /**
     * A step.
     *
     * @param type its step type as written
     * @param path of the step type in the script
     * @param parameters the path of its parameters
     * @param dataSource the data source that it names; empty when it names none
     */
    public record Step(String type, String path, String parameters, String dataSource) {}

    /** Looks at a script; one that is no JSON is unknown. */
    public static JobOutline of(String script) {
        try {
            JsonText json = JsonText.of(script);
            if (json.root() instanceof Members root && root.member("job").isPresent()) {
                return new JobOutline(
                        "datax",
                        step(json, "job.content[0].reader", "name"),
                        step(json, "job.content[0].writer", "name"));
            }
            Optional<JsonSpan> steps = json.find(ValuePath.parse("steps"));
            if (steps.isPresent() && steps.get() instanceof Many many) {
                return new JobOutline("dataworks", step(json, many, "reader"), step(json, many, "writer"));
            }
            return UNKNOWN;
        } catch (JsonTextException e) {
            return UNKNOWN;
        }
    }

    private static Optional<Step> step(JsonText json, Many steps, String category) throws JsonTextException {
        for (int i = 0; i < steps.elements().size(); i++) {
            String path = "steps[" + i + "]";
            if (category.equalsIgnoreCase(
                    json.string(ValuePath.parse(path + ".category")).orElse(""))) {
                return step(json, path, "stepType");
            }
        }
        return Optional.empty();
    }

    private static Optional<Step> step(JsonText json, String path, String type) throws JsonTextException {
        if (json.find(ValuePath.parse(path)).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Step(
                json.string(ValuePath.parse(path + "." + type)).orElse(""),
                path + "." + type,
                path + ".parameter",
                json.string(ValuePath.parse(path + ".parameter.datasource")).orElse("")));
    }
}
