package dev.transvase.ui.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What runs have printed and left: lines for people, progress over time, report, the job as it was. Blocks on the disk. */
public final class RunLogs {

    private final Runs runs;

    public RunLogs(Runs runs) {
        this.runs = runs;
    }

    /**
     * Lines for people.
     *
     * @param to where what comes later begins, for the next call
     * @param end whether there are no more by now
     */
    public record Lines(long from, long to, boolean end, List<String> lines) {}

    /** Those from a place on, which is 0 or a {@code to}. */
    public Lines lines(String id, long from) {
        return lines(new OutputFile(runs.existing(id).output()).read(from));
    }

    static Lines lines(OutputFile.Piece piece) {
        return new Lines(
                piece.from(),
                piece.to(),
                piece.end(),
                piece.lines().stream()
                        .filter(line -> !OutputFile.isProgress(line))
                        .toList());
    }

    /** Progress over time, thinned out to about this many points. */
    public List<JsonNode> progress(String id, int points) {
        return new OutputFile(runs.existing(id).output()).progress(points);
    }

    /** The report; empty before the run has ended, and of one that was killed. */
    public Optional<JsonNode> report(String id) {
        return RunFolder.object(runs.existing(id).report()).map(report -> report);
    }

    /** The file of the job as it was, of dirty records, of the report, of the whole log, or of what the job printed; it need not exist. */
    public Path file(String id, String name) {
        RunFolder folder = runs.existing(id);
        return switch (name) {
            case "job" -> folder.job();
            case "dirty" -> folder.dirty();
            case "report" -> folder.report();
            case "log" -> folder.output();
            default -> folder.printed();
        };
    }

    /** The size of what the job printed, in bytes. */
    public long printed(String id) {
        try {
            Path file = runs.existing(id).printed();
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0; // gone meanwhile
        }
    }
}
