package dev.sluice.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.spi.ErrorType;
import dev.sluice.spi.SluiceException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class StreamFailuresTest {

    @Test
    void eachCauseHasARemedyOfItsOwn() {
        SluiceException publication =
                StreamFailures.of(new SQLException("publication \"p\" does not exist", "42704"), "");
        assertThat(publication.code()).isEqualTo("PUBLICATION_MISSING");
        assertThat(publication).hasMessageContaining("\"p\"").hasMessageContaining("cdc drop");

        SluiceException large = StreamFailures.of(new SQLException("string buffer exceeds", "54000"), "");
        assertThat(large.code()).isEqualTo("CHANGE_TOO_LARGE");
        assertThat(large).hasMessageContaining("1 GB").hasMessageContaining("excludeTable");

        SluiceException heap =
                StreamFailures.of(new SQLException("ran out of memory", "53200", new OutOfMemoryError()), "");
        assertThat(heap.code()).isEqualTo("OUT_OF_MEMORY");
        assertThat(heap.type()).isEqualTo(ErrorType.EXTERNAL);
        assertThat(heap).hasMessageContaining("SLUICE_JAVA_OPTS").hasMessageContaining("The next run goes on");

        SluiceException active = StreamFailures.of(new SQLException("in use by process 7", "55006"), "; given up");
        assertThat(active.code()).isEqualTo("SLOT_ACTIVE");
        assertThat(active).hasMessageContaining("process 7").hasMessageContaining("; given up");
    }
}
