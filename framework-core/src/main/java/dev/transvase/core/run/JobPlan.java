package dev.transvase.core.run;

import dev.transvase.core.job.JobFile;
import dev.transvase.core.job.JobSettings;
import dev.transvase.core.parameter.Problem;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.Position;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.LeftOut;
import dev.transvase.spi.table.Schema;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A job that has been checked and is ready to run: what {@code transvase check} shows and {@link JobRun} does. Holds the
 * reader and the writer open.
 *
 * @param job the job file
 * @param reader reads all splits
 * @param writer writes all records
 * @param targets where each of the reader's tables goes
 * @param splits what there is to read
 * @param unbounded whether reading goes on until it is stopped
 * @param changes the stream of changes that it follows, or whose snapshot it takes
 * @param channels how many will run at the same time
 * @param warnings what the user should know of
 * @param leftOut what is not read although the user may expect it
 * @param notices what the steps warn of while they work
 */
public record JobPlan(
        JobFile job,
        Reader reader,
        Writer writer,
        List<WriteTarget> targets,
        List<Split> splits,
        boolean unbounded,
        Optional<ChangeStream> changes,
        int channels,
        List<Problem> warnings,
        List<LeftOut> leftOut,
        JobNotices notices)
        implements AutoCloseable {

    public JobPlan {
        targets = List.copyOf(targets);
        splits = List.copyOf(splits);
        warnings = List.copyOf(warnings);
        leftOut = List.copyOf(leftOut);
    }

    /** Where a run that was cut short left this split. Blocks on the target. */
    Position storedPosition(Split split) {
        return writer.positions().map(positions -> positions.of(split.id())).orElse(Position.START);
    }

    /** How fast the job's channels may go together. */
    public JobSettings.Speed speed() {
        return job.settings().speed().withChannels(channels);
    }

    /** The schema of this split's records; of a split of many tables, the first one's. */
    Schema schema(Split split) {
        return targets.get(Math.max(0, split.table())).accepted();
    }

    /** The splits of each stage, in the order of the stages. */
    List<List<Split>> stages() {
        return List.copyOf(splits.stream()
                .collect(Collectors.groupingBy(Split::stage, TreeMap::new, Collectors.toList()))
                .values());
    }

    /** Whether this split goes on until it is stopped. */
    boolean follows(Split split) {
        return unbounded && split.stage() == splits.get(splits.size() - 1).stage();
    }

    /** Whether what this split has is changes, rather than the rows of a table. */
    boolean isOfChanges(Split split) {
        return changes.isPresent() && split.table() == Split.MANY_TABLES;
    }

    /** A table's way, for messages: {@code public.orders -> archive.orders}, or its one name. */
    String way(int table) {
        WriteTarget target = targets.get(table);
        String source = target.accepted().table().toString();
        return source.equals(target.target()) ? source : source + " -> " + target.target();
    }

    /** Closes writer and reader; both, whatever the first of them does. */
    @Override
    public void close() {
        try (reader) {
            writer.close();
        }
    }
}
