package dev.transvase.spi.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordFieldsTest {

    private static final Schema SCHEMA = Schema.of(
            new TableName("public", "things"),
            List.of(
                    Column.of("a", Type.Scalar.TEXT),
                    Column.of("b", Type.Scalar.TEXT),
                    Column.of("c", Type.Scalar.TEXT),
                    Column.of("d", Type.Scalar.TEXT)));

    /** A byte of something else before and behind. */
    private static final byte[] RECORD = {9, 0, 4, 0, 0, 0, 2, 'x', 'y', -1, -1, -1, -1, -1, -1, -1, -2, 0, 0, 0, 0, 9};

    private final RecordFields fields = new RecordFields(SCHEMA);

    private static void malformed(Runnable access, String message) {
        assertThatThrownBy(access::run)
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("MALFORMED_RECORD"))
                .hasMessageContaining("public.things")
                .hasMessageContaining(message);
    }

    @Test
    void findsFieldsInAnyOrder() {
        fields.moveTo(RECORD, 1, RECORD.length - 1);
        assertThat(fields.length(3)).isZero();
        assertThat(fields.length(2)).isEqualTo(RecordBatch.UNCHANGED);
        assertThat(fields.length(1)).isEqualTo(RecordBatch.NULL);
        assertThat(fields.length(0)).isEqualTo(2);
        assertThat(fields.offset(0)).isEqualTo(7);
        assertThat(fields.offset(1)).isEqualTo(13);
        assertThat(fields.end()).isEqualTo(RECORD.length - 1);
    }

    @Test
    void theEndIsFoundWhereMoreFollows() {
        fields.moveTo(RECORD, 1, RECORD.length);
        assertThat(fields.end()).isEqualTo(RECORD.length - 1);
    }

    @Test
    void forgetsTheRecordBefore() {
        fields.moveTo(RECORD, 1, RECORD.length);
        assertThat(fields.length(0)).isEqualTo(2);
        byte[] other = {0, 4, -1, -1, -1, -1, 0, 0, 0, 1, 'z', -1, -1, -1, -1, -1, -1, -1, -1};
        fields.moveTo(other, 0, other.length);
        assertThat(fields.length(0)).isEqualTo(RecordBatch.NULL);
        assertThat(fields.length(1)).isEqualTo(1);
        assertThat(fields.offset(1)).isEqualTo(10);
        fields.moveAway();
        assertThatThrownBy(() -> fields.length(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRecordThatEndsTooSoonIsMalformed() {
        for (int end = 3; end < RECORD.length - 1; end++) {
            fields.moveTo(RECORD, 1, end);
            malformed(() -> fields.length(3), "ends in the middle of its column");
        }
        fields.moveTo(RECORD, 1, 8);
        malformed(() -> fields.length(0), "column a");
        byte[] negative = {0, 4, -1, -1, -1, -3};
        fields.moveTo(negative, 0, negative.length);
        malformed(() -> fields.offset(0), "column a");
    }

    @Test
    void aRecordOfAnotherWidthIsMalformed() {
        malformed(() -> fields.moveTo(new byte[] {0, 3, -1, -1, -1, -1}, 0, 6), "has 3 fields, its schema 4");
    }

    @Test
    void thereIsNoFieldBeyondTheSchema() {
        fields.moveTo(RECORD, 1, RECORD.length);
        assertThatThrownBy(() -> fields.offset(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> fields.offset(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
