package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing is confirmed beyond the place in the log from which on it is not certain that all changes are in the stream. */
class PublicationLookIT {

    private static final String HERE = "SELECT pg_current_wal_insert_lsn()::text";

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    private static TestingDatabase database(int major) throws Exception {
        TestingDatabase database = TestingPostgres.major(major).createDatabase();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1)");
        return database;
    }

    /** Once the server has let go of the slot: until then it may not have read what the run told it last. */
    private static Lsn confirmed(TestingDatabase database) throws SQLException {
        while (!database.queryForList(
                        "SELECT slot_name FROM pg_replication_slots WHERE active AND slot_name = 'di_slot_"
                                + database.name() + '\'')
                .isEmpty()) {
            database.execute("SELECT pg_sleep(0.02)");
        }
        return Lsn.parse(database.queryForList("SELECT confirmed_flush_lsn::text FROM pg_replication_slots"
                        + " WHERE slot_name = 'di_slot_" + database.name() + '\'')
                .get(0));
    }

    private static Lsn here(TestingDatabase database) throws SQLException {
        return Lsn.parse(database.queryForList(HERE).get(0));
    }

    private static Lsn stored(Following following) {
        return StreamPosition.of(following.positions.values().iterator().next()).lsn();
    }

    /** Work for the moment in which a line is read. */
    private interface Work {
        void run() throws SQLException;
    }

    private static boolean at(String wanted, String line, Work work) {
        if (line.equals(wanted)) {
            try {
                work.run();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
        return false;
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void nothingIsConfirmedBeyondAChangeOfThePublicationThatIsUnderWay(int major) throws Exception {
        for (String change : List.of("DROP PUBLICATION $", "ALTER PUBLICATION $ DROP TABLE t")) {
            try (TestingDatabase database = database(major);
                    Following following = new Following(database, "t");
                    Connection other = database.connect();
                    Statement statement = other.createStatement()) {
                following.run();
                other.setAutoCommit(false);
                database.execute("INSERT INTO t VALUES (2)");
                following.untilCurrent = false;
                Lsn[] changed = {Lsn.NONE};
                following.run(line -> at("INSERT t 2", line, () -> {
                            // In a subtransaction, whose number is its own.
                            statement.execute("SAVEPOINT s");
                            statement.execute(change.replace("$", "di_pub_" + database.name()));
                            changed[0] = here(database);
                            database.execute("INSERT INTO t VALUES (3)");
                        })
                        || line.equals("INSERT t 3"));
                assertThat(stored(following)).isGreaterThan(changed[0]);
                assertThat(confirmed(database)).as(change).isLessThanOrEqualTo(changed[0]);

                other.rollback();
                following.untilCurrent = true;
                following.run();
                assertThat(confirmed(database)).as(change).isGreaterThan(changed[0]);
                assertThat(following.lines).containsExactly("ROW t 1", "INSERT t 2", "INSERT t 3");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPublicationThatIsDroppedWhileTheJobRunsIsToldWithNothingConfirmedBeyond(int major) throws Exception {
        try (TestingDatabase database = database(major);
                Following following = new Following(database, "t")) {
            following.run();
            database.execute("INSERT INTO t VALUES (2)");
            following.untilCurrent = false;
            // Only the looks in between find it in time.
            following.heartbeatSeconds = 3600;
            Lsn[] dropped = {Lsn.NONE};
            assertThatThrownBy(() -> following.run(line -> at("INSERT t 2", line, () -> {
                        database.execute("DROP PUBLICATION di_pub_" + database.name());
                        dropped[0] = here(database);
                        database.execute("INSERT INTO t VALUES (3)");
                    })))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("PUBLICATION_MISSING"));
            assertThat(confirmed(database)).isLessThanOrEqualTo(dropped[0]);
            assertThatThrownBy(following::run)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("PUBLICATION_MISSING"));
        }
    }
}
