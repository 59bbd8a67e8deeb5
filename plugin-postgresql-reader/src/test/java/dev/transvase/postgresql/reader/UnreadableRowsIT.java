package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A row that cannot be read is told, with what is wrong with it; all others are read, each once. */
class UnreadableRowsIT {

    private static final int ROWS = 1200;

    /** The rows of {@code t} whose {@code d} is 0, the last one among them. */
    private static final List<String> ZERO = List.of("1", "2", "400", "800", "801", "1200");

    private static final List<TestingDatabase> DATABASES = new ArrayList<>();

    @BeforeAll
    static void create() throws SQLException {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            TestingDatabase database =
                    server.createDatabase("TEMPLATE template0 ENCODING 'WIN1252' LC_COLLATE 'C' LC_CTYPE 'C'");
            DATABASES.add(database);
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, a text, d int, pad text)",
                    "INSERT INTO t SELECT i, 'x' || i, CASE WHEN i IN (" + String.join(", ", ZERO)
                            + ") THEN 0 ELSE i END, repeat('p', 40) FROM generate_series(1, " + ROWS + ") i",
                    "CREATE VIEW seen AS SELECT id, 6000 / d AS x FROM t",
                    "CREATE TABLE parts (id int, a text, d int) PARTITION BY RANGE (id)",
                    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (500)",
                    "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (500) TO (9999)",
                    "INSERT INTO parts SELECT id, a, d FROM t",
                    // 0x81 means nothing in WIN1252.
                    "CREATE TABLE bytes (id int, a text, tags text[], j jsonb)",
                    "INSERT INTO bytes SELECT i, 'a' || CASE WHEN i IN (5, 600) THEN chr(128) || chr(129) ELSE"
                            + " chr(228) END,"
                            + " CASE WHEN i = 799 THEN ARRAY['b', chr(129)] END, '{}' FROM generate_series(1, 800) i");
        }
    }

    @AfterAll
    static void drop() {
        DATABASES.forEach(TestingDatabase::close);
    }

    private static List<String> first(List<List<String>> rows) {
        return rows.stream().map(row -> row.get(0)).sorted(IDS).toList();
    }

    private static final java.util.Comparator<String> IDS = java.util.Comparator.comparingInt(Integer::parseInt);

    private static List<String> ids(List<DirtyRecord> unreadable) {
        return unreadable.stream()
                .map(record -> record.values().get("id"))
                .sorted(IDS)
                .toList();
    }

    private static List<String> good(int rows, List<String> bad) {
        return IntStream.rangeClosed(1, rows)
                .mapToObj(Integer::toString)
                .filter(id -> !bad.contains(id))
                .toList();
    }

    private static void assertZeroesAreTold(Reading reading) {
        assertThat(first(reading.rows())).isEqualTo(good(ROWS, ZERO));
        assertThat(ids(reading.unreadable)).isEqualTo(ZERO);
        assertThat(reading.unreadable)
                .allSatisfy(record -> assertThat(record.sqlState()).isEqualTo("22012"));
    }

    @Test
    void anExpressionThatFailsInSomeRows() {
        List<UnaryOperator<ReaderSetup>> ways =
                List.of(setup -> setup, setup -> setup.splitPk("id"), ReaderSetup::byCtid, ReaderSetup::inconsistent);
        for (TestingDatabase database : DATABASES) {
            for (UnaryOperator<ReaderSetup> way : ways) {
                for (int fetchSize : ways.indexOf(way) == 0 ? List.of(7, 5000) : List.of(7)) {
                    ReaderSetup setup = way.apply(ReaderSetup.of(database)
                            .table("t")
                            .column("id", "100 / d", "a")
                            .fetchSize(fetchSize)
                            .tolerant());
                    try (Reading reading = Reading.of(setup, 2)) {
                        assertZeroesAreTold(reading);
                        assertThat(reading.unreadable.get(0).message())
                                .contains("column 100 / d cannot be read: division by zero", "of public.t, id = ");
                        assertThat(reading.unreadable.get(0).values()).containsKeys("id", "a");
                    }
                }
            }
        }
    }

    @Test
    void partitionsAreReadByTheirOwnPositions() {
        for (TestingDatabase database : DATABASES) {
            ReaderSetup setup = ReaderSetup.of(database)
                    .table("parts")
                    .column("id", "100 / d")
                    .fetchSize(7)
                    .tolerant();
            try (Reading reading = Reading.of(setup, 2)) {
                assertZeroesAreTold(reading);
            }
        }
    }

    @Test
    void aConditionThatFailsInSomeRows() {
        for (TestingDatabase database : DATABASES) {
            for (int fetchSize : List.of(7, 5000)) {
                ReaderSetup setup = ReaderSetup.of(database)
                        .table("t")
                        .column("id")
                        .where("6000 / d >= 6")
                        .fetchSize(fetchSize)
                        .tolerant();
                try (Reading reading = Reading.of(fetchSize == 7 ? setup : setup.splitPk("id"), 2)) {
                    assertThat(first(reading.rows())).isEqualTo(good(1000, ZERO));
                    assertThat(ids(reading.unreadable)).isEqualTo(ZERO);
                    assertThat(reading.unreadable.get(0).message())
                            .startsWith("where cannot be read: division by zero");
                }
            }
        }
    }

    @Test
    void aTextThatIsNotInItsEncoding() {
        for (TestingDatabase database : DATABASES) {
            for (ReaderSetup setup : List.of(
                    ReaderSetup.of(database).table("bytes"),
                    ReaderSetup.of(database).querySql("SELECT * FROM bytes"))) {
                for (int fetchSize : List.of(7, 5000)) {
                    try (Reading reading = Reading.of(setup.fetchSize(fetchSize).tolerant(), 1)) {
                        assertThat(first(reading.rows())).isEqualTo(good(800, List.of("5", "600", "799")));
                        assertThat(ids(reading.unreadable)).containsExactly("5", "600", "799");
                        DirtyRecord text = reading.unreadable.get(0);
                        assertThat(text.values().get("a")).isEqualTo("\\x618081");
                        assertThat(text.message())
                                .startsWith("column a cannot be read: character with byte sequence 0x81");
                        assertThat(text.sqlState()).isEqualTo("22P05");
                        DirtyRecord array = reading.unreadable.get(2);
                        assertThat(array.message()).startsWith("column tags cannot be read");
                        assertThat(array.values()).containsEntry("a", "a\u00e4").containsEntry("j", "{}");
                    }
                }
            }
        }
    }

    @Test
    void aQueryOrViewWhoseRowsCannotBeComputed() {
        for (TestingDatabase database : DATABASES) {
            for (ReaderSetup setup : List.of(
                    ReaderSetup.of(database).querySql("SELECT id, 6000 / d AS x FROM t"),
                    ReaderSetup.of(database).querySql("SELECT t.id, o.a, 6000 / t.d AS x FROM t JOIN t o USING (id)"),
                    ReaderSetup.of(database).table("seen"))) {
                try (Reading reading = Reading.of(setup.fetchSize(7).tolerant(), 1)) {
                    assertZeroesAreTold(reading);
                    assertThat(reading.unreadable.get(0).message()).startsWith("column x cannot be read");
                }
            }
        }
    }

    @Test
    void aQueryWhoseBadRowCannotBeToldFromOthersFails() {
        for (TestingDatabase database : DATABASES) {
            for (String query : List.of(
                    "SELECT 6000 / d AS x FROM t WHERE id > 300",
                    "SELECT pad, 6000 / d AS x FROM t WHERE id > 300",
                    "SELECT id, sum(6000 / d) AS x FROM t WHERE id > 300 GROUP BY id")) {
                try (Reading reading =
                        Reading.of(ReaderSetup.of(database).querySql(query).tolerant(), 1)) {
                    assertThatThrownBy(reading::rows)
                            .as(query)
                            .hasMessageContaining("division by zero")
                            .hasMessageContaining("Fix the data or the query");
                    assertThat(reading.unreadable).isEmpty();
                }
            }
        }
    }

    @Test
    void aTableThatIsRewrittenWhileTheReadWaitsIsNotReadAsEmpty() throws Exception {
        assertNotReadAsEmpty("rewritten", "CREATE TABLE rewritten AS SELECT 1 AS id");
    }

    @Test
    void aPartitionThatIsRewrittenWhileTheReadWaitsIsNotReadAsEmpty() throws Exception {
        assertNotReadAsEmpty(
                "part_1",
                "CREATE TABLE rewritten (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE part_1 PARTITION OF rewritten FOR VALUES FROM (0) TO (500)",
                "INSERT INTO rewritten VALUES (1)");
    }

    private static void assertNotReadAsEmpty(String part, String... tables) throws Exception {
        for (TestingDatabase database : DATABASES) {
            database.execute(tables);
            try (Reading reading = Reading.of(ReaderSetup.of(database).table("rewritten"), 1);
                    Connection other = database.connect();
                    Statement statement = other.createStatement();
                    SplitReader open = reading.open(reading.splits.get(0))) {
                other.setAutoCommit(false);
                statement.execute("TRUNCATE " + part);
                statement.execute("INSERT INTO " + part + " VALUES (2), (3)");
                assertThat(open.poll(Duration.ZERO)).isEmpty();
                while (database.queryForString("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation =" + " '"
                                + part + "'::regclass")
                        .equals("0")) {
                    assertThat(open.poll(Duration.ofMillis(1))).isEmpty();
                }
                other.commit();
                List<List<String>> rows = new ArrayList<>();
                while (!open.finished()) {
                    open.poll(Duration.ofSeconds(10)).ifPresent(batch -> rows.addAll(Reading.texts(batch)));
                }
                assertThat(first(rows)).containsExactly("2", "3");
            }
            database.execute("DROP TABLE rewritten");
        }
    }

    @Test
    void theRowsAreThoseOfOneMoment() throws SQLException {
        for (TestingDatabase database : DATABASES) {
            database.execute("CREATE TABLE moving AS SELECT * FROM t");
            ReaderSetup setup = ReaderSetup.of(database)
                    .table("moving")
                    .column("id", "100 / d")
                    .where("id > 2")
                    .fetchSize(7)
                    .tolerant();
            try (Reading reading = Reading.of(setup, 1);
                    SplitReader open = reading.open(reading.splits.get(0))) {
                List<List<String>> rows = new ArrayList<>();
                List<DirtyRecord> unreadable = new ArrayList<>();
                open.poll(Duration.ofSeconds(10)).ifPresent(batch -> rows.addAll(Reading.texts(batch)));
                database.execute(
                        "DELETE FROM moving WHERE id % 2 = 0",
                        "UPDATE moving SET d = 0", "INSERT INTO moving SELECT * FROM t");
                while (!open.finished()) {
                    open.poll(Duration.ofSeconds(10)).ifPresent(batch -> rows.addAll(Reading.texts(batch)));
                    unreadable.addAll(open.unreadable());
                }
                assertThat(first(rows)).isEqualTo(good(ROWS, ZERO).stream().toList());
                assertThat(ids(unreadable)).isEqualTo(ZERO.subList(2, ZERO.size()));
            }
            database.execute("DROP TABLE moving");
        }
    }
}
