package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Position;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CancelIT {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String ENDLESS = "SELECT generate_series(1, 1000000000), repeat('x', 100)";

    /** Sessions of the reader that are running something. */
    private static final String BUSY =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'transvase test' AND state = 'active'";

    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE application_name = 'transvase test' AND wait_event_type = 'Lock'";

    private TestingDatabase database;

    @BeforeEach
    void create() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute("CREATE TABLE t AS SELECT generate_series(1, 10) AS id");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private void await(String count, String expected) throws SQLException {
        while (!database.queryForString(count).equals(expected)) {
            Thread.onSpinWait();
        }
    }

    private static void assertCancelled(CompletableFuture<?> poll) {
        assertThatThrownBy(poll::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("CANCELLED"));
    }

    @Test
    void cancelEndsAPollThatWaitsForALock() throws SQLException {
        try (Reading reading = Reading.of(ReaderSetup.of(database).table("t"), 1);
                Connection locking = database.connect()) {
            locking.setAutoCommit(false);
            locking.createStatement().execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            try (SplitReader reader = reading.open(reading.splits.get(0))) {
                CompletableFuture<?> poll = CompletableFuture.supplyAsync(() -> reader.poll(LONG));
                await(WAITING, "1");
                reader.cancel();
                assertCancelled(poll);
                await(BUSY, "0");
            }
        }
    }

    @Test
    void cancelEndsAPollThatWaitsForRows() throws SQLException {
        try (Reading reading = Reading.of(
                        ReaderSetup.of(database)
                                .querySql("SELECT pg_sleep(600)::text")
                                .withoutTrialRead(),
                        1);
                SplitReader reader = reading.open(reading.splits.get(0))) {
            CompletableFuture<?> poll = CompletableFuture.supplyAsync(() -> reader.poll(LONG));
            await(BUSY, "1");
            reader.cancel();
            reader.cancel();
            assertCancelled(poll);
            await(BUSY, "0");
        }
    }

    /** A cancel may reach the server between two statements, of which the second has been sent already. */
    @Test
    void cancelAtAnyMomentLeavesNothingRunning() throws SQLException {
        for (int moment = 0; moment < 100; moment++) {
            try (Reading reading = Reading.of(
                            ReaderSetup.of(database)
                                    .querySql("SELECT pg_sleep(600)::text")
                                    .withoutTrialRead(),
                            1);
                    SplitReader reader = reading.open(reading.splits.get(0))) {
                CompletableFuture<?> poll = CompletableFuture.supplyAsync(() -> reader.poll(LONG));
                for (int query = 0; query < moment % 10; query++) {
                    database.queryForString(BUSY);
                }
                reader.cancel();
                assertCancelled(poll);
            }
            await(BUSY, "0");
        }
    }

    @Test
    void aPollAfterCancelFails() {
        try (Reading reading = Reading.of(ReaderSetup.of(database).table("t"), 1);
                SplitReader reader = reading.open(reading.splits.get(0))) {
            reader.cancel();
            assertThatThrownBy(() -> reader.poll(LONG))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("CANCELLED"));
        }
    }

    @Test
    void closeDoesNotReadOnToTheEnd() throws SQLException {
        try (Reading reading = Reading.of(ReaderSetup.of(database).querySql(ENDLESS), 1)) {
            SplitReader reader = reading.open(reading.splits.get(0));
            assertThat(reader.poll(LONG)).isPresent();
            reader.close();
            await(BUSY, "0");
        }
    }

    @Test
    void aPollReturnsWhenItsTimeIsUp() {
        try (Reading reading = Reading.of(
                        ReaderSetup.of(database)
                                .querySql("SELECT pg_sleep(600)::text")
                                .withoutTrialRead(),
                        1);
                SplitReader reader = reading.open(reading.splits.get(0))) {
            assertThat(reader.poll(Duration.ofMillis(20))).isEmpty();
            assertThat(reader.finished()).isFalse();
        }
    }

    @Test
    void aPollReturnsTheRowsItHasWhenItsTimeIsUp() {
        // The server sends what fills its buffer of 8 kB, then waits.
        String query = "SELECT repeat('x', 1000), CASE WHEN n > 100 THEN pg_sleep(600)::text END"
                + " FROM generate_series(1, 200) n";
        try (Reading reading = Reading.of(ReaderSetup.of(database).querySql(query), 1);
                SplitReader reader = reading.open(reading.splits.get(0))) {
            int rows = 0;
            while (rows < 90) {
                rows += reader.poll(Duration.ofMillis(20)).map(b -> b.size()).orElse(0);
            }
            assertThat(reader.finished()).isFalse();
        }
    }

    @Test
    void aServerThatEndsTheSessionIsALostConnection() throws SQLException {
        try (Reading reading = Reading.of(ReaderSetup.of(database).querySql(ENDLESS), 1);
                SplitReader reader = reading.open(reading.splits.get(0))) {
            assertThat(reader.poll(LONG)).isPresent();
            database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'transvase test'");
            assertLost(reader);
        }
    }

    @Test
    void aNetworkThatBreaksIsALostConnection() throws IOException {
        for (boolean orderly : new boolean[] {true, false}) {
            try (FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                    Reading reading = Reading.of(
                            ReaderSetup.at(proxy.host(), proxy.port(), database).querySql(ENDLESS), 1);
                    SplitReader reader = reading.open(reading.splits.get(0))) {
                assertThat(reader.poll(LONG)).isPresent();
                proxy.after(1_000_000, orderly ? proxy::cut : proxy::reset);
                assertLost(reader);
            }
        }
    }

    /** The end of the stream while nothing is pending, which looks to the driver's polling like a slow server. */
    @Test
    void aServerThatGoesWhileThePollWaitsIsALostConnection() throws Exception {
        // The server sends what fills its buffer of 8 kB, then waits.
        String query = "SELECT repeat('x', 1000), CASE WHEN n > 100 THEN pg_sleep(600)::text END"
                + " FROM generate_series(1, 200) n";
        try (FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                Reading reading = Reading.of(
                        ReaderSetup.at(proxy.host(), proxy.port(), database)
                                .querySql(query)
                                .fetchSize(1),
                        1);
                SplitReader reader = reading.open(reading.splits.get(0))) {
            assertThat(reader.poll(LONG)).isPresent();
            CompletableFuture<?> lost = CompletableFuture.runAsync(() -> assertLost(reader));
            await(BUSY, "1");
            proxy.cut();
            lost.get();
        }
    }

    private static void assertLost(SplitReader reader) {
        assertThatThrownBy(() -> {
                    while (!reader.finished()) {
                        reader.poll(LONG);
                    }
                })
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("CONNECTION_LOST"));
    }

    @Test
    void aSplitCanBeCommittedAnywhereAndGoesOnAtItsEndOnly() {
        try (Reading reading = Reading.of(ReaderSetup.of(database).table("t").fetchSize(7), 1)) {
            Position end;
            try (SplitReader reader = reading.open(reading.splits.get(0))) {
                reader.poll(LONG);
                assertThat(reader.end()).isEqualTo(BatchEnd.commitPoint());
                reader.poll(LONG);
                end = reader.end().resumePosition().orElseThrow();
            }
            Position elsewhere = Position.of(new byte[] {7}, "7");
            assertThatThrownBy(() -> reading.reader.open(reading.splits.get(0), reading.accepted.get(0), elsewhere))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("CANNOT_RESUME"));
            try (SplitReader ended = reading.reader.open(reading.splits.get(0), reading.accepted.get(0), end)) {
                assertThat(ended.finished()).isTrue();
            }
        }
    }
}
