package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.RoundTrips;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What thousands of rows that cannot be read cost, in statements and in rows that the server looks at. */
class ManyUnreadableRowsIT {

    private static final int ROWS = 2000;
    private static final int BAD = 1500;

    private static final List<TestingDatabase> DATABASES = new ArrayList<>();

    @BeforeAll
    static void create() throws SQLException {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            TestingDatabase database = server.createDatabase();
            DATABASES.add(database);
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, a text, d int)",
                    "INSERT INTO t SELECT i, 'x' || i, CASE WHEN i % 4 = 1 THEN i ELSE 0 END"
                            + " FROM generate_series(1, " + ROWS + ") i",
                    "CREATE VIEW seen AS SELECT a, id, 6000 / d AS x FROM t",
                    "CREATE TABLE parts (id int, a text, d int, p int) PARTITION BY LIST (p)",
                    "CREATE TABLE bad (p int, gone int, d int, a text, id int)",
                    "ALTER TABLE bad DROP COLUMN gone",
                    "ALTER TABLE parts ATTACH PARTITION bad FOR VALUES IN (0)",
                    "CREATE TABLE good PARTITION OF parts FOR VALUES IN (1)",
                    "INSERT INTO parts SELECT id, a, d, 0 FROM t WHERE id <= 400",
                    "INSERT INTO parts SELECT id, a, 1, 1 FROM t WHERE id > 400",
                    "ANALYZE");
        }
    }

    @AfterAll
    static void drop() {
        DATABASES.forEach(TestingDatabase::close);
    }

    private static List<String> sorted(List<String> ids) {
        return ids.stream().sorted(Comparator.comparingInt(Integer::parseInt)).toList();
    }

    private static List<String> ids(boolean bad, int most) {
        return IntStream.rangeClosed(1, most)
                .filter(i -> i % 4 == 1 != bad)
                .mapToObj(Integer::toString)
                .toList();
    }

    private static List<String> ids(List<DirtyRecord> unreadable) {
        return sorted(
                unreadable.stream().map(record -> record.values().get("id")).toList());
    }

    /** How many rows of a table scans have looked at, once the sessions that did so are gone. */
    private static long lookedAt(TestingDatabase database) throws SQLException {
        while (!database.queryForString("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name LIKE 'transvase%'")
                .equals("0")) {
            Thread.onSpinWait();
        }
        return Long.parseLong(database.queryForString(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 't'"));
    }

    @Test
    void aRowOfAQueryThatCannotBeComputedCostsAFewStatements() throws Exception {
        TestingDatabase database = DATABASES.get(1);
        long before = lookedAt(database);
        assertFewStatements(
                database,
                setup -> setup.querySql("SELECT a, id, 6000 / d AS x FROM t").fetchSize(5000));
        assertThat(lookedAt(database) - before).isLessThan(100 * ROWS);
    }

    @Test
    void aRowOfAViewThatCannotBeComputedCostsAFewStatements() throws Exception {
        assertFewStatements(
                DATABASES.get(0), setup -> setup.table("seen").where("id > 0").fetchSize(7));
    }

    private static void assertFewStatements(TestingDatabase database, UnaryOperator<ReaderSetup> what)
            throws Exception {
        try (RoundTrips wire = RoundTrips.to(database.host(), database.port())) {
            ReaderSetup setup = ReaderSetup.at(wire.host(), wire.port(), database);
            try (Reading reading = Reading.of(what.apply(setup).tolerant(), 1)) {
                assertThat(sorted(reading.rows().stream().map(row -> row.get(1)).toList()))
                        .isEqualTo(ids(false, ROWS));
                assertThat(ids(reading.unreadable)).isEqualTo(ids(true, ROWS));
                DirtyRecord last = reading.unreadable.get(BAD - 1);
                assertThat(last.message())
                        .startsWith("column x cannot be read: division by zero (SQLSTATE 22012); row " + ROWS + " of ");
                assertThat(last.values()).containsEntry("a", "x" + ROWS);
            }
            assertThat(wire.count()).isLessThan(25 * BAD);
        }
    }

    @Test
    void rowsOfAQueryThatAreAlikeEndTheReadWhenManyCannotBeComputed() {
        for (TestingDatabase database : DATABASES) {
            String query = "SELECT CASE WHEN d = 0 THEN id END AS some, 6000 / d AS x FROM t";
            try (Reading reading =
                    Reading.of(ReaderSetup.of(database).querySql(query).tolerant(), 1)) {
                assertThatThrownBy(reading::rows)
                        .hasMessageContaining("division by zero")
                        .hasMessageContaining("after 100 others that cannot be computed")
                        .hasMessageContaining("add a key to its columns");
                assertThat(reading.unreadable).hasSizeLessThanOrEqualTo(100);
            }
        }
    }

    /** Beneath a window function the server computes all rows, whichever are asked for. */
    @Test
    void rowsThatAreComputedAllAtOnceAreNotTakenForBad() {
        for (TestingDatabase database : DATABASES) {
            for (String query : List.of(
                    "SELECT row_number() OVER () AS k, id, 6000 / d AS x FROM t",
                    "SELECT DISTINCT id, 6000 / d AS x FROM t",
                    "SELECT id, 6000 / d AS x FROM t LIMIT 1000")) {
                ReaderSetup setup = ReaderSetup.of(database)
                        .querySql(query)
                        .session("SET constraint_exclusion = on")
                        .tolerant();
                try (Reading reading = Reading.of(setup, 1)) {
                    List<String> good = new ArrayList<>();
                    try {
                        reading.rows().forEach(row -> good.add(row.get(row.size() - 2)));
                    } catch (TransvaseException e) {
                        assertThat(e.code()).as(query).isEqualTo("ROW_NOT_READABLE");
                    }
                    List<String> bad = ids(true, ROWS);
                    assertThat(reading.unreadable)
                            .as(query)
                            .allSatisfy(
                                    row -> assertThat(bad).contains(row.values().get("id")));
                    assertThat(good).as(query).doesNotContainAnyElementsOf(bad);
                }
            }
        }
    }

    @Test
    void aPartitionWhoseColumnsStandInAnotherOrderIsReadByItself() throws Exception {
        for (TestingDatabase database : DATABASES) {
            for (String expression : List.of("6000 / d", "6000 / parts.d", "6000 / public.parts.d")) {
                ReaderSetup setup = ReaderSetup.of(database)
                        .table("parts")
                        .column("id", expression, "a", "p")
                        .where("p >= 0")
                        .fetchSize(7)
                        .tolerant();
                try (Reading reading = Reading.of(setup, 1)) {
                    List<List<String>> rows = reading.rows();
                    assertThat(rows).hasSize(ROWS - BAD * 400 / ROWS);
                    assertThat(rows).contains(List.of("5", "1200", "x5", "0"), List.of("2000", "6000", "x2000", "1"));
                    assertThat(ids(reading.unreadable)).isEqualTo(ids(true, 400));
                    assertThat(reading.unreadable.get(0).values())
                            .containsEntry("id", "2")
                            .containsEntry("a", "x2")
                            .containsEntry("p", "0");
                }
            }
            ReaderSetup whole = ReaderSetup.of(database)
                    .table("parts")
                    .column("id", "parts", "6000 / d")
                    .tolerant();
            try (Reading reading = Reading.of(whole, 1)) {
                assertThat(reading.rows()).contains(List.of("5", "(5,x5,5,0)", "1200"));
                assertThat(reading.unreadable.get(0).values()).containsEntry("parts", "(2,x2,0,0)");
            }
        }
    }

    /** A virtual column has the value that the table which is asked for computes. */
    @Test
    void aVirtualColumnIsThatOfTheTableThatIsRead() throws Exception {
        TestingDatabase database = DATABASES.get(1);
        database.execute(
                "CREATE TABLE computing (id int, d int, g int GENERATED ALWAYS AS (10 / d) VIRTUAL)"
                        + " PARTITION BY RANGE (id)",
                "CREATE TABLE otherwise (id int, d int, g int GENERATED ALWAYS AS (777) VIRTUAL)",
                "ALTER TABLE computing ATTACH PARTITION otherwise FOR VALUES FROM (0) TO (9)",
                "INSERT INTO computing (id, d) VALUES (1, 1), (2, 0), (3, 5)");
        ReaderSetup setup =
                ReaderSetup.of(database).table("computing").column("id", "g").tolerant();
        try (Reading reading = Reading.of(setup, 1)) {
            assertThat(reading.rows()).containsExactly(List.of("1", "10"), List.of("3", "2"));
            assertThat(ids(reading.unreadable)).containsExactly("2");
        }
    }

    @Test
    void aBadRowOfOnePartitionDoesNotTouchTheOthers() throws Exception {
        TestingDatabase database = DATABASES.get(1);
        lookedAt(database);
        long before = blocksOfGood(database);
        ReaderSetup setup =
                ReaderSetup.of(database).table("parts").column("id", "6000 / d").tolerant();
        try (Reading reading = Reading.of(setup, 1)) {
            reading.rows();
            assertThat(reading.unreadable).hasSize(BAD * 400 / ROWS);
        }
        lookedAt(database);
        assertThat(blocksOfGood(database) - before).isLessThan(ROWS - 100);
    }

    private static long blocksOfGood(TestingDatabase database) throws SQLException {
        return Long.parseLong(database.queryForString(
                "SELECT heap_blks_read + heap_blks_hit FROM pg_statio_user_tables WHERE relname = 'good'"));
    }
}
