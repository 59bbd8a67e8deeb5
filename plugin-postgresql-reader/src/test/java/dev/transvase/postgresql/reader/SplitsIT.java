package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.Split;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SplitsIT {

    private static TestingDatabase database;

    @BeforeAll
    static void create() {
        database = TestingPostgres.newest().createDatabase();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    private static ReaderSetup table(String name) {
        return ReaderSetup.of(database).table(name);
    }

    /** The rows of each split, in the first column's text. */
    private static List<List<String>> cut(Reading reading) {
        assertThat(reading.checks.errors).isEmpty();
        List<List<String>> bySplit = new ArrayList<>();
        for (Split split : reading.splits) {
            List<String> keys = new ArrayList<>();
            reading.rows(split).forEach(row -> keys.add(row.get(0)));
            bySplit.add(keys);
        }
        return bySplit;
    }

    private static List<String> all(List<List<String>> bySplit) {
        return bySplit.stream().flatMap(List::stream).toList();
    }

    private static List<String> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(Long::toString).toList();
    }

    @Test
    void cutsIntoChannelsTimesSplitFactor() throws SQLException {
        database.execute(
                "CREATE TABLE even (id bigint PRIMARY KEY)", "INSERT INTO even SELECT generate_series(-500, 499)");
        try (Reading reading = Reading.of(table("even").splitPk("id").splitFactor(4), 3)) {
            List<List<String>> bySplit = cut(reading);
            assertThat(bySplit).hasSize(12);
            assertThat(bySplit).allSatisfy(rows -> assertThat(rows).hasSizeBetween(76, 84));
            assertThat(all(bySplit)).containsExactlyInAnyOrderElementsOf(numbers(-500, 499));
            assertThat(reading.splits.stream().map(Split::id)).doesNotHaveDuplicates();
        }
    }

    @Test
    void oneSplitWithoutSplitPk() throws SQLException {
        database.execute("CREATE TABLE whole AS SELECT generate_series(1, 100) AS id");
        try (Reading reading = Reading.of(table("whole"), 4)) {
            assertThat(cut(reading)).hasSize(1);
        }
        try (Reading reading = Reading.of(table("whole").splitPk(" "), 4)) {
            assertThat(cut(reading)).hasSize(1);
        }
    }

    @Test
    void anOutlierDoesNotPutAllRowsIntoOneSplit() throws SQLException {
        database.execute(
                "CREATE TABLE skewed (id bigint PRIMARY KEY)",
                "INSERT INTO skewed SELECT generate_series(1, 1000)",
                "INSERT INTO skewed VALUES (9223372036854775807), (-9223372036854775808)");
        try (Reading reading = Reading.of(table("skewed").splitPk("id"), 2)) {
            List<List<String>> bySplit = cut(reading);
            assertThat(bySplit).hasSize(10).allSatisfy(rows -> assertThat(rows).hasSizeBetween(90, 110));
            assertThat(all(bySplit))
                    .hasSize(1002)
                    .contains("9223372036854775807", "-9223372036854775808")
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void nullKeysAreReadOnceInASplitOfTheirOwn() throws SQLException {
        database.execute(
                "CREATE TABLE sparse (id int)",
                "INSERT INTO sparse SELECT CASE WHEN n % 3 > 0 THEN n END FROM generate_series(1, 90) n");
        try (Reading reading = Reading.of(table("sparse").splitPk("id").splitFactor(2), 2)) {
            List<List<String>> bySplit = cut(reading);
            assertThat(bySplit).hasSize(5);
            assertThat(bySplit.get(4)).hasSize(30).containsOnlyNulls();
            assertThat(bySplit.subList(0, 4))
                    .allSatisfy(rows -> assertThat(rows).hasSize(15).doesNotContainNull());
        }
    }

    @Test
    void onlyNullsAndFewKeys() throws SQLException {
        database.execute(
                "CREATE TABLE nothing (id int)",
                "CREATE TABLE one (id int PRIMARY KEY)",
                "INSERT INTO one VALUES (7)",
                "CREATE TABLE nulls (id int)",
                "INSERT INTO nulls VALUES (NULL), (NULL)",
                "CREATE TABLE same AS SELECT 5 AS id FROM generate_series(1, 50)",
                "CREATE TABLE two AS SELECT CASE WHEN n < 40 THEN 1 ELSE 2 END AS id FROM generate_series(1, 50) n");
        assertThat(sizes("nothing")).containsExactly(0);
        assertThat(sizes("one")).containsExactly(1);
        assertThat(sizes("nulls")).containsExactly(2);
        assertThat(sizes("same")).containsExactly(50);
        assertThat(sizes("two")).containsExactly(39, 11, 0);
    }

    private static List<Integer> sizes(String table) {
        try (Reading reading = Reading.of(table(table).splitPk("id"), 2)) {
            return cut(reading).stream().map(List::size).toList();
        }
    }

    @Test
    void rowsOutsideOfWhereDoNotCount() throws SQLException {
        database.execute("CREATE TABLE filtered AS SELECT generate_series(1, 10000) AS id");
        try (Reading reading = Reading.of(table("filtered").splitPk("id").where("id > 9900"), 2)) {
            List<List<String>> bySplit = cut(reading);
            // The empty one is for NULL.
            assertThat(bySplit.subList(0, 10))
                    .allSatisfy(rows -> assertThat(rows).hasSize(10));
            assertThat(all(bySplit)).containsExactlyInAnyOrderElementsOf(numbers(9901, 10000));
        }
    }

    @Test
    void quotedKeysAndSmallTypes() throws SQLException {
        database.execute(
                "CREATE DOMAIN tiny AS smallint",
                "CREATE TABLE quoted (\"1-Key\" smallint NOT NULL, t tiny)",
                "INSERT INTO quoted SELECT n, n FROM generate_series(-32768, 32767) n");
        try (Reading reading = Reading.of(table("quoted").splitPk("\"1-Key\""), 1)) {
            assertThat(cut(reading))
                    .hasSize(5)
                    .allSatisfy(rows -> assertThat(rows).hasSizeBetween(12000, 14300));
        }
        try (Reading reading = Reading.of(table("quoted").splitPk("T"), 1)) {
            assertThat(reading.splits).hasSize(6);
        }
    }

    /** Large enough to be sampled by blocks. */
    @Test
    void manyKeysAreSampledAndStillAllRead() throws SQLException {
        database.execute(
                "CREATE TABLE many (id bigint NOT NULL, filler text)",
                "INSERT INTO many SELECT n::bigint * n, repeat('x', 500) FROM generate_series(1, 60000) n");
        try (Reading reading =
                Reading.of(table("many").column("id").splitPk("id").splitFactor(2), 4)) {
            List<List<String>> bySplit = cut(reading);
            assertThat(bySplit).hasSize(8).allSatisfy(rows -> assertThat(rows).hasSizeBetween(4000, 12000));
            assertThat(all(bySplit)).hasSize(60000).doesNotHaveDuplicates();
        }
    }

    @Test
    void aKeyThatIsNoIntegerIsIgnoredWithAWarning() throws SQLException {
        database.execute(
                "CREATE DOMAIN named AS text",
                "CREATE TABLE others AS SELECT n::text AS t, n::numeric AS n, md5(n::text)::uuid AS u,"
                        + " timestamp '2026-01-01' + n * interval '1 s' AS ts, n::float8 AS f, n::text::named AS d"
                        + " FROM generate_series(1, 50) n");
        for (String key : List.of("t", "n", "u", "ts", "f", "d")) {
            try (Reading reading = Reading.of(table("others").splitPk(key), 4)) {
                assertThat(cut(reading))
                        .singleElement()
                        .satisfies(rows -> assertThat(rows).hasSize(50));
                assertThat(reading.checks.warnings)
                        .singleElement()
                        .satisfies(w -> assertThat(w.parameter()).isEqualTo("splitPk"))
                        .satisfies(w -> assertThat(w.message()).contains(key + " is of type ", "by one channel"));
            }
        }
        assertThat(warning(table("others").splitPk("t"))).contains("of type text");
        assertThat(warning(table("others").splitPk("ts"))).contains("of type timestamp without time zone");
    }

    private static String warning(ReaderSetup setup) {
        try (Reading reading = Reading.of(setup, 4)) {
            return reading.checks.warnings.get(0).message();
        }
    }

    @Test
    void keysOfAllKindsBesideExpressions() throws SQLException {
        database.execute(
                "CREATE DOMAIN code AS bigint CHECK (VALUE IS NOT NULL)",
                "CREATE DOMAIN wider AS code",
                "CREATE TABLE kinds (\"123Test\" serial, \"Mixed\" int GENERATED ALWAYS AS IDENTITY, small smallint,"
                        + " low int, high bigserial, deep wider)",
                "INSERT INTO kinds (small, low, deep) SELECT n, -2147483648 + n, -9223372036854775808 + n"
                        + " FROM generate_series(0, 999) n",
                "UPDATE kinds SET small = -32768, low = 2147483647, deep = 9223372036854775807 WHERE small = 0",
                "UPDATE kinds SET small = 32767 WHERE small = 999");
        for (String key : List.of("\"123Test\"", "\"Mixed\"", "Mixed", "small", "LOW", "high", "deep")) {
            try (Reading reading = Reading.of(
                    table("kinds")
                            .column("\"123Test\" + 1", "'x'", "upper('y' || \"Mixed\")")
                            .splitPk(key)
                            .where("\"Mixed\" > 0 -- all"),
                    2)) {
                List<List<String>> bySplit = cut(reading).subList(0, 10);
                assertThat(bySplit).as(key).allSatisfy(rows -> assertThat(rows).hasSize(100));
                assertThat(all(bySplit)).containsExactlyInAnyOrderElementsOf(numbers(2, 1001));
            }
        }
    }

    @Test
    void aKeyThatIsNotThereIsAnError() throws SQLException {
        database.execute("CREATE TABLE keyed (order_id int)");
        try (Reading reading = Reading.of(table("keyed").splitPk("orderid"), 2)) {
            assertThat(reading.checks.errors)
                    .containsExactly(new RecordedChecks.Finding(
                            "splitPk",
                            "COLUMN_NOT_FOUND",
                            "table public.keyed has no column orderid",
                            "did you mean order_id?"));
        }
    }

    @Test
    void ctidRangesCoverEachRowOnce() throws SQLException {
        database.execute(
                "CREATE TABLE positioned AS SELECT n::text AS id, repeat('x', 400) AS filler"
                        + " FROM generate_series(1, 5000) n",
                "CREATE VIEW positioned_view AS SELECT * FROM positioned");
        try (Reading reading = Reading.of(table("positioned").byCtid().splitFactor(3), 2)) {
            List<List<String>> bySplit = cut(reading);
            assertThat(bySplit).hasSize(6).allSatisfy(rows -> assertThat(rows).hasSizeBetween(400, 1000));
            assertThat(all(bySplit)).containsExactlyInAnyOrderElementsOf(numbers(1, 5000));
        }
        try (Reading reading = Reading.of(table("positioned_view").byCtid(), 2)) {
            assertThat(cut(reading)).hasSize(1);
            assertThat(reading.checks.warnings).extracting(w -> w.parameter()).containsExactly("splitBy");
        }
        try (Reading reading = Reading.of(table("positioned").byCtid(), 1)) {
            assertThat(reading.splits).hasSize(1);
        }
    }

    /** Before PostgreSQL 14 each range is a scan of the whole table, so there are no more than are read at a time. */
    @ParameterizedTest
    @MethodSource("majors")
    void ctidOnEveryMajor(int major) throws SQLException {
        try (TestingDatabase other = TestingPostgres.major(major).createDatabase()) {
            other.execute("CREATE TABLE t AS SELECT n AS id, repeat('x', 400) AS f FROM generate_series(1, 900) n");
            try (Reading reading = Reading.of(ReaderSetup.of(other).table("t").byCtid(), 2)) {
                assertThat(reading.splits).hasSize(major < 14 ? 2 : 10);
                assertThat(reading.checks.warnings).isEmpty();
                assertThat(all(cut(reading))).containsExactlyInAnyOrderElementsOf(numbers(1, 900));
            }
        }
    }

    static List<Integer> majors() {
        return TestingPostgres.majors();
    }

    @Test
    void ctidRangesOfPartitionsCoverEachRowOnce() throws SQLException {
        database.execute(
                "CREATE TABLE spread (id int, filler text) PARTITION BY RANGE (id)",
                "CREATE TABLE spread_small PARTITION OF spread FOR VALUES FROM (MINVALUE) TO (100)",
                "CREATE TABLE spread_large PARTITION OF spread FOR VALUES FROM (100) TO (MAXVALUE)",
                "INSERT INTO spread SELECT n, repeat('x', 400) FROM generate_series(1, 3000) n");
        try (Reading reading = Reading.of(table("spread").column("id").byCtid(), 2)) {
            List<List<String>> bySplit = cut(reading);
            assertThat(bySplit).hasSize(10);
            assertThat(all(bySplit)).containsExactlyInAnyOrderElementsOf(numbers(1, 3000));
        }
    }

    /** Without a shared snapshot, what is appended after the cut is in the last range. */
    @Test
    void ctidRangesOfATableWithDeadRowsThatGrows() throws SQLException {
        database.execute(
                "CREATE TABLE growing (id text, filler text) WITH (autovacuum_enabled = off)",
                "INSERT INTO growing SELECT n, repeat('x', 400) FROM generate_series(1, 3000) n",
                "DELETE FROM growing WHERE id::int % 3 > 0");
        try (Reading reading = Reading.of(table("growing").byCtid().inconsistent(), 2)) {
            assertThat(reading.splits).hasSize(10);
            assertThat(reading.checks.warnings)
                    .singleElement()
                    .satisfies(w -> assertThat(w.parameter()).isEqualTo("consistentSnapshot"));
            database.execute("INSERT INTO growing SELECT n, repeat('x', 400) FROM generate_series(3001, 4000) n");
            List<List<String>> bySplit = cut(reading);
            assertThat(all(bySplit)).hasSize(2000).doesNotHaveDuplicates();
            assertThat(bySplit.get(9)).containsAll(numbers(3001, 4000));
        }
    }

    @Test
    void anIntegerKeyIsPreferredToPositions() throws SQLException {
        database.execute("CREATE TABLE both_given AS SELECT n AS id, n::text AS t FROM generate_series(1, 5000) n");
        try (Reading reading = Reading.of(table("both_given").splitPk("id").byCtid(), 2)) {
            assertThat(reading.splits.get(0).description())
                    .contains("\"id\" <=")
                    .doesNotContain("ctid");
            assertThat(reading.checks.warnings).isEmpty();
        }
        try (Reading reading = Reading.of(table("both_given").splitPk("t").byCtid(), 2)) {
            assertThat(reading.splits).hasSize(10);
            assertThat(reading.splits.get(0).description()).contains("ctid <");
            assertThat(reading.checks.warnings)
                    .singleElement()
                    .satisfies(w -> assertThat(w.message()).contains("read by physical position"));
        }
    }

    @Test
    void theSameSplitsWhenPlannedAgain() throws SQLException {
        database.execute("CREATE TABLE twice AS SELECT n AS id FROM generate_series(1, 1000) n");
        try (Reading first = Reading.of(table("twice").splitPk("id").inconsistent(), 2);
                Reading second = Reading.of(table("twice").splitPk("id").inconsistent(), 2)) {
            assertThat(first.splits).isEqualTo(second.splits);
            assertThat(IntStream.range(0, 11).mapToObj(i -> first.splits.get(i).id()))
                    .doesNotHaveDuplicates();
        }
    }
}
