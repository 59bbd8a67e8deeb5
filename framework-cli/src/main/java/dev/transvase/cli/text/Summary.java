package dev.transvase.cli.text;

import dev.transvase.core.report.JobReport;
import dev.transvase.core.report.JobReport.Amount;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.report.WarningCount;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What a run did, as lines that can be pasted into a ticket. */
public final class Summary {

    private static final String INDENT = "  ";
    private static final int TABLES_SHOWN = 20;
    private static final int TABLES_NAMED = 5;
    private static final int WARNINGS_SHOWN = 10;

    private final JobReport report;

    public Summary(JobReport report) {
        this.report = report;
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        Duration elapsed = Duration.ofMillis(report.elapsedMillis());
        lines.add("job " + report.job() + ": " + report.status() + " in " + Figures.duration(elapsed) + ", started "
                + report.startedAt().truncatedTo(ChronoUnit.SECONDS) + ", Transvase " + Version.current());
        if (report.tables().isEmpty()) {
            lines.add(INDENT + "nothing was moved");
        } else {
            lines.add(INDENT + Figures.count(report.channels(), "channel") + ", "
                    + Figures.count(report.splits(), "split")
                    + (report.tables().size() > 1
                            ? ", " + Figures.count(report.tables().size(), "table")
                            : ""));
            amounts(elapsed, lines);
            tables(lines);
        }
        lines.addAll(new LeftOutText(report.leftOut(), INDENT).lines());
        warnings(lines);
        stopped(lines);
        repeated(lines);
        return lines;
    }

    private void amounts(Duration elapsed, List<String> lines) {
        TextTable table = new TextTable(INDENT, "", ">records", ">size", ">records/s", ">MB/s");
        amount(table, "read", report.read(), elapsed);
        amount(table, "written", report.written(), elapsed);
        table.row("dirty", Figures.count(report.dirty()), "", "", "");
        if (report.skipped() > 0) {
            table.row("skipped by target", Figures.count(report.skipped()), "", "", "");
        }
        lines.addAll(table.lines());
    }

    private static void amount(TextTable table, String name, Amount amount, Duration elapsed) {
        table.row(
                name,
                Figures.count(amount.records()),
                Figures.size(amount.bytes()),
                Figures.count(Math.round(Figures.perSecond(amount.records(), elapsed))),
                Figures.megabytes(Figures.perSecond(amount.bytes(), elapsed)));
    }

    private void tables(List<String> lines) {
        List<String> headings = new ArrayList<>(List.of("source", "target", ">read", ">written", ">dirty"));
        if (report.skipped() > 0) {
            headings.add(">skipped by target");
        }
        TextTable table = new TextTable(INDENT, headings.toArray(String[]::new));
        List<JobReport.Table> shown = shown();
        for (JobReport.Table moved : shown) {
            List<String> cells = new ArrayList<>(List.of(
                    moved.source(),
                    moved.target(),
                    Figures.count(moved.read().records()),
                    Figures.count(moved.written().records()),
                    Figures.count(moved.dirty())));
            if (report.skipped() > 0) {
                cells.add(Figures.count(moved.skipped()));
            }
            table.row(cells.toArray(String[]::new));
        }
        lines.addAll(table.lines());
        int more = report.tables().size() - shown.size();
        if (more > 0) {
            lines.add(INDENT + "\u2026 and " + Figures.count(more, "more table") + "; --report FILE keeps all of them");
        }
    }

    /** As many tables as are worth reading: first those that were not written completely, then in the job's order. */
    private List<JobReport.Table> shown() {
        if (report.tables().size() <= TABLES_SHOWN) {
            return report.tables();
        }
        return report.tables().stream()
                .sorted(Comparator.comparing(
                        t -> t.read().records() == t.written().records()))
                .limit(TABLES_SHOWN)
                .toList();
    }

    /** One line for each kind, with how many there were. */
    private void warnings(List<String> lines) {
        List<WarningCount> counts = report.warningCounts();
        if (counts.isEmpty()) {
            return;
        }
        long all = counts.stream().mapToLong(WarningCount::count).sum();
        lines.add(INDENT
                + Figures.count(all, "warning")
                + (counts.size() < all && counts.size() > 1 ? " of " + counts.size() + " kinds" : ""));
        counts.stream()
                .sorted(Comparator.comparing(WarningCount::count).reversed())
                .limit(WARNINGS_SHOWN)
                .forEach(count ->
                        lines.add(INDENT + INDENT + Figures.count(count.count()) + " x " + oneLine(count.toString())));
        if (counts.size() > WARNINGS_SHOWN) {
            lines.add(INDENT + INDENT + "\u2026 and " + Figures.count(counts.size() - WARNINGS_SHOWN, "more kind")
                    + "; --report FILE keeps them");
        }
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining(" "));
    }

    private void stopped(List<String> lines) {
        report.position().ifPresent(position -> {
            lines.add(INDENT + "durable at the target up to " + position);
            lines.add(INDENT
                    + "the source keeps its log from there for the next run and its disk fills up if none comes;"
                    + " `transvase cdc drop` ends that");
        });
        if (report.status() == Status.STOPPED && report.position().isEmpty()) {
            lines.add(INDENT + "stopped early: "
                    + Figures.count(report.written().records(), "record") + " committed, the rest rolled back");
        }
    }

    /** What a second run would write once more, unless something is done about it. */
    private void repeated(List<String> lines) {
        List<JobReport.Table> written = report.tables().stream()
                .filter(table -> table.repeats() && table.written().records() > 0)
                .toList();
        if (report.status() == Status.SUCCEEDED || written.isEmpty()) {
            return;
        }
        String named = written.stream()
                .limit(TABLES_NAMED)
                .map(table ->
                        table.target() + " (" + Figures.count(table.written().records()) + ")")
                .collect(Collectors.joining(", "));
        lines.add(INDENT + "another run would write these records again: " + named
                + (written.size() > TABLES_NAMED
                        ? " and those of " + Figures.count(written.size() - TABLES_NAMED, "more table")
                        : ""));
        if (report.error().isPresent()) {
            return; // whose message says what to do
        }
        lines.add(INDENT + INDENT
                + "-> before it, empty the tables (preSql: TRUNCATE @table), set writeMode to upsert where there is"
                + " a key, or read only what is missing (where)");
    }
}
