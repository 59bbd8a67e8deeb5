package dev.transvase.cli.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in aligned columns, which stay aligned when pasted where letters have one width. */
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
            widths[i] = Math.max(widths[i], cells.get(i).length());
        }
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder(indent);
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            line.append(right[i] ? padding + cells.get(i) : cells.get(i) + padding)
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
