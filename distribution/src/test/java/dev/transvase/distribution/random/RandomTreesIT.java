package dev.transvase.distribution.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of random tables that inherit from one another every row arrives once. Other ones than the build's: {@code
 * -Dtransvase.random.first=1000 -Dtransvase.random.trees=200}.
 */
class RandomTreesIT {

    private static final long FIRST = Long.getLong("transvase.random.first", 1);
    private static final int COUNT = Integer.getInteger("transvase.random.trees", 20);

    @TempDir
    private Path folder;

    @Test
    void everyRowArrivesOnceWithItsOwnTableOrTheNearestAboveIt() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (RandomTrees trees = new RandomTrees(TestingPostgres.newest(), TestingPostgres.oldest(), folder)) {
            for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
                trees.run(seed).ifPresent(wrong::add);
            }
        }
        assertThat(wrong).isEmpty();
    }
}
