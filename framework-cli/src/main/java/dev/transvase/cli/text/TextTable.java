package dev.transvase.cli.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text in aligned columns, in a monospaced font. Chinese, Japanese and Korean characters take two columns there, marks that are put
 * on the letter before them none.
 */
public final class TextTable {

    private static final String GAP = "  ";

    private final String indent;
    private final List<String> header;
    private final boolean[] right;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param indent what each line starts with
     * @param header the columns' titles; one that starts with {@code >} has its column aligned to the right
     */
    public TextTable(String indent, String... header) {
        this.indent = indent;
        this.header = new ArrayList<>();
        this.right = new boolean[header.length];
        for (int i = 0; i < header.length; i++) {
            right[i] = header[i].startsWith(">");
            this.header.add(right[i] ? header[i].substring(1) : header[i]);
        }
    }

    public TextTable row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(Printable::line).toList());
        return this;
    }

    /** The lines, the header first. */
    public List<String> lines() {
        int[] widths = new int[header.size()];
        measure(header, widths);
        rows.forEach(row -> measure(row, widths));
        List<String> lines = new ArrayList<>();
        lines.add(line(header, widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private static void measure(List<String> cells, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], width(cells.get(i)));
        }
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder(indent);
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - width(cells.get(i)));
            line.append(right[i] ? padding + cells.get(i) : cells.get(i) + padding)
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String cell) {
        return cell.codePoints().map(TextTable::width).sum();
    }

    private static int width(int character) {
        if (character < 0x300) {
            return 1; // no need to look it up
        }
        int kind = Character.getType(character);
        if (kind == Character.NON_SPACING_MARK || kind == Character.ENCLOSING_MARK || kind == Character.FORMAT) {
            return 0;
        }
        return isWide(character) ? 2 : 1;
    }

    /** The blocks that Unicode's table of East Asian widths has as wide. */
    private static boolean isWide(int character) {
        return (character >= 0x1100 && character <= 0x115F) // the first letters of Hangul
                || (character >= 0x2E80
                        && character <= 0xA4CF
                        && character != 0x303F) // radicals to Yi, ideographs among them
                || (character >= 0xAC00 && character <= 0xD7A3) // Hangul
                || (character >= 0xF900 && character <= 0xFAFF) // more ideographs
                || (character >= 0xFE30 && character <= 0xFE6F) // forms for vertical text
                || (character >= 0xFF00 && character <= 0xFF60) // Latin in full width
                || (character >= 0xFFE0 && character <= 0xFFE6)
                || (character >= 0x20000 && character <= 0x3FFFD); // rare ideographs
    }
}
