package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory does not grow with the data: what is moved here is several times the heap. */
class MemoryIT {

    private static final String SAME =
            "SELECT count(*) || ' ' || coalesce(sum(hashtext(t::text)::bigint), 0) FROM %s t";

    @TempDir
    private Path folder;

    @Test
    void fiveMillionRowsPassTwoChannelsInASmallHeap() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            database.execute(
                    "CREATE UNLOGGED TABLE a (id bigint PRIMARY KEY, name text, at timestamptz)",
                    "CREATE UNLOGGED TABLE b (LIKE a)",
                    "INSERT INTO a SELECT i, md5(i::text), timestamptz '2026-01-01 00:00+00' + i * interval '1 second'"
                            + " FROM generate_series(1, 5000000) i");
            move(database, "copy", 5_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "insert"})
    void valuesOfTwoMegabytesPassTwoChannelsInASmallHeap(String mode) throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            database.execute(
                    "CREATE UNLOGGED TABLE a (id bigint PRIMARY KEY, wide text)",
                    "ALTER TABLE a ALTER wide SET STORAGE EXTERNAL",
                    "CREATE UNLOGGED TABLE b (LIKE a)",
                    "INSERT INTO a SELECT i, repeat(md5(i::text), 65536) FROM generate_series(1, 200) i");
            move(database, mode, 200);
        }
    }

    @Test
    void aRowThatIsLargerThanTheHeapIsToldWithTheOptionToSet() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            database.execute(
                    "CREATE UNLOGGED TABLE a (id bigint PRIMARY KEY, wide text)",
                    "CREATE UNLOGGED TABLE b (LIKE a)",
                    "INSERT INTO a SELECT 1, repeat('x', 300 << 20)");
            Ended ended = run(database, "copy", "-Xmx256m");
            assertThat(ended.code()).as(ended.err()).isEqualTo(3);
            assertThat(ended.err())
                    .contains("reading public.a", "heap", "TRANSVASE_JAVA_OPTS=-Xmx")
                    .doesNotContain("defect", "READ_FAILED", "\tat ");
        }
    }

    private Ended run(TestingDatabase database, String mode, String options) throws Exception {
        TestingDistribution transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
        Path sources = Files.writeString(
                folder.resolve("datasources.json"), """
                {"datasources": {"db": {"type": "postgresql", "jdbcUrl": "%s", "username": "%s",
                                        "password": "${env:TRANSVASE_TEST_PASSWORD}"}}}
                """.formatted(database.jdbcUrl(), database.user()));
        Path job = Files.writeString(folder.resolve("job.json"), """
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "postgresql", "name": "R", "category": "reader",
                   "parameter": {"datasource": "db", "table": "a", "column": ["*"], "splitPk": "id"}},
                  {"stepType": "postgresql", "name": "W", "category": "writer",
                   "parameter": {"datasource": "db", "table": "b", "column": ["*"], "writeMode": "%s"}}],
                 "setting": {"speed": {"concurrent": 2}}}
                """.formatted(mode));
        return transvase.run(
                Map.of("TRANSVASE_JAVA_OPTS", options, "TRANSVASE_TEST_PASSWORD", database.password()),
                "run",
                job,
                "--datasources",
                sources);
    }

    private void move(TestingDatabase database, String mode, long rows) throws Exception {
        Ended ended = run(database, mode, "-Xmx128m");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(database.queryForString(SAME.formatted("b")))
                .startsWith(rows + " ")
                .isEqualTo(database.queryForString(SAME.formatted("a")));
    }
}
