package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.error.Notices.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobNoticesTest {

    private final JobNotices notices = new JobNotices();

    @Test
    void eachIsToldAndKeptOnce() {
        List<String> told = new ArrayList<>();
        notices.warn("before anybody listens");
        notices.tell(told::add);
        notices.warn("a");
        notices.warn("a");
        notices.warn("b");
        assertThat(told).containsExactly("before anybody listens", "a", "b");
        assertThat(notices.all()).isEqualTo(told);
    }

    @Test
    void aWaitIsToldOnceBeforeARunAndShownByProgressUntilItIsOver() {
        List<String> told = new ArrayList<>();
        notices.tell(told::add);
        Waiting first = notices.waiting("a lock", Duration.ofSeconds(2));
        Waiting longer = notices.waiting("another", Duration.ofMinutes(3));
        assertThat(told).containsExactly("waiting for a lock", "waiting for another");
        assertThat(notices.all()).isEmpty();
        assertThat(notices.waits()).extracting(Progress.Wait::what).containsExactly("another", "a lock");
        assertThat(notices.waits().get(0).since()).isGreaterThanOrEqualTo(Duration.ofMinutes(3));

        first.now("a lock, held by pid 7");
        longer.close();
        longer.close();
        assertThat(notices.waits()).extracting(Progress.Wait::what).containsExactly("a lock, held by pid 7");

        notices.leaveWaitsToProgress();
        notices.waiting("a third", Duration.ZERO);
        assertThat(told).hasSize(2);
        assertThat(notices.waits()).hasSize(2);
    }

    @Test
    void whoListensLaterIsNotToldAgain() {
        List<String> planning = new ArrayList<>();
        List<String> running = new ArrayList<>();
        notices.tell(planning::add);
        notices.warn("a");
        notices.tell(running::add);
        notices.warn("b");
        assertThat(planning).containsExactly("a");
        assertThat(running).containsExactly("b");
        assertThat(notices.all()).containsExactly("a", "b");
    }

    @Test
    void ofVeryManyTheFirstAreKeptAndTheOthersCountedAndToldOnce() {
        List<String> told = new ArrayList<>();
        notices.tell(told::add);
        int different = JobNotices.MOST + 50;
        for (int i = 0; i < 3 * different; i++) {
            notices.warn("warning " + i % different);
        }
        assertThat(told).hasSize(different).doesNotHaveDuplicates().last().isEqualTo("warning " + (different - 1));
        assertThat(notices.all())
                .hasSize(JobNotices.MOST + 1)
                .last()
                .isEqualTo("and 50 more warnings; the log has them");
    }

    @Test
    void oneThatComesAgainAndAgainIsToldOnceAmongAnyNumberOfOthers() {
        List<String> told = new ArrayList<>();
        notices.tell(told::add);
        int different = JobNotices.MOST + 3 * JobNotices.REMEMBERED;
        for (int i = 0; i < different; i++) {
            notices.warn("warning " + i);
            if (i >= JobNotices.MOST) {
                notices.warn("again");
            }
        }
        assertThat(told).hasSize(different + 1).containsOnlyOnce("again");
        notices.warn("warning " + JobNotices.MOST);
        assertThat(told).as("forgotten by then").hasSize(different + 2);
        assertThat(notices.all())
                .hasSize(JobNotices.MOST + 1)
                .last()
                .isEqualTo("and " + (different + 2 - JobNotices.MOST) + " more warnings; the log has them");
    }
}
