package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.EMPTY_SETTING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.Problems;
import java.util.List;
import java.util.Map;

/** The console of DataWorks exports a setting that nobody filled in as an empty text; it counts as absent. */
final class EmptySettings {

    private EmptySettings() {}

    /** Removes them in place, with a warning each. */
    static void remove(Fields setting, Problems problems) {
        for (String group : List.of("errorLimit", "speed")) {
            if (setting.json().path(group) instanceof ObjectNode object) {
                Fields fields = setting.object(group).orElseThrow();
                List<String> empty = object.properties().stream()
                        .filter(field -> isEmptyText(field.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
                empty.forEach(key -> remove(fields, key, problems));
            }
        }
    }

    private static void remove(Fields fields, String key, Problems problems) {
        fields.json().remove(key);
        problems.warn(fields.pathOf(key), EMPTY_SETTING, "is empty and counts as absent" + effect(fields, key), "");
    }

    private static String effect(Fields fields, String key) {
        if (!key.equals("record") || !fields.path().endsWith("errorLimit")) {
            return "";
        }
        JsonNode share = fields.json().path("percentage");
        return share.isMissingNode() || share.isNull() || isEmptyText(share)
                ? ": no dirty record is tolerated"
                : ": `percentage` is the only limit";
    }

    private static boolean isEmptyText(JsonNode value) {
        return value.isTextual() && value.textValue().isBlank();
    }
}
