package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownServersTest {

    private static List<String> warnings(int major, String version) {
        List<String> warnings = new ArrayList<>();
        KnownServers.check(major, version, new Checks() {
            @Override
            public void error(String parameter, ErrorCode code, String message, String remedy) {
                throw new AssertionError("a newer server is no error: " + message);
            }

            @Override
            public void warning(String parameter, String message) {
                warnings.add(message);
            }

            @Override
            public boolean failed() {
                return false;
            }
        });
        return warnings;
    }

    @Test
    void aNewerServerIsAWarning() {
        assertThat(warnings(19, "19.0"))
                .singleElement()
                .satisfies(w -> assertThat(w).contains("PostgreSQL 19.0", "10 to 18", "docs/postgresql-versions.md"));
        assertThat(warnings(20, "20devel")).hasSize(1);
    }

    @Test
    void theKnownOnesAreNot() {
        assertThat(warnings(10, "10.23")).isEmpty();
        assertThat(warnings(18, "18.6")).isEmpty();
    }
}
