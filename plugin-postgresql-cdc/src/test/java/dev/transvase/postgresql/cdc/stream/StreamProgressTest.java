package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import org.junit.jupiter.api.Test;

/** What the source may forget, and up to where the target is said to be. */
class StreamProgressTest {

    private static final Lsn START = new Lsn(100);

    private final StreamProgress progress = new StreamProgress(START);

    @Test
    void nothingIsConfirmedThatIsNotDurableOrNotKnownToBePublished() {
        progress.committed(new Lsn(200), 1);
        progress.announce();
        assertThat(progress.confirmable()).isEqualTo(START);
        progress.acknowledge(new Lsn(200));
        assertThat(progress.confirmable()).isEqualTo(START);
        assertThat(progress.awaitsLook()).isTrue();
        progress.published(new Lsn(150));
        assertThat(progress.confirmable()).isEqualTo(new Lsn(150));
        progress.published(new Lsn(300));
        assertThat(progress.confirmable()).isEqualTo(new Lsn(200));
        assertThat(progress.awaitsLook()).isFalse();
    }

    @Test
    void theTargetHasAllThatWasReadOnceAllThatWasHandedOnIsDurable() {
        progress.hasRecords();
        progress.committed(new Lsn(200), 7);
        assertThat(progress.settled()).as("its records are on their way").isEqualTo(START);
        assertThat(progress.settledMicros()).isZero();
        progress.announce();
        assertThat(progress.allDurable()).isFalse();
        assertThat(progress.settled()).isEqualTo(START);
        progress.acknowledge(new Lsn(200));
        assertThat(progress.settled()).isEqualTo(new Lsn(200));
        assertThat(progress.settledMicros()).isEqualTo(7);
        progress.nothingUpTo(new Lsn(300));
        assertThat(progress.isAhead()).isTrue();
        assertThat(progress.settled()).as("nothing of concern came since").isEqualTo(new Lsn(300));
    }

    @Test
    void whatComesLateTakesNothingBack() {
        progress.committed(new Lsn(200), 1);
        progress.announce();
        progress.acknowledge(new Lsn(200));
        progress.acknowledge(new Lsn(150));
        progress.published(new Lsn(200));
        progress.published(new Lsn(120));
        progress.nothingUpTo(new Lsn(110));
        assertThat(progress.confirmable()).isEqualTo(new Lsn(200));
        assertThat(progress.boundary()).isEqualTo(new Lsn(200));
    }
}
