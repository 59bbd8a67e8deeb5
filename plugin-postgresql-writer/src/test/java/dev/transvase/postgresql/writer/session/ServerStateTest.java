package dev.transvase.postgresql.writer.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which servers may have lost what another answer of theirs has confirmed. */
class ServerStateTest {

    private static final long COMMIT = 500;
    private static final ServerState BEFORE = state("1", 3, "s", 450, 0);

    private static ServerState state(String system, int timeline, String statistics, long log, long recovered) {
        return new ServerState(false, system, timeline, statistics, log, recovered);
    }

    private static void assertKept(ServerState now) {
        assertThat(now.lossSince(BEFORE, COMMIT)).isEmpty();
    }

    private static void assertLost(ServerState now, String told) {
        assertThat(now.lossSince(BEFORE, COMMIT)).get().asString().contains(told);
    }

    @Test
    void theSameServer() {
        assertKept(state("1", 3, "s", 500, 0));
        // It had crashed before, and not since.
        assertKept(state("1", 3, "s", 600, 100));
    }

    @Test
    void aCrash() {
        assertKept(state("1", 3, "t", 600, 500));
        assertLost(state("1", 3, "t", 600, 499), "the server crashed and recovered up to 0/1F3");
        // Stopped in order after that, or somebody has reset the statistics.
        assertKept(state("1", 3, "t", 600, 0));
    }

    @Test
    void aStandbyThatTookOver() {
        assertKept(state("1", 4, "t", 600, 500));
        assertLost(state("1", 4, "t", 600, 499), "a standby took over and recovered up to 0/1F3");
        assertLost(state("1", 4, "t", 600, 0), "on timeline 4");
        assertLost(state("1", 5, "t", 600, 550), "on timeline 5");
        assertLost(state("1", 2, "t", 600, 550), "on timeline 2");
    }

    @Test
    void anotherOrAnOlderServer() {
        assertLost(state("2", 3, "s", 600, 0), "another server answers now (system identifier 2, before it was 1)");
        assertLost(state("1", 3, "s", 499, 0), "older state");
    }

    /** As long as nothing is written, there is nothing to compare but which server it is. */
    @Test
    void whetherItIsTheSame() {
        assertThat(state("1", 3, "t", 7, 7).isSameAs(BEFORE)).isTrue();
        assertThat(state("1", 4, "s", 450, 0).isSameAs(BEFORE)).isFalse();
        assertThat(state("2", 3, "s", 450, 0).isSameAs(BEFORE)).isFalse();
    }
}
