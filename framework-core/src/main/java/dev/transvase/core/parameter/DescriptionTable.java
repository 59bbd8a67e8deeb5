package dev.transvase.core.parameter;

import java.util.ArrayList;
import java.util.List;

/** Lays a description out in columns: name, type, default, meaning; the meaning is wrapped. */
final class DescriptionTable {

    private static final List<String> TITLES = List.of("parameter", "type", "default", "meaning");

    private final int width;

    DescriptionTable(int width) {
        this.width = width;
    }

    String of(ParameterDescription description) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(TITLES);
        description.entries().forEach(entry -> addRows(entry, rows));
        int[] widths = new int[TITLES.size() - 1];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        StringBuilder table = new StringBuilder();
        rows.forEach(row -> append(table, row, widths));
        return table.toString();
    }

    private static void addRows(ParameterDescription.Entry entry, List<List<String>> rows) {
        String type = entry.range().isEmpty() ? entry.type() : entry.type() + " " + entry.range();
        String given = entry.required() ? "(required)" : visible(entry.defaultValue());
        String words = entry.allowed().isEmpty() ? "" : " One of: " + String.join(", ", entry.allowed()) + ".";
        rows.add(List.of(entry.name(), type, given, entry.meaning() + words));
        entry.nested().forEach(nested -> addRows(nested, rows));
    }

    /** A tab as a job file writes it. */
    private static String visible(String text) {
        return text.replace("\t", "\\t");
    }

    private void append(StringBuilder table, List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            line.append(row.get(column))
                    .append(" ".repeat(widths[column] - row.get(column).length() + 2));
        }
        int indent = line.length();
        List<String> wrapped = wrap(row.get(widths.length), Math.max(40, width - indent));
        for (String part : wrapped) {
            table.append(line.append(part).toString().stripTrailing()).append(System.lineSeparator());
            line = new StringBuilder(" ".repeat(indent));
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder();
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
