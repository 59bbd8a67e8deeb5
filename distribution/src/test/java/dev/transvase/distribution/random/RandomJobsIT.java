package dev.transvase.distribution.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For random tables and rows, either both sides are equal or the job says otherwise.
 *
 * <p>More and other ones: {@code -Dtransvase.random.first=1000 -Dtransvase.random.count=500}. Each of them is made from its number
 * alone, so the number that a failure tells makes it again.
 */
class RandomJobsIT {

    private static final long FIRST = Long.getLong("transvase.random.first", 1);
    private static final int COUNT = Integer.getInteger("transvase.random.count", 60);

    @TempDir
    private Path folder;

    record Pair(int source, int target) {}

    static List<Pair> pairs() {
        int oldest = TestingPostgres.oldest().major();
        int newest = TestingPostgres.newest().major();
        return List.of(new Pair(newest, newest), new Pair(oldest, newest), new Pair(newest, oldest));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void eitherBothSidesAreEqualOrTheJobSaysOtherwise(Pair pair) throws Exception {
        List<String> wrong = new ArrayList<>();
        try (RandomJobs jobs =
                new RandomJobs(TestingPostgres.major(pair.source()), TestingPostgres.major(pair.target()), folder)) {
            for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
                Optional<String> found = jobs.run(seed);
                found.ifPresent(wrong::add);
            }
            assertThat(jobs.endings().getOrDefault("succeeded", 0))
                    .as("%s", jobs.endings())
                    .isGreaterThan(COUNT / 3);
        }
        assertThat(wrong).isEmpty();
    }
}
