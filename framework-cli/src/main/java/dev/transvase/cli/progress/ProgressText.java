package dev.transvase.cli.progress;

import dev.transvase.cli.text.Figures;
import dev.transvase.core.run.Progress;
import dev.transvase.spi.Lag;
import java.util.stream.Collectors;

/** A run's progress in one line. */
final class ProgressText {

    private static final int LONGEST_BAR = 24;
    private static final int SHORTEST_BAR = 8;
    private static final int TABLES_NAMED = 2;

    private ProgressText() {}

    /** For a log or a pipe. */
    static String plain(Progress progress, Rate rate) {
        return figures(progress, rate)
                + (progress.waits().isEmpty()
                        ? progress.waiting().map(ProgressText::waiting).orElse("")
                        : ", " + outside(progress));
    }

    /** Somebody outside who is waited for. */
    private static String outside(Progress progress) {
        Progress.Wait longest = progress.waits().get(0);
        int more = progress.waits().size() - 1;
        return "waiting " + Figures.duration(longest.since()) + " for " + longest.what()
                + (more == 0 ? "" : "; and " + more + (more == 1 ? " more wait" : " more waits"));
    }

    private static String figures(Progress progress, Rate rate) {
        String text = Figures.count(progress.readRecords()) + " read, "
                + Figures.count(progress.writtenRecords()) + " written, "
                + Figures.count(progress.dirtyRecords()) + " dirty, "
                + Figures.size(progress.readBytes()) + ", "
                + Figures.count(Math.round(rate.records())) + " records/s, "
                + Figures.size(Math.round(rate.bytes())) + "/s";
        return progress.lag().map(ProgressText::behind).orElseGet(() -> done(progress, rate)) + ", " + text + ", "
                + Figures.duration(progress.elapsed()) + underWay(progress);
    }

    /** The share that is done and the time that is left, as far as somebody can tell; tables and splits else. */
    private static String done(Progress progress, Rate rate) {
        StringBuilder text = new StringBuilder();
        if (progress.share().isPresent()) {
            text.append(percent(progress.share().getAsDouble()));
            rate.left()
                    .ifPresent(left ->
                            text.append(", ").append(Figures.duration(left)).append(" left"));
            text.append(", ");
        }
        return text + tables(progress) + splits(progress);
    }

    /** Never 100 before the end: what is expected is not certain. */
    private static String percent(double share) {
        return (int) Math.min(99, share * 100) + " %";
    }

    private static String waiting(Progress.Waiting waiting) {
        return switch (waiting) {
            case SOURCE -> ", waiting for the source";
            case TARGET -> ", waiting for the target";
            case SPEED_LIMIT -> ", at the speed limit";
        };
    }

    /** What there is to tell of a stream, in place of how many splits are done: first, as a narrow terminal shows no more. */
    private static String behind(Lag lag) {
        return lag.lost().isZero()
                ? "behind by " + Figures.size(lag.bytes()) + " and " + Figures.duration(lag.delay())
                : "stream lost for " + Figures.duration(lag.lost());
    }

    private static String tables(Progress progress) {
        return progress.tables() > 1
                ? Figures.count(progress.tablesDone()) + "/" + Figures.count(progress.tables()) + " tables, "
                : "";
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
        if (!progress.waits().isEmpty()) {
            // First, as a narrow terminal shows no more.
            return cut(outside(progress) + ", " + figures(progress, rate), columns);
        }
        String text = plain(progress, rate);
        int room = columns - 1 - (text.length() - underWay(progress).length()) - 3;
        boolean known = progress.splits() > 1 || progress.share().isPresent();
        if (known && progress.lag().isEmpty() && room >= SHORTEST_BAR) {
            text = bar(progress, Math.min(room, LONGEST_BAR)) + ' ' + text;
        }
        return cut(text, columns);
    }

    private static String cut(String text, int columns) {
        return text.length() < columns ? text : text.substring(0, Math.max(0, columns - 1));
    }

    private static String bar(Progress progress, int width) {
        double share = progress.share().orElse((double) progress.splitsDone() / Math.max(1, progress.splits()));
        int done = (int) Math.max(0, Math.min(width, share * width));
        return '[' + "=".repeat(done) + " ".repeat(width - done) + ']';
    }
}
