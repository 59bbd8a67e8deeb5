package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A database with more tables than its server can lock at a time. */
class FewLocksIT {

    private static final Map<String, String> FEW_LOCKS =
            Map.of("max_locks_per_transaction", "10", "max_connections", "10");

    @Test
    void isToldWithARemedyWhichHelps() throws SQLException {
        try (SeparatePostgres server =
                        SeparatePostgres.start(TestingPostgres.newest().major(), FEW_LOCKS);
                TestingDatabase database = server.server().createDatabase()) {
            for (int batch = 0; batch < 60; batch++) {
                database.execute("DO $$ BEGIN FOR i IN 1..50 LOOP EXECUTE 'CREATE TABLE t" + batch
                        + "_' || i || ' (id integer)'; END LOOP; END $$");
            }
            ReaderSetup setup = ReaderSetup.of(database).table("public.*");

            assertThatThrownBy(() -> Reading.of(setup, 2).close())
                    .isInstanceOfSatisfying(TransvaseException.class, e -> {
                        assertThat(e.code()).isEqualTo("TOO_MANY_TABLES");
                        assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                    })
                    .hasMessageContaining("max_locks_per_transaction")
                    .hasMessageContaining("consistentSnapshot to false")
                    .hasMessageEndingWith(
                            "these tables need 3000 locks; max_locks_per_transaction is 10 and must be at least 311");
            try (Reading reading = Reading.of(setup.inconsistent(), 2)) {
                assertThat(reading.splits).hasSize(3000);
            }
        }
    }
}
