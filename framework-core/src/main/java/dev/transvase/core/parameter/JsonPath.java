package dev.transvase.core.parameter;

import java.util.regex.Pattern;

/** Builds the paths that problems are reported with, for example {@code job.json: steps[0].parameter.column[2]}. */
public final class JsonPath {

    private static final Pattern PLAIN = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$-]*");

    private JsonPath() {}

    /** The path of a file's outermost value. */
    public static String root(String fileName) {
        return fileName + ":";
    }

    /** The path of a key of the object at {@code parent}. */
    public static String key(String parent, String name) {
        return append(parent, PLAIN.matcher(name).matches() ? name : "[\"" + Shown.text(name) + "\"]");
    }

    /** The path of an element of the list at {@code parent}. */
    public static String index(String parent, int position) {
        return append(parent, "[" + position + "]");
    }

    /** {@code relative}, for example {@code column[2]}, below {@code parent}; {@code parent} when it is empty. */
    public static String append(String parent, String relative) {
        if (relative.isEmpty() || parent.isEmpty()) {
            return parent + relative;
        }
        if (parent.endsWith(":")) {
            return parent + " " + relative;
        }
        return relative.startsWith("[") ? parent + relative : parent + "." + relative;
    }
}
