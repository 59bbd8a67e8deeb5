package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A job is not checked for as long as somebody has its target locked. */
class LockedTableIT {

    /** Whether it has rows cannot be told; how it will be written can be left to the run, with a warning. */
    @Test
    void checkingGivesUpAndSaysWhoHoldsTheTable() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Connection holder = database.connect();
                Statement locking = holder.createStatement()) {
            database.execute("CREATE TABLE t (id integer, name text)");
            holder.setAutoCommit(false);
            locking.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            TestingWriter writer =
                    TestingWriter.to(database, "t").movingADatabase().impatient();
            assertThatThrownBy(() -> writer.check(Numbers.SCHEMA))
                    .isInstanceOfSatisfying(TransvaseException.class, e -> {
                        assertThat(e.code()).isEqualTo("TABLE_LOCK_WAIT");
                        assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                    })
                    .hasMessageContaining("a lock on public.t, held by pid ")
                    .hasMessageContaining("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            holder.rollback();
            assertThat(writer.check(Numbers.SCHEMA).errors()).isEmpty();
        }
    }
}
