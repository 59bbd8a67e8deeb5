package dev.sluice.core.run;

import static org.assertj.core.api.Assertions.assertThat;

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
    void ofVeryManyTheFirstAreKeptAndTheOthersCounted() {
        List<String> told = new ArrayList<>();
        notices.tell(told::add);
        for (int i = 0; i < JobNotices.MOST + 50; i++) {
            notices.warn("warning " + i);
        }
        assertThat(told).hasSize(JobNotices.MOST + 1).last().isEqualTo("more warnings follow; the log has them");
        assertThat(notices.all())
                .hasSize(JobNotices.MOST + 1)
                .last()
                .isEqualTo("and 50 more warnings, which the log has");
    }
}
