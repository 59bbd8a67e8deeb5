package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.reader.RecordedChecks.Finding;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What only running a statement tells is told by planning and splitting, which is what {@code transvase check} does. */
class TrialReadIT {

    private static TestingDatabase newest;
    private static TestingDatabase oldest;

    @BeforeAll
    static void create() throws SQLException {
        newest = TestingPostgres.newest().createDatabase();
        oldest = TestingPostgres.oldest().createDatabase();
        for (TestingDatabase database : List.of(newest, oldest)) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, a text, d int)",
                    "INSERT INTO t SELECT i, 'x' || i, i - 1 FROM generate_series(1, 5) i",
                    "CREATE SEQUENCE s",
                    "CREATE TABLE log (n int)",
                    "CREATE VIEW counting AS SELECT nextval('s') AS n, id FROM t",
                    "CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql AS"
                            + " $$ BEGIN INSERT INTO log VALUES (1); RETURN 1; END $$",
                    "CREATE FUNCTION raises() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'no luck'; END $$",
                    "CREATE FUNCTION calls_nothing() RETURNS int LANGUAGE plpgsql AS"
                            + " $$ BEGIN RETURN gone_function(); END $$",
                    "CREATE FUNCTION opens() RETURNS refcursor LANGUAGE plpgsql AS"
                            + " $$ DECLARE c refcursor := 'mine'; BEGIN OPEN c FOR SELECT 1; RETURN c; END $$");
        }
    }

    @AfterAll
    static void drop() {
        newest.close();
        oldest.close();
    }

    private static List<Finding> errors(ReaderSetup setup) {
        try (Reading reading = Reading.of(setup, 1)) {
            return reading.checks.errors;
        }
    }

    private static List<TestingDatabase> databases() {
        return List.of(oldest, newest);
    }

    /** A column, what it is called in the message, and the SQLSTATE that it fails with. */
    static Stream<List<String>> failingColumns() {
        return Stream.of(
                List.of("nextval('s')", "25006"),
                List.of("setval('s', id)", "25006"),
                List.of("writes()", "25006"),
                List.of("raises()", "P0001"),
                List.of("calls_nothing()", "42883"),
                List.of("a::int", "22P02"),
                List.of("100 / d", "22012"),
                List.of("(SELECT x.id FROM t x)", "21000"));
    }

    @ParameterizedTest
    @MethodSource("failingColumns")
    void aColumnThatFailsIsNamed(List<String> failing) {
        for (TestingDatabase database : databases()) {
            ReaderSetup setup = ReaderSetup.of(database).table("t").column("id", failing.get(0));
            assertThat(errors(setup))
                    .singleElement()
                    .satisfies(e -> assertThat(e.parameter()).isEqualTo("column"))
                    .satisfies(e -> assertThat(e.message())
                            .contains(
                                    "column " + failing.get(0) + " of public.t", "(SQLSTATE " + failing.get(1) + ")"));
        }
    }

    static Stream<List<String>> failingQueries() {
        return Stream.of(
                List.of("SELECT id, nextval('s') AS n FROM t", "reading querySql", "25006"),
                List.of("SELECT id FROM t FOR UPDATE", "reading querySql", "25006"),
                List.of("SELECT id FROM t FOR SHARE", "reading querySql", "25006"),
                List.of("SELECT writes()", "reading querySql", "25006"),
                List.of("SELECT id, a::int AS b FROM t ORDER BY id", "column b of querySql", "22P02"),
                List.of("SELECT id FROM t WHERE 1 / d > 0", "reading querySql", "22012"),
                List.of(
                        "SELECT id, (SELECT count(*) FROM t x WHERE 1 / x.d > 0) AS c FROM t",
                        "column c of querySql",
                        "22012"));
    }

    @ParameterizedTest
    @MethodSource("failingQueries")
    void aQueryThatFailsIsTold(List<String> failing) {
        for (TestingDatabase database : databases()) {
            assertThat(errors(ReaderSetup.of(database).querySql(failing.get(0))))
                    .singleElement()
                    .satisfies(e -> assertThat(e.parameter()).isEqualTo("querySql"))
                    .satisfies(
                            e -> assertThat(e.message()).contains(failing.get(1), "(SQLSTATE " + failing.get(2) + ")"));
        }
    }

    @Test
    void aServerThatFailsIsNoFaultOfTheJob() {
        for (TestingDatabase database : databases()) {
            ReaderSetup setup = ReaderSetup.of(database)
                    .querySql("SELECT id, (SELECT 1 FROM pg_sleep(3600)) AS s FROM t")
                    .session("SET statement_timeout = '100ms'");
            assertThatThrownBy(() -> errors(setup))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL))
                    .hasMessageContaining("trying to read querySql");
        }
    }

    @Test
    void whatIsNoReadIsRefused() {
        for (TestingDatabase database : databases()) {
            for (String query : List.of(
                    "SELECT id FROM t WHERE id = $1",
                    "SELECT 1; TRUNCATE t",
                    "SELECT",
                    "SELECT gone(id) FROM t",
                    "COPY t TO STDOUT",
                    "SELECT pg_sleep(0)",
                    "SELECT writes(), 1 FROM gone")) {
                assertThat(errors(ReaderSetup.of(database).querySql(query)))
                        .as(query)
                        .singleElement()
                        .satisfies(e -> assertThat(e.parameter()).isEqualTo("querySql"));
            }
        }
    }

    @Test
    void aFailingWhereIsToldAsSuch() {
        for (TestingDatabase database : databases()) {
            assertThat(errors(ReaderSetup.of(database).table("t").where("100 / d > 30")))
                    .singleElement()
                    .satisfies(e -> assertThat(e.parameter()).isEqualTo("where"))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("ROW_NOT_READABLE"))
                    .satisfies(e -> assertThat(e.message()).contains("where on public.t", "division by zero"));
        }
    }

    @Test
    void aViewThatWritesIsTold() {
        for (TestingDatabase database : databases()) {
            assertThat(errors(ReaderSetup.of(database).table("t", "counting")))
                    .singleElement()
                    .satisfies(e -> assertThat(e.parameter()).isEqualTo("column"))
                    .satisfies(e -> assertThat(e.message()).contains("public.counting", "nextval()"));
        }
    }

    @Test
    void whereDirtyRecordsAreToleratedABadFirstRowIsAWarning() {
        try (Reading reading = Reading.of(
                ReaderSetup.of(newest).table("t").column("id", "100 / d").tolerant(), 1)) {
            assertThat(reading.checks.errors).isEmpty();
            assertThat(reading.checks.warnings)
                    .singleElement()
                    .satisfies(w -> assertThat(w.message())
                            .contains("column 100 / d of public.t", "division by zero", "dirty record"));
            assertThat(reading.splits).hasSize(1);
        }
        assertThat(errors(
                        ReaderSetup.of(newest).table("t").column("nextval('s')").tolerant()))
                .hasSize(1);
    }

    @Test
    void ofManyTablesEachThatFailsIsTold() throws SQLException {
        for (TestingDatabase database : databases()) {
            for (int i = 0; i < 300; i++) {
                String fails = i % 100 == 7 ? "1 / (id - id)" : "id";
                database.execute("CREATE VIEW many_" + i + " AS SELECT " + fails + " AS n FROM t");
            }
            String[] names = Stream.iterate(0, i -> i + 1)
                    .limit(300)
                    .map(i -> "many_" + i)
                    .toArray(String[]::new);
            assertThat(errors(ReaderSetup.of(database).table(names)))
                    .extracting(Finding::message)
                    .hasSize(3)
                    .allMatch(message -> message.contains("division by zero"));
        }
    }

    @Test
    void nothingOfATrialIsLeft() throws SQLException {
        for (TestingDatabase database : databases()) {
            // Sessions of the read would wait for ever for one that had kept the lock.
            try (Reading reading = Reading.of(
                    ReaderSetup.of(database)
                            .querySql("SELECT id FROM t, (SELECT pg_advisory_lock(7) IS NULL) x (y) ORDER BY id"),
                    1)) {
                assertThat(reading.rows()).extracting(row -> row.get(0)).containsExactly("1", "2", "3", "4", "5");
            }
            assertThat(database.queryForString("SELECT count(*) FROM log")).isEqualTo("0");
            assertThat(database.queryForString("SELECT is_called FROM s")).isEqualTo("f");
        }
    }

    @Test
    void aCursorsNameIsReadAsText() throws SQLException {
        for (TestingDatabase database : databases()) {
            try (Reading reading = Reading.of(ReaderSetup.of(database).querySql("SELECT opens() AS c"), 1)) {
                assertThat(reading.rows()).isEqualTo(List.of(List.of("mine")));
            }
        }
    }

    @Test
    void withoutATrialTheReadFails() {
        try (Reading reading = Reading.of(
                ReaderSetup.of(newest).querySql("SELECT nextval('s')").withoutTrialRead(), 1)) {
            assertThatThrownBy(reading::rows).hasMessageContaining("nextval");
        }
    }
}
