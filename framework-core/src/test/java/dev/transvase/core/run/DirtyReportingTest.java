package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.transvase.core.job.JobSettings.DirtyValues;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DirtyReportingTest {

    private static final Schema SCHEMA = Schema.of(new TableName("", "t"), List.of(Column.of("id", Type.Scalar.INT64)));

    private static DirtyRecord record(String sqlState, String constraint, String message) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("id", "4711");
        values.put("note", "hidden");
        values.put("empty", null);
        return new DirtyRecord(0, values, sqlState, constraint, message, "0/1", "do this");
    }

    private static final DirtyRecord KEY = record(
            "23505",
            "t_pkey",
            "duplicate key value violates unique constraint \"t_pkey\" Detail: Key (id)=(4711) already exists.");

    @Test
    void withoutASettingTheFileHasTheValuesAndMessagesHaveNone() {
        DirtyReporting telling = new DirtyReporting(Optional.empty());

        assertThat(telling.forFile(KEY, SCHEMA)).isEqualTo(KEY);
        assertThat(telling.message(KEY)).isEqualTo("a key that already exists (SQLSTATE 23505), constraint t_pkey");
    }

    @Test
    void noMessageOfAServerOrPluginGetsThrough() {
        DirtyReporting telling = new DirtyReporting(Optional.empty());

        assertThat(telling.message(
                        record("22P02", "", "column note: invalid input syntax for type integer: \"hidden\"")))
                .isEqualTo("a text that is not valid for its type (SQLSTATE 22P02), column note");
        assertThat(telling.message(record(
                        "23502", "", "null value in column \"empty\" Detail: Failing row contains (4711, hidden)")))
                .isEqualTo("a NULL in a NOT NULL column (SQLSTATE 23502), column empty");
        assertThat(telling.message(record("P0001", "", "4711 \u00AB hidden \u00BB")))
                .isEqualTo("a rejected record (SQLSTATE P0001)");
        assertThat(telling.message(record("", "", "4711"))).isEqualTo("a rejected record");
    }

    @Test
    void fullTellsEverythingEverywhere() {
        DirtyReporting telling = new DirtyReporting(Optional.of(DirtyValues.FULL));

        assertThat(telling.forFile(KEY, SCHEMA)).isEqualTo(KEY);
        assertThat(telling.message(KEY)).isEqualTo(KEY.message());
    }

    @Test
    void maskKeepsTypeAndLengthAndWhatIsNull() {
        DirtyRecord masked = new DirtyReporting(Optional.of(DirtyValues.MASK)).forFile(KEY, SCHEMA);

        assertThat(masked.values())
                .containsExactly(
                        entry("id", "*** (int64, 4 characters)"),
                        entry("note", "*** (6 characters)"),
                        entry("empty", null));
        assertThat(masked.message()).doesNotContain("4711");
        assertThat(masked)
                .extracting(DirtyRecord::sqlState, DirtyRecord::position)
                .containsExactly("23505", "0/1");
    }

    @Test
    void omitKeepsNone() {
        DirtyReporting telling = new DirtyReporting(Optional.of(DirtyValues.OMIT));

        assertThat(telling.forFile(KEY, SCHEMA).values()).isEmpty();
        assertThat(telling.forFile(KEY, SCHEMA).message()).doesNotContain("4711");
        assertThat(telling.message(KEY)).doesNotContain("4711");
    }
}
