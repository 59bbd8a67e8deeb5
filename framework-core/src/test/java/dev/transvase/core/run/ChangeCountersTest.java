package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.run.Progress.Changes;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeCountersTest {

    private final ChangeCounters changes = new ChangeCounters();

    @Test
    void theTwoRecordsOfAnUpdateAreOneChange() {
        read(RecordKind.INSERT, RecordKind.INSERT, RecordKind.INSERT, RecordKind.INSERT);
        read(
                RecordKind.INSERT,
                RecordKind.UPDATE_BEFORE,
                RecordKind.UPDATE_AFTER,
                RecordKind.UPDATE_AFTER,
                RecordKind.DELETE,
                RecordKind.DELETE,
                RecordKind.DELETE,
                RecordKind.TRUNCATE);
        assertThat(changes.soFar(0)).isEqualTo(new Changes(5, 2, 3, 1, 0));
    }

    @Test
    void reconnectsOfClosedReadersStay() {
        changes.reconnected(2);
        changes.reconnected(1);
        assertThat(changes.soFar(4).reconnects()).isEqualTo(7);
    }

    private void read(RecordKind... kinds) {
        RecordBatchBuilder builder = new RecordBatchBuilder(TestingSteps.SCHEMA);
        for (RecordKind kind : List.of(kinds)) {
            builder.beginRecord(kind).appendLong(1).endRecord();
        }
        changes.read(builder.build());
    }
}
