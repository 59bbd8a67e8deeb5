package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class StreamFailuresTest {

    @Test
    void eachCauseHasARemedyOfItsOwn() {
        TransvaseException publication =
                StreamFailures.of(new SQLException("publication \"p\" does not exist", "42704"), "");
        assertThat(publication.code()).isEqualTo("PUBLICATION_MISSING");
        assertThat(publication).hasMessageContaining("\"p\"").hasMessageContaining("cdc drop");

        TransvaseException large = StreamFailures.of(new SQLException("string buffer exceeds", "54000"), "");
        assertThat(large.code()).isEqualTo("CHANGE_TOO_LARGE");
        assertThat(large).hasMessageContaining("1 GB").hasMessageContaining("excludeTable");

        TransvaseException heap =
                StreamFailures.of(new SQLException("ran out of memory", "53200", new OutOfMemoryError()), "");
        assertThat(heap.code()).isEqualTo("OUT_OF_MEMORY");
        assertThat(heap.type()).isEqualTo(ErrorType.EXTERNAL);
        assertThat(heap).hasMessageContaining("TRANSVASE_JAVA_OPTS").hasMessageContaining("The next run resumes");

        TransvaseException active = StreamFailures.of(new SQLException("in use by process 7", "55006"), "; given up");
        assertThat(active.code()).isEqualTo("SLOT_ACTIVE");
        assertThat(active).hasMessageContaining("process 7").hasMessageContaining("; given up");
    }
}
