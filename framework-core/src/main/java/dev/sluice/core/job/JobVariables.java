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

    /** The one key whose text may be {@code ${env:NAME}} or {@code ${file:PATH}}: the data source looks that up. */
    private static final String REFERRING = "password";

    private final Map<String, String> values;
    private final Pattern pattern;
    private final Problems problems;
    private final Set<String> used = new HashSet<>();
    private final Set<String> references = new HashSet<>();

    /** @param dataX whether {@code $NAME} is looked at as well, for names that have a value */
    JobVariables(Map<String, String> values, boolean dataX, Problems problems) {
        this.values = values;
        this.pattern = dataX ? VARIABLE_OF_DATAX : VARIABLE;
        this.problems = problems;
    }

    /** Replaces in place. */
    void replaceIn(JsonNode node, String path) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : Set.copyOf(object.properties())) {
                String name = field.getKey();
                String where = JsonPath.key(path, name);
                if (field.getValue().isTextual()) {
                    object.set(name, text(field.getValue().textValue(), where, name.equals(REFERRING)));
                } else {
                    replaceIn(field.getValue(), where);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                String where = JsonPath.index(path, i);
                if (array.get(i).isTextual()) {
                    array.set(i, text(array.get(i).textValue(), where, false));
                } else {
                    replaceIn(array.get(i), where);
                }
            }
        }
    }

    /** The paths of the texts whose references the file's author has written. What a value holds is never one. */
    Set<String> references() {
        return Set.copyOf(references);
    }

    /** Warns of each value that no text has asked for. */
    void warnOfUnused(String fileName) {
        values.keySet().stream()
                .filter(name -> !used.contains(name))
                .sorted()
                .forEach(name -> problems.warn(
                        "-D " + name, "UNUSED_VARIABLE", fileName + " has no ${" + name + "}: it has no effect", ""));
    }

    private TextNode text(String text, String path, boolean referring) {
        boolean refers = referring && refers(text);
        boolean[] valued = {false};
        String replaced = pattern.matcher(text).replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            if (values.containsKey(name)) {
                used.add(name);
                valued[0] = true;
                return Matcher.quoteReplacement(values.get(name));
            }
            if (found.group(1) != null && !(refers && isReference(name))) {
                unknown(name, path);
            }
            return Matcher.quoteReplacement(found.group());
        });
        if (refers && valued[0]) {
            problems.error(
                    path,
                    "REFERENCE_WITH_VARIABLE",
                    "holds both a reference, such as ${env:NAME}, and a variable with a value of -D",
                    "write one of the two: what -D gives must not become a part of a reference");
        } else if (refers) {
            references.add(path);
        }
        return TextNode.valueOf(replaced);
    }

    private boolean refers(String text) {
        return VARIABLE.matcher(text)
                .results()
                .map(found -> found.group(1))
                .anyMatch(name -> isReference(name) && !values.containsKey(name));
    }

    private static boolean isReference(String name) {
        return name.startsWith("env:") || name.startsWith("file:");
    }

    private void unknown(String name, String path) {
        String shown = Shown.text(name);
        problems.error(
                path,
                "UNKNOWN_VARIABLE",
                "${" + shown + "} has no value",
                isReference(name)
                        ? "such references belong into a data source, or the `password` of a job; here use ${NAME} and"
                                + " -D NAME=VALUE"
                        : Spelling.nearest(name, values.keySet())
                                .map(near -> "did you mean ${" + near + "}?")
                                .orElse("give it one on the command line: -D " + shown + "=..."));
    }
}
