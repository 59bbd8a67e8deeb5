package dev.transvase.stream;

import static dev.transvase.stream.TestingColumns.column;
import static dev.transvase.stream.TestingColumns.incr;
import static dev.transvase.stream.TestingColumns.parameters;
import static dev.transvase.stream.TestingColumns.random;
import static dev.transvase.stream.TestingColumns.read;
import static dev.transvase.stream.TestingColumns.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import dev.transvase.testing.contract.CollectedChecks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamReaderTest {

    private static final Duration SOON = Duration.ofSeconds(1);

    @Test
    void withoutParametersTenRecordsAreMade() {
        List<List<String>> records = read(new StreamReaderParameters(List.of(), 10, Optional.empty()), 1);

        assertThat(records).hasSize(10);
        assertThat(records.get(0)).containsExactly("1", "made by the stream reader");
        assertThat(records.get(9)).containsExactly("10", "made by the stream reader");
    }

    @Test
    void columnsAreNamedByPositionUnlessTheyHaveAName() {
        ColumnParameters named =
                new ColumnParameters(Optional.of("when"), "date", Optional.of("2014-12-12"), none(), none(), none(), 0);
        StreamReader reader =
                new StreamReader(parameters(1, value("long", "1"), named, column("uuid", null, null, null, null, 100)));

        Schema schema = reader.plan(new CollectedChecks()).tables().get(0);

        assertThat(schema.columns())
                .containsExactly(
                        Column.of("col1", Type.Scalar.INT64).withNullable(false).withOrigin(Column.Origin.UNNAMED),
                        Column.of("when", Type.Scalar.TIMESTAMP).withNullable(false),
                        Column.of("col3", Type.Scalar.UUID).withOrigin(Column.Origin.UNNAMED));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1023, 1024, 1025, 2500})
    void eachChannelMakesExactlyThatManyRecords(long count) {
        assertThat(read(parameters(count, value("string", "a")), 3)).hasSize((int) (3 * count));
        assertThat(read(parameters(count, random("long", "0,9")), 3)).hasSize((int) (3 * count));
    }

    @Test
    void aSequenceGoesOnOverAllChannels() {
        List<List<String>> records = read(parameters(1500, incr("long", "100,10")), 3);

        assertThat(records.stream().map(r -> Long.parseLong(r.get(0))))
                .containsExactlyElementsOf(
                        LongStream.range(0, 4500).mapToObj(i -> 100 + 10 * i).toList());
    }

    @Test
    void aSequenceThatLeavesItsTypeIsToldBeforeReading() {
        StreamReader reader = new StreamReader(parameters(20_000, incr("short", "1,1"), incr("long", "1,1")));
        CollectedChecks checks = new CollectedChecks();
        Schema schema = reader.plan(checks).tables().get(0);

        reader.split(List.of(schema), 1, checks);
        assertThat(checks.errors()).isEmpty();

        reader.split(List.of(schema), 2, checks);
        assertThat(checks.errors())
                .singleElement()
                .asString()
                .startsWith("column[0].incr SEQUENCE_TOO_LONG: after 40000 records it would be at 40000");
    }

    @Test
    void theSameSeedMakesTheSameRecordsAndAnotherOneOthers() {
        ColumnParameters[] columns = {random("string", "5,20"), random("uuid", "true"), random("double", "0,1")};
        StreamReaderParameters first = new StreamReaderParameters(List.of(columns), 2000, Optional.of(7L));
        StreamReaderParameters other = new StreamReaderParameters(List.of(columns), 2000, Optional.of(8L));

        assertThat(read(first, 2)).isEqualTo(read(first, 2));
        assertThat(read(first, 2)).doesNotContainAnyElementsOf(read(other, 2));
    }

    @Test
    void withoutSeedEveryRunHasItsOwnValues() {
        StreamReaderParameters parameters =
                new StreamReaderParameters(List.of(random("uuid", "true")), 100, Optional.empty());

        assertThat(read(parameters, 1)).doesNotContainAnyElementsOf(read(parameters, 1));
    }

    @Test
    void channelsAndColumnsDoNotRepeatEachOther() {
        List<List<String>> records = read(parameters(1000, random("uuid", "true"), random("uuid", "true")), 2);

        List<String> all = records.stream().flatMap(List::stream).toList();
        assertThat(new HashSet<>(all)).hasSize(4000);
    }

    @Test
    void anotherReaderGoesOnFromAPosition() {
        StreamReaderParameters parameters = new StreamReaderParameters(
                List.of(random("string", "0,30"), incr("long", "1,1"), column("int", null, "0,9", null, null, 50)),
                3000,
                Optional.empty());
        StreamReader reader = new StreamReader(parameters);
        Schema schema = reader.plan(new CollectedChecks()).tables().get(0);
        Split split = reader.split(List.of(schema), 2, new CollectedChecks()).get(1);
        List<List<String>> all = read(reader.open(split, schema, Position.START));

        List<List<String>> pieces = new ArrayList<>();
        SplitReader before = reader.open(split, schema, Position.START);
        pieces.addAll(TestingColumns.texts(before.poll(SOON).orElseThrow()));
        assertThat(before.end().resumePosition().orElseThrow().description()).isEqualTo("record " + pieces.size());
        StreamReader elsewhere = new StreamReader(parameters);
        pieces.addAll(
                read(elsewhere.open(split, schema, before.end().resumePosition().orElseThrow())));

        assertThat(pieces).isEqualTo(all).hasSize(3000);
    }

    @Test
    void aPositionBehindTheEndIsRefused() {
        StreamReader longer = new StreamReader(parameters(2000, value("long", "1")));
        StreamReader shorter = new StreamReader(parameters(10, value("long", "1")));
        Schema schema = longer.plan(new CollectedChecks()).tables().get(0);
        Split split = longer.split(List.of(schema), 1, new CollectedChecks()).get(0);
        SplitReader reading = longer.open(split, schema, Position.START);
        assertThat(reading.poll(SOON)).isPresent();

        assertThatThrownBy(() -> shorter.open(
                        split, schema, reading.end().resumePosition().orElseThrow()))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("BAD_POSITION"))
                .hasMessageContaining("sliceRecordCount");
    }

    @Test
    void batchesOfWideRecordsEndAtAboutAMebibyte() {
        StreamReader reader = new StreamReader(parameters(20, random("string", "300000,300000")));
        Schema schema = reader.plan(new CollectedChecks()).tables().get(0);
        Split split = reader.split(List.of(schema), 1, new CollectedChecks()).get(0);
        SplitReader reading = reader.open(split, schema, Position.START);

        int records = 0;
        while (!reading.finished()) {
            RecordBatch batch = reading.poll(SOON).orElseThrow();
            assertThat(batch.bytes()).isBetween(300_000, (1 << 20) + 300_010);
            records += batch.size();
        }
        assertThat(records).isEqualTo(20);
    }

    @Test
    void aCancelledReaderGivesNothingMore() {
        StreamReader reader = new StreamReader(parameters(5000, value("long", "1")));
        Schema schema = reader.plan(new CollectedChecks()).tables().get(0);
        Split split = reader.split(List.of(schema), 1, new CollectedChecks()).get(0);
        SplitReader reading = reader.open(split, schema, Position.START);
        assertThat(reading.poll(SOON)).isPresent();

        reading.cancel();

        assertThat(reading.poll(SOON)).isEmpty();
        assertThat(reading.finished()).isFalse();
    }

    @Test
    void someOrAllOfAColumnCanBeNull() {
        List<List<String>> records = read(
                parameters(
                        10_000, column("long", "5", null, null, null, 30), column("date", null, null, null, null, 100)),
                1);

        assertThat(records.stream().filter(r -> r.get(0) == null).count()).isBetween(2700L, 3300L);
        assertThat(records).allMatch(r -> r.get(1) == null);
        assertThat(records.stream().map(r -> r.get(0)).distinct()).containsExactlyInAnyOrder("5", null);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        CollectedChecks checks = new CollectedChecks();
        parameters(
                        1,
                        value("lung", "1"),
                        value("long", "abc"),
                        column("long", "1", "1,2", null, null, 0),
                        column("string", null, null, null, null, 0),
                        random("long", "10,1"),
                        random("long", "10"),
                        column("date", "2014-12-12", null, null, "yyyy-bb", 0),
                        random("json", "1,2"),
                        incr("string", "1,1"))
                .validate(checks);

        assertThat(checks.errors())
                .satisfiesExactly(
                        e -> assertThat(e)
                                .startsWith("column[0].type UNKNOWN_TYPE")
                                .contains("\"lung\"", "long, int"),
                        e -> assertThat(e)
                                .startsWith("column[1].value BAD_VALUE")
                                .contains("\"abc\"", "type long"),
                        e -> assertThat(e)
                                .startsWith("column[2] AMBIGUOUS_COLUMN")
                                .contains("value and random"),
                        e -> assertThat(e).startsWith("column[3] MISSING_VALUE").contains("nullPercent"),
                        e -> assertThat(e)
                                .startsWith("column[4].random BAD_VALUE")
                                .contains("greater than"),
                        e -> assertThat(e)
                                .startsWith("column[5].random BAD_VALUE")
                                .contains("LOW,HIGH"),
                        e -> assertThat(e)
                                .startsWith("column[6].dateFormat BAD_DATE_FORMAT")
                                .contains("yyyy-bb"),
                        e -> assertThat(e)
                                .startsWith("column[7].random BAD_VALUE")
                                .contains("only a fixed value"),
                        e -> assertThat(e)
                                .startsWith("column[8].incr BAD_VALUE")
                                .contains("long, int and short"));
    }

    @Test
    void twoColumnsOfOneNameAreRefused() {
        ColumnParameters named =
                new ColumnParameters(Optional.of("col2"), "long", Optional.of("1"), none(), none(), none(), 0);
        CollectedChecks checks = new CollectedChecks();

        parameters(1, named, value("long", "1")).validate(checks);

        assertThat(checks.errors())
                .singleElement()
                .asString()
                .startsWith("column[1] DUPLICATE_COLUMN: the name col2 is already used by column[0]");
    }

    @Test
    void aDateFormatOnATextIsWarnedOf() {
        CollectedChecks checks = new CollectedChecks();

        new StreamReader(parameters(1, column("string", "a", null, null, "yyyy", 0))).plan(checks);

        assertThat(checks.errors()).isEmpty();
        assertThat(checks.warnings()).containsExactly("column[0].dateFormat: has no effect on a column of type string");
    }

    private static Optional<String> none() {
        return Optional.empty();
    }
}
