package dev.transvase.postgresql.writer.changes.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.writer.Numbers;
import dev.transvase.postgresql.writer.TestingStream;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeBufferTest {

    private static RecordBatch batch(RecordKind... kinds) {
        RecordBatchBuilder builder = new RecordBatchBuilder(Numbers.SCHEMA);
        for (RecordKind kind : kinds) {
            builder.beginRecord(kind).appendLong(1).appendText("x").endRecord();
        }
        return builder.build();
    }

    @Test
    void givesWholeTransactionsAndKeepsThePartOfOne() {
        ChangeBuffer buffer = new ChangeBuffer(1 << 20, 5);
        assertThat(buffer.hasWhole()).isFalse();
        buffer.add(batch(RecordKind.INSERT, RecordKind.INSERT), BatchEnd.withinTransaction());
        assertThat(buffer.hasWhole()).isFalse();
        buffer.add(batch(RecordKind.INSERT), BatchEnd.resumeAt(TestingStream.at(1)));
        buffer.add(batch(), BatchEnd.resumeAt(TestingStream.at(2)));
        buffer.add(batch(RecordKind.DELETE, RecordKind.DELETE), BatchEnd.withinTransaction());
        assertThat(buffer.full()).isTrue();
        ChangeGroup whole = buffer.takeWhole();
        assertThat(whole.size()).isEqualTo(3);
        assertThat(whole.resumePosition()).isEqualTo(TestingStream.at(2));
        assertThat(whole.position(0)).isEqualTo("0/1");
        assertThat(buffer.full()).isFalse();
        assertThat(buffer.hasWhole()).isFalse();
        ChangeGroup piece = buffer.takePiece();
        assertThat(piece.size()).isEqualTo(2);
        assertThat(piece.position(1)).isEmpty();
    }

    @Test
    void isFullByWeight() {
        ChangeBuffer buffer = new ChangeBuffer(100, 1000);
        buffer.add(batch(RecordKind.INSERT), BatchEnd.withinTransaction());
        assertThat(buffer.full()).isFalse();
        buffer.add(batch(RecordKind.INSERT, RecordKind.INSERT), BatchEnd.withinTransaction());
        assertThat(buffer.full()).isTrue();
    }

    @Test
    void isFullOfFewRecordsInASmallHeap() {
        RecordKind[] kinds = new RecordKind[100];
        Arrays.fill(kinds, RecordKind.INSERT);
        ChangeBuffer small = ChangeBuffer.fitting(1 << 18);
        ChangeBuffer usual = ChangeBuffer.fitting(1 << 28);
        small.add(batch(kinds), BatchEnd.withinTransaction());
        usual.add(batch(kinds), BatchEnd.withinTransaction());
        assertThat(small.full()).isFalse();
        small.add(batch(kinds), BatchEnd.withinTransaction());
        usual.add(batch(kinds), BatchEnd.withinTransaction());
        assertThat(small.full()).isTrue();
        assertThat(usual.full()).isFalse();
    }

    @Test
    void anUpdateIsOneChangeAlsoWhenItsRecordsComeApart() {
        ChangeGroup group = new ChangeGroup(
                List.of(
                        batch(RecordKind.UPDATE_BEFORE, RecordKind.UPDATE_AFTER, RecordKind.UPDATE_BEFORE),
                        batch(),
                        batch(RecordKind.UPDATE_AFTER, RecordKind.UPDATE_AFTER)),
                List.of(
                        BatchEnd.withinTransaction(),
                        BatchEnd.withinTransaction(),
                        BatchEnd.resumeAt(TestingStream.at(1))));
        assertThat(group.size()).isEqualTo(3);
        assertThat(group.hasBefore(1)).isTrue();
        assertThat(group.beforeBatch(1)).isSameAs(group.batches().get(0));
        assertThat(group.beforeRecord(1)).isEqualTo(2);
        assertThat(group.batch(1)).isSameAs(group.batches().get(2));
        assertThat(group.hasBefore(2)).isFalse();
    }

    @Test
    void aPieceDoesNotEndInTheMidstOfAnUpdate() {
        ChangeBuffer buffer = new ChangeBuffer(1 << 20, 3);
        buffer.add(batch(RecordKind.INSERT, RecordKind.INSERT, RecordKind.UPDATE_BEFORE), BatchEnd.withinTransaction());
        assertThat(buffer.takePiece().size()).isEqualTo(2);
        buffer.add(batch(RecordKind.UPDATE_AFTER), BatchEnd.resumeAt(TestingStream.at(1)));
        ChangeGroup rest = buffer.takeWhole();
        assertThat(rest.size()).isEqualTo(1);
        assertThat(rest.hasBefore(0)).isTrue();
    }

    @Test
    void halfAnUpdateIsRefused() {
        TransvaseException e = catchThrowableOfType(
                TransvaseException.class,
                () -> new ChangeGroup(
                        List.of(batch(RecordKind.UPDATE_BEFORE, RecordKind.INSERT)),
                        List.of(BatchEnd.withinTransaction())));
        assertThat(e.code()).isEqualTo("MALFORMED_CHANGE");
    }
}
