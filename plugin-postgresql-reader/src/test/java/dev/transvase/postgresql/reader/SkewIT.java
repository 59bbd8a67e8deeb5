package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.Split;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many rows the ranges of a key have when its values are not spread evenly. */
class SkewIT {

    private static final int ROWS = 60_000;

    private static TestingDatabase database;

    /** Blocks that are mostly empty make a table that is sampled of few rows. */
    @BeforeAll
    static void create() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE keys (serial bigint NOT NULL, shuffled int NOT NULL, outliers bigint NOT NULL,"
                        + " clusters bigint NOT NULL, exponential bigint NOT NULL, half int NOT NULL, few int NOT NULL,"
                        + " sparse int) WITH (fillfactor = 10, autovacuum_enabled = off)",
                "INSERT INTO keys SELECT n, (n::int8 * 7919 % 60013)::int,"
                        + " CASE n WHEN 1 THEN 9223372036854775807 WHEN 2 THEN -9223372036854775808 ELSE n END,"
                        + " CASE WHEN n % 2 = 0 THEN n ELSE 9000000000000000000 + n END, exp(n * 40.0 / " + ROWS
                        + ")::int8, CASE WHEN n % 2 = 0 THEN 42 ELSE n END, n % 7,"
                        + " CASE WHEN n % 3 > 0 THEN n END FROM generate_series(1, " + ROWS + ") n",
                "CREATE TABLE bloated (id bigint NOT NULL) WITH (fillfactor = 10, autovacuum_enabled = off)",
                "INSERT INTO bloated SELECT generate_series(1, 140000)",
                "ANALYZE bloated",
                "DELETE FROM bloated WHERE id > 3000");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    /**
     * What a split would read.
     *
     * @param rows all of them
     * @param most those of the key that has most
     */
    private record Size(long rows, long most) {}

    private static List<Size> sizes(ReaderSetup setup, String key, int channels) throws SQLException {
        try (Reading reading = Reading.of(setup.column(key + " AS k"), channels)) {
            assertThat(reading.checks.errors).isEmpty();
            StringJoiner all = new StringJoiner(" UNION ALL ");
            for (int i = 0; i < reading.splits.size(); i++) {
                Split split = reading.splits.get(i);
                all.add("SELECT " + i + ", COALESCE(sum(c), 0), COALESCE(max(c), 0) FROM (SELECT count(*) AS c FROM ("
                        + split.description() + ") s (k) GROUP BY s.k) t");
            }
            List<Size> sizes = new ArrayList<>();
            database.query(all + " ORDER BY 1")
                    .forEach(row -> sizes.add(new Size(Long.parseLong(row.get(1)), Long.parseLong(row.get(2)))));
            return sizes;
        }
    }

    /** A key value that alone has more than a share cannot be cut; beside it there must be no more than three. */
    private static void assertBalanced(List<Size> sizes, long rows, int splits) {
        assertThat(sizes).hasSize(splits);
        assertThat(sizes.stream().mapToLong(Size::rows).sum()).isEqualTo(rows);
        assertThat(sizes)
                .allSatisfy(s -> assertThat(s.rows() - s.most()).isLessThanOrEqualTo(3 * Math.max(1, rows / splits)));
    }

    @ParameterizedTest
    @CsvSource({"serial", "shuffled", "outliers", "clusters", "exponential", "half"})
    void noSplitHasMoreThanThreeTimesItsShare(String key) throws SQLException {
        ReaderSetup sampled = ReaderSetup.of(database).table("keys").splitPk(key);
        assertBalanced(sizes(sampled, key, 4), ROWS, 20);
        assertBalanced(sizes(sampled.splitFactor(1), key, 3), ROWS, 3);
    }

    @Test
    void manySplits() throws SQLException {
        ReaderSetup some =
                ReaderSetup.of(database).table("keys").splitPk("half").where("serial % 10 < 2");
        assertBalanced(sizes(some.splitFactor(100), "half", 2), ROWS / 5, 200);
    }

    @Test
    void fewKeysGiveFewSplits() throws SQLException {
        List<Size> sizes = sizes(ReaderSetup.of(database).table("keys").splitPk("few"), "few", 4);
        assertThat(sizes).hasSize(7).allSatisfy(s -> assertThat(s.rows()).isEqualTo(s.most()));
    }

