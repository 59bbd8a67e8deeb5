package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every major as source and as target, old to new and new to old. */
class VersionPairsIT {

    @TempDir
    private Path folder;

    /** The majors that are read and written. */
    record Pair(int source, int target) {}

    /** Each major with itself, with the oldest and with the newest, both ways. */
    static List<Pair> pairs() {
        List<Integer> majors = TestingPostgres.majors();
        int oldest = majors.get(0);
        int newest = majors.get(majors.size() - 1);
        List<Pair> pairs = new ArrayList<>();
        for (int major : majors) {
            for (Pair pair : List.of(
                    new Pair(major, major),
                    new Pair(oldest, major),
                    new Pair(major, oldest),
                    new Pair(newest, major),
                    new Pair(major, newest))) {
                if (!pairs.contains(pair)) {
                    pairs.add(pair);
                }
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void movesATable(Pair pair) throws Exception {
        try (TestingDatabase source = TestingPostgres.major(pair.source()).createDatabase();
                TestingDatabase target = TestingPostgres.major(pair.target()).createDatabase()) {
            source.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, note text)",
                    "INSERT INTO t SELECT i, 'n' || i FROM generate_series(1, 1000) i");
            target.execute("CREATE TABLE t (id int PRIMARY KEY, note text)");
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            for (String mode : List.of("insert", "copy")) {
                target.execute("TRUNCATE t");
                TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(
                        "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"], \"splitPk\": \"id\"}",
                        "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \"" + mode
                                + "\"}",
                        "{\"speed\": {\"concurrent\": 2}}"));
                assertThat(ended.errorMessage()).isEmpty();
                assertThat(target.query("SELECT * FROM t ORDER BY id"))
                        .isEqualTo(source.query("SELECT * FROM t ORDER BY id"));
            }
        }
    }
}
