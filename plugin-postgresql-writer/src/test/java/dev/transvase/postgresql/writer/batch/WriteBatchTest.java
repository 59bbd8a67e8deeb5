package dev.transvase.postgresql.writer.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.transvase.postgresql.writer.Numbers;
import dev.transvase.spi.record.RecordBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteBatchTest {

    private static WriteBatch.Part part(int from, int to) {
        RecordBatch batch = Numbers.batch(from, to, id -> "x".repeat(id));
        return new WriteBatch.Part(batch, batch);
    }

    @Test
    void slicesAcrossParts() {
        WriteBatch batch = WriteBatch.of(0, null, List.of(part(0, 3), part(3, 4), part(4, 9)));
        assertThat(batch.records()).isEqualTo(9);
        assertThat(batch.bytes()).isEqualTo(9 * 14 + 36);
        WriteBatch slice = batch.slice(2, 5);
        assertThat(slice.parts()).extracting(WriteBatch.Part::size).containsExactly(1, 1, 1);
        assertThat(slice.bytes()).isEqualTo(3 * 14 + 2 + 3 + 4);
        assertThat(batch.slice(4, 9).parts()).containsExactly(batch.parts().get(2));
    }

    @Test
    void mergesThoseOfOneTable() {
        WriteBatch first = WriteBatch.of(0, null, List.of(part(0, 2)));
        WriteBatch other = WriteBatch.of(1, null, List.of(part(2, 3)));
        WriteBatch third = WriteBatch.of(0, null, List.of(part(3, 7)));
        assertThat(WriteBatch.merge(List.of(first, other, third)))
                .extracting(WriteBatch::table, WriteBatch::records)
                .containsExactly(tuple(0, 6), tuple(1, 1));
    }
}
