package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A job is not prepared for as long as somebody has its table locked. */
class LockedTableIT {

    @Test
    void planningGivesUpAndSaysWhoHoldsTheTable() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Connection holder = database.connect();
                Statement locking = holder.createStatement()) {
            database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            holder.setAutoCommit(false);
            locking.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            ReaderSetup setup = ReaderSetup.of(database).impatient().table("t");
            assertThatThrownBy(() -> Reading.of(setup, 1).close())
                    .isInstanceOfSatisfying(TransvaseException.class, e -> {
                        assertThat(e.code()).isEqualTo("TABLE_LOCK_WAIT");
                        assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                    })
                    .hasMessageContaining("a lock on public.t, held by pid ")
                    .hasMessageContaining("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            holder.rollback();
            try (Reading reading = Reading.of(setup, 1)) {
                assertThat(reading.rows()).hasSize(1);
            }
        }
    }
}
