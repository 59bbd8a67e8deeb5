package dev.transvase.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopGuardTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final StopGuard guard = new StopGuard();
    private final List<String> told = new ArrayList<>();

    @Test
    void whileAJobIsPlannedTheSignalTellsAndTheJobDoesNotBegin() throws InterruptedException {
        assertThat(guard.stop(() -> told.add("unbegun"), PATIENCE)).isTrue();
        assertThat(told).containsExactly("unbegun");
        assertThat(guard.begin(() -> told.add("stop"))).isFalse();
        assertThat(guard.tell()).isFalse();
    }

    @Test
    void aRunningJobIsStoppedAndTellsItself() throws InterruptedException {
        assertThat(guard.begin(() -> {
                    told.add("stop");
                    if (guard.tell()) {
                        told.add("job");
                    }
                    guard.over();
                }))
                .isTrue();
        assertThat(guard.stop(() -> told.add("unbegun"), PATIENCE)).isTrue();
        assertThat(told).containsExactly("stop", "job");
    }

    @Test
    void aJobThatIsTellingIsWaitedFor() throws InterruptedException {
        assertThat(guard.tell()).isTrue();
        guard.over();
        assertThat(guard.stop(() -> told.add("unbegun"), PATIENCE)).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void aJobThatDoesNotEndIsGivenUp() throws InterruptedException {
        guard.begin(() -> told.add("stop"));
        assertThat(guard.stop(() -> told.add("unbegun"), Duration.ofMillis(1))).isFalse();
        assertThat(told).containsExactly("stop");
    }
}
