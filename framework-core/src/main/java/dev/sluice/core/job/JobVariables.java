package dev.sluice.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.core.parameter.JsonFile;
import dev.sluice.core.parameter.JsonPath;
import dev.sluice.core.parameter.Problems;
import dev.sluice.core.parameter.Shown;
import dev.sluice.core.parameter.Spelling;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values in the place of {@code ${NAME}}: those given with {@code -D} and those of the schedule. That happens to the
 * texts of the parsed file, so a value with quotes in it cannot change the file's structure; a value put in is not looked at
 * again. Only where {@code ${NAME}} stands outside of quotes is the value JSON itself, see {@link #replaceUnquoted}.
 */
final class JobVariables {

    private static final String BRACES = "\\$\\{([^{}]*)}";
    private static final String BRACKETS = "\\$\\[([^\\[\\]{}$]*)]";

    /** In SQL a dollar has other meanings, so without braces or brackets only names with a value are replaced. */
    private static final Pattern VARIABLE = Pattern.compile(BRACES + "|" + BRACKETS + "|\\$([A-Za-z_]\\w*)(?![\\w$])");

    /** SQL that selects nothing, without a word, when a variable in it stays as it is. */
    private static final Set<String> CONDITIONS = Set.of("where", "querySql");

    /** Below these keys, {@code ${env:NAME}} and {@code ${file:PATH}} stay: the data source resolves them. */
    private static final Set<String> DATA_SOURCE_KEYS = Set.of("connection", "username", "password");

    private final VariableValues values;
    private final Problems problems;
    private final Set<String> used = new HashSet<>();
    private boolean bare;

    JobVariables(VariableValues values, Problems problems) {
        this.values = values;
        this.problems = problems;
    }

    /**
     * Replaces {@code ${NAME}} outside of quotes and comments by the value, which has to be JSON: a value, or several between
     * commas that stand for elements of a list.
     *
     * @param text a job file's
     * @param path of its outermost object
     */
    String replaceUnquoted(String text, String path) {
        return UnquotedVariables.replace(text, name -> unquoted(name, path));
    }

    private String unquoted(String name, String path) {
        Optional<String> value = known(name);
        if (value.isEmpty()) {
            tellUnknown(name, path, false);
            return "null";
        }
        if (!JsonFile.isListOfValues(value.get())) {
            problems.error(
                    path,
                    "INVALID_VARIABLE",
                    "${" + Shown.text(name) + "} stands outside of quotes, but its value is no JSON",
                    "put it into quotes, or give values such as -D '" + Shown.text(name) + "=\"id\", \"name\"'");
            return "null";
        }
        return value.get();
    }

    /**
     * Replaces in place.
     *
     * @param shape DataX lets {@code $NAME} stand for a given value too
     */
    void replaceIn(JsonNode node, String path, JobShape shape) {
        bare = shape == JobShape.DATAX;
        replaceIn(node, path, "", false);
    }

    /** Warns of each value that no text has asked for. */
    void warnOfUnused(String fileName) {
        values.given().keySet().stream()
                .filter(name -> !used.contains(name))
                .filter(name -> !values.spare().contains(name))
                .sorted()
                .forEach(name -> problems.warn(
                        "-D " + name, "UNUSED_VARIABLE", fileName + " has no ${" + name + "}: it has no effect", ""));
    }

    /** @param key of the object that the node stands in, or the list that it is of */
    private void replaceIn(JsonNode node, String path, String key, boolean dataSource) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : Set.copyOf(object.properties())) {
                String name = field.getKey();
                String where = JsonPath.key(path, name);
                boolean inside = dataSource || DATA_SOURCE_KEYS.contains(name);
                if (field.getValue().isTextual()) {
                    object.set(name, text(field.getValue().textValue(), where, name, inside));
                } else {
                    replaceIn(field.getValue(), where, name, inside);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                String where = JsonPath.index(path, i);
                if (array.get(i).isTextual()) {
                    array.set(i, text(array.get(i).textValue(), where, key, dataSource));
                } else {
                    replaceIn(array.get(i), where, key, dataSource);
                }
            }
        }
    }

    private TextNode text(String text, String path, String key, boolean dataSource) {
        boolean condition = CONDITIONS.contains(key);
        return TextNode.valueOf(VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(replacement(found, path, condition, dataSource))));
    }

    private String replacement(MatchResult found, String path, boolean condition, boolean dataSource) {
        if (found.group(1) != null) {
            return value(found.group(1), found.group(), path, dataSource);
        }
        Optional<String> value = found.group(2) == null
                ? bare(found.group(3)).or(() -> values.schedule().named(found.group(3)))
                : values.schedule().inBrackets(found.group(2));
        if (value.isEmpty() && condition && found.group(3) != null) {
            problems.warn(
                    path,
                    "UNRESOLVED_VARIABLE",
                    found.group() + " has no value and stays as it is",
                    "if it is a variable, write ${" + found.group(3) + "} and give it one: -D " + found.group(3)
                            + "=...");
        }
        return value.orElse(found.group());
    }

    private Optional<String> bare(String name) {
        return bare ? given(name) : Optional.empty();
    }

    private Optional<String> given(String name) {
        if (!values.given().containsKey(name)) {
            return Optional.empty();
        }
        used.add(name);
        return Optional.of(values.given().get(name));
    }

    private Optional<String> known(String name) {
        return given(name).or(() -> values.schedule().inBraces(name));
    }

    private String value(String name, String written, String path, boolean dataSource) {
        boolean reference = name.startsWith("env:") || name.startsWith("file:");
        Optional<String> value = known(name);
        if (value.isEmpty() && !(reference && dataSource)) {
            tellUnknown(name, path, reference);
        }
        return value.orElse(written);
    }

    private void tellUnknown(String name, String path, boolean reference) {
        String shown = Shown.text(name);
        problems.error(
                path,
                "UNKNOWN_VARIABLE",
                "${" + shown + "} has no value",
                reference
                        ? "such references belong into a data source; here use ${NAME} and -D NAME=VALUE"
                        : Spelling.nearest(name, values.given().keySet())
                                .map(near -> "did you mean ${" + near + "}?")
                                .orElse("give it one on the command line: -D " + shown + "=..."));
    }
}
