package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.embedded.StopMode;
import dev.transvase.spi.Lag;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are lost and taken up again: nothing is left out and nothing comes twice. */
class ReconnectIT {

    private static final String ROWS = "INSERT INTO t SELECT i, repeat(md5(i::text), 8) FROM generate_series(%d, %d) i";

    private static List<String> ids(Following following) {
        List<String> ids = new ArrayList<>();
        following.lines.forEach(line -> ids.add(line.split(" ", -1)[2]));
        return ids;
    }

    private static List<String> range(int from, int to) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            ids.add(Integer.toString(i));
        }
        return ids;
    }

    private static void createTable(TestingDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", "ALTER TABLE t REPLICA IDENTITY FULL");
    }

    @Test
    void aNetworkThatIsCutInTheMidstOfATransactionCostsNothing() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                Following following = new Following(database, "t")) {
            createTable(database);
            following.host = proxy.host();
            following.port = proxy.port();
            following.run();
            database.execute(ROWS.formatted(1, 5000), ROWS.formatted(5001, 20_000), ROWS.formatted(20_001, 20_010));
            AtomicInteger seen = new AtomicInteger();
            following.run(line -> {
                int count = seen.incrementAndGet();
                if (count == 3000 || count == 9000 || count == 12_000) {
                    proxy.cut();
                }
                return false;
            });
            assertThat(ids(following)).isEqualTo(range(1, 20_010));
        }
    }

    /** The server describes the table once more as it was when the transaction began. */
    @Test
    void aTransactionThatAddsAColumnIsReadOnceMoreFromItsStart() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                Following following = new Following(database, "t")) {
            createTable(database);
            following.streaming = false;
            following.host = proxy.host();
            following.port = proxy.port();
            following.run();
            database.execute("BEGIN; " + ROWS.formatted(1, 5000) + "; ALTER TABLE t ADD COLUMN n int; "
                    + ROWS.formatted(5001, 80_000) + "; COMMIT");
            AtomicInteger seen = new AtomicInteger();
            following.run(line -> {
                if (seen.incrementAndGet() == 9000) {
                    proxy.cut();
                }
                return false;
            });
            assertThat(ids(following)).isEqualTo(range(1, 80_000));
            assertThat(following.lines).last().asString().endsWith(" null");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = StopMode.class,
            names = {"FAST", "IMMEDIATE"})
    void aServerThatIsRestartedCostsNothing(StopMode mode) throws Exception {
        int major = TestingPostgres.newest().major();
        try (SeparatePostgres separate =
                        SeparatePostgres.start(major, Map.of("fsync", "on", "synchronous_commit", "on"));
                TestingDatabase database = separate.server().createDatabase()) {
            createTable(database);
            Following following = new Following(database, "t");
            following.run();
            database.execute(ROWS.formatted(1, 8000), ROWS.formatted(8001, 16_000));
            AtomicInteger seen = new AtomicInteger();
            // Beside the reading: a server that is shut down waits for what it has sent to be confirmed.
            Thread restart = new Thread(() -> {
                separate.stop(mode);
                separate.start();
            });
            following.run(line -> {
                if (seen.incrementAndGet() == 5000) {
                    restart.start();
                }
                return false;
            });
            restart.join();
            assertThat(ids(following)).isEqualTo(range(1, 16_000));
            following.close();
        }
    }

    /** What it is of is asked over another connection than the one that the stream comes over. */
    @Test
    void aServerThatCannotBeAskedWhenAColumnIsAddedCostsNothing() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                Following following = new Following(database, "t")) {
            createTable(database);
            following.run();
            following.host = proxy.host();
            following.port = proxy.port();
            following.untilCurrent = false;
            Thread allowing = new Thread(() -> allowOnceLost(database, proxy));
            database.execute("INSERT INTO t VALUES (1, 'a')");
            following.run(line -> {
                if (line.equals("INSERT t 1 a")) {
                    proxy.refuse();
                    execute(database, "ALTER TABLE t ADD COLUMN net inet");
                    execute(database, "INSERT INTO t VALUES (2, 'b', '10.0.0.1')");
                    allowing.start();
                }
                return line.startsWith("INSERT t 2");
            });
            allowing.join();
            assertThat(following.lines).containsExactly("INSERT t 1 a", "INSERT t 2 b 10.0.0.1");
        }
    }

    private static void allowOnceLost(TestingDatabase database, FaultProxy proxy) {
        try {
            while (!database.queryForString("SELECT count(*) FROM pg_replication_slots WHERE active AND database ="
                            + " current_database()")
                    .equals("0")) {
                database.execute("SELECT pg_sleep(0.01)");
            }
            proxy.allow();
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(TestingDatabase database, String sql) {
        try {
            database.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void howLongTheStreamIsLostIsToldInsteadOfALagThatNobodyKnows(boolean begunBefore) throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                Following following = new Following(database, "t")) {
            createTable(database);
            if (begunBefore) {
                following.run();
            }
            following.host = proxy.host();
            following.port = proxy.port();
            following.untilCurrent = false;
            List<Lag> lost = new ArrayList<>();
            AtomicLong reconnects = new AtomicLong();
            following.enough = reader -> {
                Optional<Lag> lag = reader.lag();
                if (lag.isEmpty()) {
                    return false;
                }
                if (!lag.get().lost().isZero()) {
                    lost.add(lag.get());
                    if (lost.size() == 3) {
                        allow(proxy);
                    }
                } else if (lost.isEmpty()) {
                    proxy.refuse();
                    proxy.cut();
                }
                reconnects.set(reader.reconnects());
                return lag.get().lost().isZero() && lost.size() >= 3;
            };
            following.run();
            assertThat(lost).allMatch(lag -> lag.bytes() == 0 && lag.delay().isZero());
            assertThat(lost).extracting(Lag::lost).isSorted().doesNotHaveDuplicates();
            assertThat(reconnects).hasValue(1);
        }
    }

    private static void allow(FaultProxy proxy) {
        try {
            proxy.allow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aServerThatStaysAwayIsGivenUp() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                Following following = new Following(database, "t")) {
            createTable(database);
            following.run();
            following.host = proxy.host();
            following.port = proxy.port();
            following.reconnectSeconds = 1;
            following.untilCurrent = false;
            database.execute(ROWS.formatted(1, 10));
            assertThatThrownBy(() -> following.run(line -> {
                        if (line.startsWith("INSERT t 10 ")) {
                            proxy.close();
                        }
                        return false;
                    }))
                    .isInstanceOf(TransvaseException.class)
                    .hasMessageContaining("given up after 1 s");
            following.host = database.host();
            following.port = database.port();
            following.untilCurrent = true;
            following.run();
            assertThat(ids(following)).isEqualTo(range(1, 10));
        }
    }
}
