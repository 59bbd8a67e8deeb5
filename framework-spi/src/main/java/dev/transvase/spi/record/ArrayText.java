package dev.transvase.spi.record;

import dev.transvase.spi.table.Type;

/**
 * Prints the binary form of an array as {@code array_out} does. That form is int32 number of dimensions, int32 flags,
 * int32 OID of the element type, for each dimension int32 length and int32 lower bound, then the elements, each an int32
 * length, -1 for NULL, and its value.
 */
final class ArrayText {

    static final int HEADER = 12;
    static final int DIMENSION = 8;

    private static final int MAX_DIMENSIONS = 6;

    private ArrayText() {}

    static void append(Type.Scalar element, byte[] data, int at, int length, StringBuilder out) {
        int end = at + length;
        int dimensions = length < HEADER ? -1 : NetworkOrder.getInt(data, at);
        if (dimensions < 0 || dimensions > MAX_DIMENSIONS || length < HEADER + DIMENSION * dimensions) {
            throw new MalformedValueException("the header does not fit an array of " + length + " bytes");
        }
        int sizes = at + HEADER;
        if (isEmpty(dimensions, data, sizes)) {
            out.append("{}");
            return;
        }
        appendBounds(dimensions, data, sizes, out);
        int elements = sizes + DIMENSION * dimensions;
        int behind = appendDimension(element, dimensions, data, sizes, elements, end, out);
        if (behind != end) {
            throw new MalformedValueException((end - behind) + " bytes left over after an array");
        }
    }

    /** Without dimensions, or with one that has no elements. */
    private static boolean isEmpty(int dimensions, byte[] data, int sizes) {
        boolean empty = dimensions == 0;
        for (int i = 0; i < dimensions; i++) {
            int size = NetworkOrder.getInt(data, sizes + DIMENSION * i);
            if (size < 0) {
                throw new MalformedValueException("a dimension of an array has " + size + " elements");
            }
            empty |= size == 0;
        }
        return empty;
    }

    /** Bounds are shown when one of them does not start at 1. */
    private static void appendBounds(int dimensions, byte[] data, int sizes, StringBuilder out) {
        boolean usual = true;
        for (int i = 0; i < dimensions; i++) {
            usual &= lowerBound(data, sizes + DIMENSION * i) == 1;
        }
        if (usual) {
            return;
        }
        for (int i = 0; i < dimensions; i++) {
            int lower = lowerBound(data, sizes + DIMENSION * i);
            int upper = lower + NetworkOrder.getInt(data, sizes + DIMENSION * i) - 1;
            out.append('[').append(lower).append(':').append(upper).append(']');
        }
        out.append('=');
    }

    private static int lowerBound(byte[] data, int size) {
        return NetworkOrder.getInt(data, size + 4);
    }

    /** Appends one dimension with those in it and returns where its elements end. */
    private static int appendDimension(
            Type.Scalar element, int dimensions, byte[] data, int sizes, int elements, int end, StringBuilder out) {
        int size = NetworkOrder.getInt(data, sizes);
        int at = elements;
        out.append('{');
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                out.append(',');
            }
            if (dimensions > 1) {
                at = appendDimension(element, dimensions - 1, data, sizes + DIMENSION, at, end, out);
            } else {
                at = appendElement(element, data, at, end, out);
            }
        }
        out.append('}');
        return at;
    }

    private static int appendElement(Type.Scalar element, byte[] data, int at, int end, StringBuilder out) {
        if (end - at < Integer.BYTES) {
            throw new MalformedValueException("an array has fewer elements than its header says");
        }
        int value = at + Integer.BYTES;
        int length = NetworkOrder.getInt(data, at);
        if (length == RecordBatch.NULL) {
            out.append("NULL");
            return value;
        }
        if (length < 0 || length > end - value) {
            throw new MalformedValueException("an element of " + length + " bytes does not fit its array");
        }
        int start = out.length();
        ScalarText.append(element, data, value, length, out);
        quote(out, start);
        return value + length;
    }

    /** Puts quotes around the text from {@code start} on if it could be taken for something else without. */
    private static void quote(StringBuilder out, int start) {
        int end = out.length();
        boolean quotes = start == end || isNullWord(out, start);
        int escapes = 0;
        for (int i = start; i < end; i++) {
            switch (out.charAt(i)) {
                case '"', '\\' -> escapes++;
                case '{', '}', ',', ' ', '\t', '\n', '\r', '\f', '\u000B' -> quotes = true;
                default -> {
                    // stands for itself
                }
            }
        }
        if (!quotes && escapes == 0) {
            return;
        }
        out.setLength(end + escapes + 2);
        int to = out.length() - 1;
        out.setCharAt(to--, '"');
        for (int from = end - 1; from >= start; from--) {
            char c = out.charAt(from);
            out.setCharAt(to--, c);
            if (c == '"' || c == '\\') {
                out.setCharAt(to--, '\\');
            }
        }
        out.setCharAt(to, '"');
    }

    private static boolean isNullWord(StringBuilder out, int start) {
        return out.length() - start == 4
                && (out.charAt(start) | 0x20) == 'n'
                && (out.charAt(start + 1) | 0x20) == 'u'
                && (out.charAt(start + 2) | 0x20) == 'l'
                && (out.charAt(start + 3) | 0x20) == 'l';
    }
}
