package dev.transvase.ui.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.parameter.Masks;
import dev.transvase.ui.http.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What of a data source's parameters nobody gets to see again: those that its schema calls {@code writeOnly}, and passwords that stand
 * within others, such as in a URL. References to files and variables are no secrets.
 */
final class Secrets {

    private static final String MASK = "***";
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):[^{}]*}");

    private final ObjectNode schema;

    /** @param schema of the parameters */
    Secrets(ObjectNode schema) {
        this.schema = schema;
    }

    /** The paths of the secret parameters, for example {@code password} and {@code ssl.privateKeyPassword}. */
    List<String> paths() {
        return paths(property -> property.path("writeOnly").asBoolean());
    }

    /** The paths of the parameters that are files. */
    List<String> files() {
        return paths(property -> property.path("format").asText().equals("path"));
    }

    private List<String> paths(Predicate<JsonNode> wanted) {
        List<String> paths = new ArrayList<>();
        collect(schema, "", wanted, paths);
        return paths;
    }

    private static void collect(JsonNode schema, String prefix, Predicate<JsonNode> wanted, List<String> paths) {
        schema.path("properties").properties().forEach(property -> {
            String path = prefix + property.getKey();
            if (wanted.test(property.getValue())) {
                paths.add(path);
            }
            collect(property.getValue(), path + '.', wanted, paths);
        });
    }

    /**
     * Parameters as they may be shown, and where each secret is.
     *
     * @param parameters without secrets
     * @param secrets by path: a reference, or {@code written} for one that stands in the file itself
     */
    record Shown(ObjectNode parameters, Map<String, String> secrets) {}

    Shown shown(DataSourceSpec spec) {
        ObjectNode shown = spec.parameters().deepCopy();
        Map<String, String> secrets = new LinkedHashMap<>();
        for (String path : paths()) {
            JsonNode value = at(shown, path);
            if (!value.isMissingNode() && !value.isNull()) {
                String text = value.asText();
                secrets.put(path, REFERENCE.matcher(text).matches() ? text : "written");
                remove(shown, path);
            }
        }
        return new Shown((ObjectNode) masked(shown, spec.secrets()), secrets);
    }

    private static JsonNode masked(JsonNode node, Masks masks) {
        if (node.isTextual()) {
            String text = node.textValue();
            return TextNode.valueOf(REFERENCE.matcher(text).matches() ? text : masks.apply(text));
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(member -> copy.set(member.getKey(), masked(member.getValue(), masks)));
            return copy;
        }
        if (node.isArray()) {
            var copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> copy.add(masked(element, masks)));
            return copy;
        }
        return node;
    }

    /**
     * Parameters that came back, with what they were shown without: secrets that are not given, and what stood in the place of {@code
     * ***}.
     *
     * @throws Refusal when a text with {@code ***} was changed, so that nobody knows what it is to be
     */
    ObjectNode restored(ObjectNode given, DataSourceSpec before) {
        ObjectNode shownBefore = shown(before).parameters();
        ObjectNode restored = given.deepCopy();
        for (String path : paths()) {
            JsonNode old = at(before.parameters(), path);
            JsonNode now = at(restored, path);
            if (now.isMissingNode() && !old.isMissingNode()) {
                put(restored, path, old);
            } else if (now.isNull()) {
                remove(restored, path);
            }
        }
        unmask(restored, shownBefore, before.parameters(), "");
        return restored;
    }

    private void unmask(ObjectNode node, JsonNode shown, JsonNode before, String prefix) {
        for (Map.Entry<String, JsonNode> member : List.copyOf(node.properties())) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (value instanceof ObjectNode object) {
                unmask(object, shown.path(name), before.path(name), prefix + name + '.');
            } else if (value.isTextual() && value.textValue().contains(MASK) && !paths().contains(prefix + name)) {
                if (!value.equals(shown.path(name))) {
                    throw Refusal.bad(
                            "SECRET_HIDDEN",
                            prefix + name + " holds a secret that is not shown, and was changed: give all of it again");
                }
                node.set(name, before.path(name));
            }
        }
    }

    static JsonNode at(JsonNode node, String path) {
        JsonNode at = node;
        for (String name : path.split("\\.", -1)) {
            at = at.path(name);
        }
        return at;
    }

    static void put(ObjectNode node, String path, JsonNode value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            node.set(path, value);
        } else if (node.path(path.substring(0, dot)) instanceof ObjectNode inner) {
            put(inner, path.substring(dot + 1), value);
        }
        // Where what it was in is gone, it goes, too.
    }

    private static void remove(ObjectNode node, String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            node.remove(path);
        } else if (node.path(path.substring(0, dot)) instanceof ObjectNode inner) {
            remove(inner, path.substring(dot + 1));
        }
    }

    static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }
}
