package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Plans, splits and reads as the runtime does, one split after the other. */
final class Reading implements AutoCloseable {

    private static final Duration POLL = Duration.ofSeconds(10);

    final RecordedChecks checks = new RecordedChecks();
    final PostgresReader reader;
    final ReadPlan plan;
    final List<Schema> offered;
    final List<Schema> accepted;
    final List<Split> splits;

    /** Of all splits read. */
    final List<DirtyRecord> unreadable = new ArrayList<>();

    /** Of the last split read. */
    final List<Integer> batchSizes = new ArrayList<>();

    private Reading(ReaderSetup setup, int channels, boolean wire) {
        reader = setup.reader();
        plan = reader.plan(checks);
        offered = plan.tables();
        accepted = wire ? offered : offered.stream().map(Schema::standard).toList();
        splits = checks.failed() ? List.of() : reader.split(accepted, channels, checks);
    }

    /** With native types as text. */
    static Reading of(ReaderSetup setup, int channels) {
        return new Reading(setup, channels, false);
    }

    /** With native types in binary where the reader offers it. */
    static Reading wire(ReaderSetup setup) {
        return new Reading(setup, 1, true);
    }

    SplitReader open(Split split) {
        return reader.open(split, accepted.get(split.table()), Position.START);
    }

    List<List<String>> rows() {
        assertThat(checks.errors).isEmpty();
        List<List<String>> rows = new ArrayList<>();
        splits.forEach(s -> rows.addAll(rows(s)));
        return rows;
    }

    List<List<String>> rows(Split split) {
        batchSizes.clear();
        List<List<String>> rows = new ArrayList<>();
        try (SplitReader open = open(split)) {
            while (!open.finished()) {
                open.poll(POLL).ifPresent(batch -> {
                    batchSizes.add(batch.size());
                    rows.addAll(texts(batch));
                });
                unreadable.addAll(open.unreadable());
            }
        }
        return rows;
    }

    static List<List<String>> texts(RecordBatch batch) {
        List<List<String>> rows = new ArrayList<>();
        RecordCursor cursor = batch.cursor();
        while (cursor.advance()) {
            List<String> row = new ArrayList<>();
            for (int i = 0; i < batch.schema().width(); i++) {
                row.add(cursor.isNull(i) ? null : cursor.getText(i));
            }
            rows.add(row);
        }
        return rows;
    }

    @Override
    public void close() {
        reader.close();
    }
}