    @Test
    void nullsOfALargeTableAreReadOnce() throws SQLException {
        List<Size> sizes = sizes(ReaderSetup.of(database).table("keys").splitPk("sparse"), "sparse", 2);
        assertThat(sizes.get(10)).isEqualTo(new Size(ROWS / 3, ROWS / 3));
        assertBalanced(sizes.subList(0, 10), ROWS / 3 * 2, 10);
    }

    /** The server believes that there are 140,000 rows in as many blocks as before. */
    @Test
    void aTableThatIsMostlyDeadRows() throws SQLException {
        assertBalanced(sizes(ReaderSetup.of(database).table("bloated").splitPk("id"), "id", 4), 3000, 20);
    }

    /** Of the rows that are wanted the server expects none, and they are in a few blocks only. */
    @Test
    void aConditionThatFewBlocksMeet() throws SQLException {
        ReaderSetup few =
                ReaderSetup.of(database).table("keys").splitPk("serial").where("serial + 0 > 59000");
        assertBalanced(sizes(few, "serial", 4), 1000, 20);
    }

    @Test
    void statisticsThatAreWrongDoNotMatter() throws SQLException {
        database.execute(
                "CREATE TABLE grown (id int NOT NULL) WITH (autovacuum_enabled = off)",
                "ANALYZE grown",
                "INSERT INTO grown SELECT generate_series(1, 100000)",
                "CREATE VIEW underestimated AS SELECT id FROM grown WHERE id + 0 = id AND id - 0 = id",
                "CREATE VIEW overestimated AS SELECT a.id FROM grown a, generate_series(1, 100000) n"
                        + " WHERE a.id = n AND n % 100 = 0");
        for (String table : List.of("grown", "underestimated")) {
            List<Size> sizes =
                    sizes(ReaderSetup.of(database).table(table).splitPk("id").splitPkStable(), "id", 2);
            assertBalanced(sizes.subList(0, 10), 100_000, 10);
        }
        List<Size> sizes = sizes(
                ReaderSetup.of(database).table("overestimated").splitPk("id").splitPkStable(), "id", 2);
        assertBalanced(sizes.subList(0, 10), 1000, 10);
    }

    /** Of a table that is not granted as a whole the positions of rows cannot be seen. */
    @Test
    void aGrantOnTheColumnsSuffices() throws SQLException {
        TestingLogin login = database.createLogin();
        database.execute("GRANT SELECT (serial) ON keys TO " + login.user());
        ReaderSetup setup =
                ReaderSetup.of(database, login.user(), login.password()).table("keys");
        assertBalanced(sizes(setup.splitPk("serial"), "serial", 4), ROWS, 20);
        try (Reading reading = Reading.of(
                ReaderSetup.of(database, login.user(), login.password())
                        .table("keys")
                        .column("serial")
                        .byCtid(),
                2)) {
            assertThat(reading.splits).hasSize(1);
            assertThat(reading.checks.warnings)
                    .singleElement()
                    .satisfies(w -> assertThat(w.message()).contains("not only on some columns"));
        }
        database.execute("REVOKE ALL ON keys FROM " + login.user());
    }

    /** What a session has read of a table is told after its end, so this waits for that. */
    @Test
    void planningReadsASampleOfALargeTable() throws SQLException {
        database.execute(
                "CREATE TABLE large (id bigint NOT NULL) WITH (fillfactor = 10, autovacuum_enabled = off)",
                "INSERT INTO large SELECT generate_series(1, 400000)");
        long blocks = Long.parseLong(
                database.queryForString("SELECT pg_relation_size('large') / current_setting('block_size')::int8"));
        String touched = "SELECT heap_blks_read + heap_blks_hit FROM pg_statio_user_tables WHERE relname = 'large'";
        await(touched, 1);
        database.execute("SELECT pg_stat_reset()");
        await(touched, 0);
        try (Reading reading =
                Reading.of(ReaderSetup.of(database).table("large").splitPk("id"), 2)) {
            assertThat(reading.splits).hasSize(10);
        }
        assertThat(await(touched, 1)).isBetween(2000L, blocks / 4);
    }

    private static long await(String count, long atLeast) throws SQLException {
        long counted;
        do {
            counted = Long.parseLong(database.queryForString(count));
        } while (atLeast == 0 ? counted > 0 : counted < atLeast);
        return counted;
    }
}
