package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.INVALID_VARIABLE;
import static dev.transvase.core.error.CoreErrors.REFERENCE_WITH_VARIABLE;
import static dev.transvase.core.error.CoreErrors.UNKNOWN_VARIABLE;
import static dev.transvase.core.error.CoreErrors.UNRESOLVED_VARIABLE;
import static dev.transvase.core.error.CoreErrors.UNUSED_VARIABLE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.transvase.core.parameter.JsonFile;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
import dev.transvase.spi.error.Spelling;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
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

    /** What is meant as a time in brackets, though it may be none. */
    private static final Pattern TIME =
            Pattern.compile("\\s*(?:yyyy|mm|dd|hh24|hh12|mi|ss|add_months).*", Pattern.DOTALL);

    /** SQL that selects nothing, without a word, when a variable in it stays as it is. */
    private static final Set<String> CONDITIONS = Set.of("where", "querySql");

    /** The one key whose text may be {@code ${env:NAME}} or {@code ${file:PATH}}: the data source looks that up. */
    private static final String REFERRING = "password";

    private final VariableValues values;
    private final Problems problems;
    private final Set<String> used = new HashSet<>();
    private final Set<String> references = new HashSet<>();
    private final Set<String> missing = new LinkedHashSet<>();
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
            tellUnknown(name, path);
            return "null";
        }
        Optional<JsonNode> values = JsonFile.listOfValues(value.get());
        if (values.isEmpty()) {
            problems.error(
                    path,
                    INVALID_VARIABLE,
                    "${" + Shown.text(name) + "} is not in quotes, but its value is not valid JSON",
                    "put it into quotes, or give values such as -D '" + Shown.text(name) + "=\"id\", \"name\"'");
            return "null";
        }
        if (holdsVariable(values.get())) {
            problems.error(
                    path,
                    INVALID_VARIABLE,
                    "the value of ${" + Shown.text(name)
                            + "} contains another variable, which would be replaced as well",
                    "give the final value");
            return "null";
        }
        return value.get();
    }

    private static boolean holdsVariable(JsonNode node) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (VARIABLE.matcher(field.getKey()).find()) {
                return true;
            }
        }
        for (JsonNode inside : node) {
            if (holdsVariable(inside)) {
                return true;
            }
        }
        return node.isTextual() && VARIABLE.matcher(node.textValue()).find();
    }

    /**
     * Replaces in place.
     *
     * @param shape DataX lets {@code $NAME} stand for a given value too
     */
    void replaceIn(JsonNode node, String path, JobShape shape) {
        bare = shape == JobShape.DATAX;
        replaceIn(node, path, "");
    }

    /** The names of the variables that have had no value so far, in the order in which they came. */
    Set<String> missing() {
        return Collections.unmodifiableSet(missing);
    }

    /** The paths of the texts whose references the file's author has written. What a value holds is never one. */
    Set<String> references() {
        return Set.copyOf(references);
    }

    /** Warns of each value that no text has asked for. */
    void warnOfUnused(String fileName) {
        values.given().keySet().stream()
                .filter(name -> !used.contains(name))
                .filter(name -> !values.spare().contains(name))
                .sorted()
                .forEach(name -> problems.warn(
                        "-D " + name, UNUSED_VARIABLE, fileName + " has no ${" + name + "}: it has no effect", ""));
    }

    /** @param key of the object that the node stands in, or the list that it is of */
    private void replaceIn(JsonNode node, String path, String key) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                String name = field.getKey();
                String where = JsonPath.key(path, name);
                if (field.getValue().isTextual()) {
                    object.set(name, text(field.getValue().textValue(), where, name, name.equals(REFERRING)));
                } else {
                    replaceIn(field.getValue(), where, name);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                String where = JsonPath.index(path, i);
                if (array.get(i).isTextual()) {
                    array.set(i, text(array.get(i).textValue(), where, key, false));
                } else {
                    replaceIn(array.get(i), where, key);
                }
            }
        }
    }

    private TextNode text(String text, String path, String key, boolean referring) {
        boolean refers = referring && refers(text);
        boolean[] valued = {false};
        String replaced = VARIABLE.matcher(text).replaceAll(found -> {
            Optional<String> value = value(found);
            valued[0] |= value.isPresent();
            if (value.isEmpty()) {
                tellUnknown(found, path, CONDITIONS.contains(key), refers);
            }
            return Matcher.quoteReplacement(value.orElse(found.group()));
        });
        if (refers && valued[0]) {
            problems.error(
                    path,
                    REFERENCE_WITH_VARIABLE,
                    "contains both a reference, such as ${env:NAME}, and a variable set with -D",
                    "use one of the two: the value of -D must not become part of a reference");
        } else if (refers) {
            references.add(path);
        }
        return TextNode.valueOf(replaced);
    }

    private Optional<String> value(MatchResult found) {
        if (found.group(1) != null) {
            return known(found.group(1));
        }
        return found.group(2) == null
                ? bare(found.group(3)).or(() -> values.schedule().named(found.group(3)))
                : values.schedule().inBrackets(found.group(2));
    }

    /** Without braces or brackets only what stands in a condition is likely to be meant as a variable. */
    private void tellUnknown(MatchResult found, String path, boolean condition, boolean refers) {
        String name = found.group(1);
        if (name != null && !(refers && isReference(name))) {
            tellUnknown(name, path);
        } else if (condition && found.group(3) != null) {
            problems.warn(
                    path,
                    UNRESOLVED_VARIABLE,
                    found.group() + " has no value and is left unchanged",
                    "if it is a variable, write ${" + found.group(3) + "} and give it one: -D " + found.group(3)
                            + "=...");
        } else if (condition
                && found.group(2) != null
                && TIME.matcher(found.group(2)).matches()) {
            problems.warn(
                    path,
                    UNRESOLVED_VARIABLE,
                    Shown.text(found.group()) + " is not a valid time expression and is left unchanged",
                    "write a time as in $[yyyymmdd-1], $[hh24miss-1/24] or $[add_months(yyyymmdd,-1)]");
        }
    }

    private boolean refers(String text) {
        return VARIABLE.matcher(text)
                .results()
                .map(found -> found.group(1))
                .anyMatch(name ->
                        name != null && isReference(name) && !values.given().containsKey(name));
    }

    private static boolean isReference(String name) {
        return name.startsWith("env:") || name.startsWith("file:");
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

    private void tellUnknown(String name, String path) {
        if (!isReference(name)) {
            missing.add(name);
        }
        String shown = Shown.text(name);
        problems.error(
                path,
                UNKNOWN_VARIABLE,
                "${" + shown + "} has no value",
                isReference(name)
                        ? "such references are allowed in a data source, or in the `password` of a job; here use"
                                + " ${NAME} and"
                                + " -D NAME=VALUE"
                        : Spelling.nearest(name, values.given().keySet())
                                .map(near -> "did you mean ${" + near + "}?")
                                .orElse("give it one on the command line: -D " + shown + "=..."));
    }
}
