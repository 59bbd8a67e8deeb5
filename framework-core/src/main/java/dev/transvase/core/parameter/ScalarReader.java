package dev.transvase.core.parameter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.spi.parameter.Secret;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads single values; what it cannot read it refuses with what was expected. */
final class ScalarReader {

    /** What should have stood there, for example {@code a whole number from 1 to 100}. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        Refused(String expected) {
            super(expected, null, false, false);
        }

        String expected() {
            return getMessage();
        }
    }

    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,1000}");
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,400}(\\.[0-9]{1,400})?([eE][+-]?[0-9]{1,4})?");

    private final Path baseFolder;

    ScalarReader(Path baseFolder) {
        this.baseFolder = baseFolder;
    }

    Object read(ValueType.Scalar type, JsonNode node, Range range) throws Refused {
        if (!node.isValueNode()) {
            throw new Refused(expected(type, range));
        }
        String text = node.asText();
        return switch (type) {
            case BOOLEAN -> readBoolean(node, text);
            case INT -> (int) readWhole(node, text, range.ints());
            case LONG -> readWhole(node, text, range);
            case DOUBLE -> readDouble(node, text, range);
            case TEXT -> text;
            case SECRET -> new Secret(text);
            case PATH -> readPath(node, text);
        };
    }

    /** What a value of the type looks like, in words. */
    static String expected(ValueType.Scalar type, Range range) {
        return switch (type) {
            case BOOLEAN -> "true or false";
            case INT -> "a whole number" + range.ints();
            case LONG -> "a whole number" + range;
            case DOUBLE -> "a number" + range;
            case TEXT, SECRET -> "a text";
            case PATH -> "the path of a file";
        };
    }

    private static boolean readBoolean(JsonNode node, String text) throws Refused {
        String word = text.toLowerCase(Locale.ROOT);
        if (node.isNumber() || !(word.equals("true") || word.equals("false"))) {
            throw new Refused(expected(ValueType.Scalar.BOOLEAN, Range.ANY));
        }
        return word.equals("true");
    }

    private static long readWhole(JsonNode node, String text, Range range) throws Refused {
        String expected = "a whole number" + range;
        if (node.isBoolean() || !WHOLE.matcher(text).matches()) {
            throw new Refused(expected);
        }
        try {
            long value = Long.parseLong(text);
            if (range.contains(value)) {
                return value;
            }
        } catch (NumberFormatException tooLarge) {
            throw new Refused(range.equals(Range.ANY) ? "a whole number of at most 64 bits" : expected);
        }
        throw new Refused(expected);
    }

    private static double readDouble(JsonNode node, String text, Range range) throws Refused {
        if (!node.isBoolean() && NUMBER.matcher(text).matches()) {
            double value = new BigDecimal(text).doubleValue();
            if (Double.isFinite(value) && range.contains(value)) {
                return value;
            }
        }
        throw new Refused(expected(ValueType.Scalar.DOUBLE, range));
    }

    private Path readPath(JsonNode node, String text) throws Refused {
        if (node.isTextual() && !text.isBlank()) {
            try {
                return baseFolder.resolve(text).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw new Refused("the path of a file");
            }
        }
        throw new Refused("the path of a file");
    }
}
