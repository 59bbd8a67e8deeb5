package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A column that is computed over several rows has the value that it has in a statement which reads all of them. */
class ColumnsOverRowsIT {

    private static final int ROWS = 1000;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areComputedOverAllRowsHoweverTheyAreSplit(boolean oldest) throws Exception {
        TestingPostgres server = oldest ? TestingPostgres.oldest() : TestingPostgres.newest();
        try (TestingDatabase database = server.createDatabase()) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, d int)",
                    "INSERT INTO t SELECT i, CASE i WHEN 700 THEN 0 ELSE 1 END FROM generate_series(1, 1000) i",
                    "CREATE TYPE doc AS (n int, x xml)",
                    "CREATE TABLE docs (id int PRIMARY KEY, d doc)",
                    "INSERT INTO docs SELECT i, ROW(i, xml '<?xml version=\"1.0\"?><a/>')::doc"
                            + " FROM generate_series(1, 3) i");
            for (boolean byKey : List.of(true, false)) {
                ReaderSetup windows =
                        ReaderSetup.of(database).table("t").column("id", "lag(id) OVER (ORDER BY id) AS before");
                try (Reading reading = Reading.of(byKey ? windows.splitPk("id") : windows.byCtid(), 4)) {
                    assertThat(reading.rows()).containsExactlyInAnyOrderElementsOf(pairs());
                    assertThat(reading.checks.warnings)
                            .singleElement()
                            .satisfies(warning -> assertThat(warning.message()).contains("computed from several rows"));
                }
            }
            for (String count :
                    List.of("count(*)", "count(*) n", "count(*) AS \"a\"\"b\"", "count(*) AS n -- of all")) {
                try (Reading reading = Reading.of(
                        ReaderSetup.of(database)
                                .table("t")
                                .column(count, "max(id)")
                                .splitPk("id"),
                        4)) {
                    assertThat(reading.rows()).as(count).containsExactly(List.of("1000", "1000"));
                }
            }
            // An index gives the largest key, so that the plan shows no aggregate.
            try (Reading reading = Reading.of(
                    ReaderSetup.of(database).table("t").column("max(id) m").splitPk("id"), 4)) {
                assertThat(reading.rows()).containsExactly(List.of("1000"));
            }
            try (Reading reading = Reading.of(
                    ReaderSetup.of(database).table("t").column("DISTINCT d").splitPk("id"), 4)) {
                assertThat(reading.rows()).containsExactlyInAnyOrder(List.of("0"), List.of("1"));
            }
            try (Reading reading = Reading.of(
                    ReaderSetup.of(database)
                            .table("t")
                            .column("id + 0 AS n", "d")
                            .splitPk("id"),
                    4)) {
                assertThat(reading.splits).hasSizeGreaterThan(1);
            }
            try (Reading reading = Reading.of(
                    ReaderSetup.of(database)
                            .table("t")
                            .column("id", "generate_series(1, 2)")
                            .where("id < 3")
                            .splitPk("id"),
                    4)) {
                assertThat(reading.rows())
                        .containsExactlyInAnyOrder(
                                List.of("1", "1"), List.of("1", "2"), List.of("2", "1"), List.of("2", "2"));
            }
            try (Reading reading =
                    Reading.of(ReaderSetup.of(database).table("docs").column("id", "lag(d) OVER (ORDER BY id)"), 1)) {
                assertThat(reading.rows())
                        .extracting(row -> String.valueOf(row.get(1)))
                        .containsExactlyInAnyOrder(
                                "null",
                                "(1,\"<?xml version=\"\"1.0\"\"?><a/>\")",
                                "(2,\"<?xml version=\"\"1.0\"\"?><a/>\")");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRowThatCannotBeComputedIsToldAndEndsTheRead(boolean oldest) throws Exception {
        TestingPostgres server = oldest ? TestingPostgres.oldest() : TestingPostgres.newest();
        try (TestingDatabase database = server.createDatabase()) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, d int)",
                    "INSERT INTO t SELECT i, CASE i WHEN 700 THEN 0 ELSE 1 END FROM generate_series(1, 1000) i");
            ReaderSetup setup = ReaderSetup.of(database)
                    .table("t")
                    .column("id", "lag(id) OVER (ORDER BY id) / d AS before")
                    .tolerant();
            try (Reading reading = Reading.of(setup, 2)) {
                assertThatThrownBy(reading::rows).isInstanceOfSatisfying(TransvaseException.class, e -> {
                    assertThat(e.code()).isEqualTo("ROW_NOT_READABLE");
                    assertThat(e.getMessage()).contains("division by zero", "row 700, column before", "id=700");
                });
                assertThat(reading.unreadable).isEmpty();
            }
        }
    }

    /** Each id with the one before it. */
    private static List<List<String>> pairs() {
        List<List<String>> pairs = new ArrayList<>();
        for (int id = 1; id <= ROWS; id++) {
            pairs.add(Arrays.asList(Integer.toString(id), id == 1 ? null : Integer.toString(id - 1)));
        }
        return pairs;
    }
}
