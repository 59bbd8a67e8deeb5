package dev.transvase.cli.text;

import dev.transvase.core.job.JobSettings;
import dev.transvase.core.run.JobPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a job is going to do, as lines for {@code transvase check}. */
public final class PlanText {

    private static final int SPLITS_SHOWN = 3;
    private static final String INDENT = "  ";

    private final JobPlan plan;
    private final String readerType;

    /** @param readerType the reader's step type by its own name, not an alias */
    public PlanText(JobPlan plan, String readerType) {
        this.plan = plan;
        this.readerType = readerType;
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("job " + plan.job().name() + ": " + plan.job().reader().stepType() + " -> "
                + plan.job().writer().stepType() + ", " + Figures.count(plan.channels(), "channel") + ", "
                + Figures.count(plan.splits().size(), "split")
                + (plan.targets().size() > 1
                        ? ", " + Figures.count(plan.targets().size(), "table")
                        : ""));
        lines.add(INDENT + limits(plan.job().settings().errorLimit(), plan.speed()));
        Map<Integer, List<Split>> splits = plan.splits().stream().collect(Collectors.groupingBy(Split::table));
        for (int i = 0; i < plan.targets().size(); i++) {
            lines.add("");
            table(plan.targets().get(i), splits.getOrDefault(i, List.of()), lines);
        }
        if (!plan.leftOut().isEmpty()) {
            lines.add("");
            lines.addAll(new LeftOutText(plan.leftOut(), "").lines());
        }
        if (readerType.equals("postgresql")) {
            lines.add("");
            lines.add("advice: a batch job suits scheduled bulk loads, one-time migrations and servers without"
                    + " logical replication; to replicate deletes or frequent changes, follow the changes instead");
        }
        return lines;
    }

    private static String limits(JobSettings.ErrorLimit errors, JobSettings.Speed speed) {
        List<String> dirty = new ArrayList<>();
        if (errors.record() < Long.MAX_VALUE || errors.percentage().isEmpty()) {
            dirty.add(Figures.count(errors.record(), "dirty record"));
        }
        errors.percentage().ifPresent(share -> dirty.add("a dirty share of " + share));
        List<String> speeds = new ArrayList<>();
        speed.bytesPerSecond().ifPresent(bytes -> speeds.add(Figures.size(Math.round(bytes)) + "/s"));
        speed.recordsPerSecond().ifPresent(records -> speeds.add(Figures.count(records, "record") + "/s"));
        return "error limit: " + String.join(" and ", dirty) + "; speed limit: "
                + (speeds.isEmpty() ? "none" : String.join(" and ", speeds));
    }

    private static void table(WriteTarget target, List<Split> splits, List<String> lines) {
        lines.add(target.accepted().table() + " -> " + target.target());
        lines.add(INDENT + "reads in " + Figures.count(splits.size(), "split"));
        splits.stream().limit(SPLITS_SHOWN).forEach(split -> indented(split.description(), lines));
        if (splits.size() > SPLITS_SHOWN) {
            lines.add(INDENT + INDENT + "\u2026 and " + (splits.size() - SPLITS_SHOWN) + " more");
        }
        lines.add(INDENT + "writes");
        indented(target.description(), lines);
        lines.addAll(columns(target).lines());
    }

    /** The reader's columns, and the writer's where it tells them. */
    private static TextTable columns(WriteTarget target) {
        List<Column> columns = target.accepted().columns();
        boolean pairs = target.into().size() == columns.size();
        TextTable table = pairs
                ? new TextTable(INDENT, "column", "source type", "", "goes into", "NULL", "travels as")
                : new TextTable(INDENT, "column", "source type", "NULL", "travels as");
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            List<String> cells = new ArrayList<>(List.of(
                    column.name(),
                    column.declaredType().isEmpty() ? column.type().toString() : column.declaredType()));
            if (pairs) {
                cells.addAll(List.of("->", target.into().get(i)));
            }
            cells.add(column.nullable() ? "yes" : "no");
            cells.add(travelsAs(column, target.accepted().wireFormat()));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static String travelsAs(Column column, String wireFormat) {
        if (!(column.type() instanceof dev.transvase.spi.table.Type.Native)) {
            return column.type().toString();
        }
        return column.encoding() == Column.Encoding.WIRE ? wireFormat + " binary" : "text";
    }

    private static void indented(String text, List<String> lines) {
        text.lines().forEach(line -> lines.add(INDENT + INDENT + line));
    }
}
