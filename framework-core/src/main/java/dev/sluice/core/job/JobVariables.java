package dev.sluice.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.core.parameter.JsonPath;
import dev.sluice.core.parameter.Problems;
import dev.sluice.core.parameter.Shown;
import dev.sluice.core.parameter.Spelling;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the values given with {@code -D} in the place of {@code ${NAME}}. That happens to the texts of the parsed file,
 * so a value with quotes in it cannot change the file's structure; a value put in is not looked at again.
 */
final class JobVariables {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}]*)}");

    /** DataX also takes {@code $NAME}. In SQL a dollar has other meanings, so only names with a value are looked at. */
    private static final Pattern VARIABLE_OF_DATAX =
            Pattern.compile(VARIABLE.pattern() + "|\\$([A-Za-z_]\\w*)(?![\\w$])");

    /** Below these keys, {@code ${env:NAME}} and {@code ${file:PATH}} stay: the data source resolves them. */
    private static final Set<String> DATA_SOURCE_KEYS = Set.of("connection", "username", "password");

    private final Map<String, String> values;
    private final Pattern pattern;
    private final Problems problems;
    private final Set<String> used = new HashSet<>();

    /** @param dataX whether {@code $NAME} is looked at as well, for names that have a value */
    JobVariables(Map<String, String> values, boolean dataX, Problems problems) {
        this.values = values;
        this.pattern = dataX ? VARIABLE_OF_DATAX : VARIABLE;
        this.problems = problems;
    }

    /** Replaces in place. */
    void replaceIn(JsonNode node, String path) {
        replaceIn(node, path, false);
    }

    /** Warns of each value that no text has asked for. */
    void warnOfUnused(String fileName) {
        values.keySet().stream()
                .filter(name -> !used.contains(name))
                .sorted()
                .forEach(name -> problems.warn(
                        "-D " + name, "UNUSED_VARIABLE", fileName + " has no ${" + name + "}: it has no effect", ""));
    }

    private void replaceIn(JsonNode node, String path, boolean dataSource) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : Set.copyOf(object.properties())) {
                String name = field.getKey();
                String where = JsonPath.key(path, name);
                boolean inside = dataSource || DATA_SOURCE_KEYS.contains(name);
                if (field.getValue().isTextual()) {
                    object.set(name, text(field.getValue().textValue(), where, inside));
                } else {
                    replaceIn(field.getValue(), where, inside);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                String where = JsonPath.index(path, i);
                if (array.get(i).isTextual()) {
                    array.set(i, text(array.get(i).textValue(), where, dataSource));
                } else {
                    replaceIn(array.get(i), where, dataSource);
                }
            }
        }
    }

    private TextNode text(String text, String path, boolean dataSource) {
        return TextNode.valueOf(pattern.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) == null
                                ? bare(found.group(2), found.group())
                                : value(found.group(1), found.group(), path, dataSource))));
    }

    private String bare(String name, String written) {
        if (values.containsKey(name)) {
            used.add(name);
        }
        return values.getOrDefault(name, written);
    }

    private String value(String name, String written, String path, boolean dataSource) {
        if (values.containsKey(name)) {
            used.add(name);
            return values.get(name);
        }
        boolean reference = name.startsWith("env:") || name.startsWith("file:");
        if (reference && dataSource) {
            return written;
        }
        String shown = Shown.text(name);
        problems.error(
                path,
                "UNKNOWN_VARIABLE",
                "${" + shown + "} has no value",
                reference
                        ? "such references belong into a data source; here use ${NAME} and -D NAME=VALUE"
                        : Spelling.nearest(name, values.keySet())
                                .map(near -> "did you mean ${" + near + "}?")
                                .orElse("give it one on the command line: -D " + shown + "=..."));
        return written;
    }
}
