package dev.sluice.cli;

import dev.sluice.core.run.Progress;
import dev.sluice.spi.Lag;
import java.util.stream.Collectors;

/** A run's progress in one line. */
final class ProgressText {

    private static final int LONGEST_BAR = 24;
    private static final int SHORTEST_BAR = 8;
    private static final int TABLES_NAMED = 2;

    private ProgressText() {}

    /** For a log or a pipe. */
    static String plain(Progress progress, Rate rate) {
        String text = Figures.count(progress.readRecords()) + " read, "
                + Figures.count(progress.writtenRecords()) + " written, "
                + Figures.count(progress.dirtyRecords()) + " dirty, "
                + Figures.size(progress.readBytes()) + ", "
                + Figures.count(Math.round(rate.records())) + " records/s, "
                + Figures.size(Math.round(rate.bytes())) + "/s";
        return tables(progress) + progress.lag().map(ProgressText::behind).orElseGet(() -> splits(progress)) + ", "
                + text + ", " + Figures.duration(progress.elapsed()) + underWay(progress);
    }

    /** What there is to tell of a stream, in place of how many splits are done: first, as a narrow terminal shows no more. */
    private static String behind(Lag lag) {
        return lag.lost().isZero()
                ? "behind by " + Figures.size(lag.bytes()) + " and " + Figures.duration(lag.delay())
                : "stream lost for " + Figures.duration(lag.lost());
    }

    private static String tables(Progress progress) {
        return progress.tables() > 1 ? progress.tablesDone() + "/" + progress.tables() + " tables, " : "";
    }

    /** What is being read of a job of several tables, a few names at most. */
    private static String underWay(Progress progress) {
        if (progress.tables() <= 1 || progress.underWay().isEmpty()) {
            return "";
        }
        int more = progress.underWay().size() - TABLES_NAMED;
        return ", reading "
                + progress.underWay().stream().limit(TABLES_NAMED).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static String splits(Progress progress) {
        return progress.splitsDone() + "/" + progress.splits() + " splits";
    }

    /**
     * For a terminal.
     *
     * @param columns the line is shorter than that, so that it never wraps
     */
    static String live(Progress progress, Rate rate, int columns) {
        String text = plain(progress, rate);
        int room = columns - 1 - (text.length() - underWay(progress).length()) - 3;
        if (progress.splits() > 1 && progress.lag().isEmpty() && room >= SHORTEST_BAR) {
            text = bar(progress, Math.min(room, LONGEST_BAR)) + ' ' + text;
        }
        return text.length() < columns ? text : text.substring(0, Math.max(0, columns - 1));
    }

    private static String bar(Progress progress, int width) {
        int done = (int) ((long) progress.splitsDone() * width / progress.splits());
        return '[' + "=".repeat(done) + " ".repeat(width - done) + ']';
    }
}
