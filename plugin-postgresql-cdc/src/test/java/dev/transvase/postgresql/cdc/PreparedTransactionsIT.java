package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.embedded.StopMode;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transactions that are committed in two phases. */
class PreparedTransactionsIT {

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void comeWhenTheyAreCommittedAndNotWhenTheyAreRolledBack(int major) throws Exception {
        try (SeparatePostgres server = SeparatePostgres.start(major, Map.of("max_prepared_transactions", "5"));
                TestingDatabase database = server.server().createDatabase();
                Following following = new Following(database, "t")) {
            database.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", "ALTER TABLE t REPLICA IDENTITY FULL");
            if (major >= 13) {
                // The large one is sent in pieces then, where the server does that, and kept on the server's disk
                // elsewhere.
                database.execute("ALTER DATABASE " + database.name() + " SET logical_decoding_work_mem = '64kB'");
            }
            following.run();
            database.execute(
                    "BEGIN; INSERT INTO t VALUES (1, 'kept'); PREPARE TRANSACTION 'kept'",
                    "BEGIN; INSERT INTO t VALUES (2, 'undone'); PREPARE TRANSACTION 'undone'",
                    "BEGIN; INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1001, 3000) i;"
                            + " PREPARE TRANSACTION 'large'",
                    "INSERT INTO t VALUES (3, 'meanwhile')");
            following.run();
            assertThat(following.lines).containsExactly("INSERT t 3 meanwhile");
            // Over a restart of the reader, and of the server.
            server.stop(StopMode.FAST);
            server.start();
            database.execute(
                    "ROLLBACK PREPARED 'undone'",
                    "COMMIT PREPARED 'large'",
                    "INSERT INTO t VALUES (4, 'between')",
                    "COMMIT PREPARED 'kept'");
            following.port = database.port();
            following.lines.clear();
            following.run();
            assertThat(following.lines).hasSize(2002).startsWith("INSERT t 1001 " + "x".repeat(100));
            assertThat(following.lines.subList(2000, 2002)).containsExactly("INSERT t 4 between", "INSERT t 1 kept");
        }
    }

    static List<Integer> withStreaming() {
        return TestingPostgres.majors().stream().filter(major -> major >= 14).toList();
    }

    /** Its commit is made once it is here: would it not come, nothing would end the test but the time that it is given. */
    @ParameterizedTest
    @MethodSource("withStreaming")
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLargeOneIsHereBeforeItIsCommitted(int major, @TempDir Path folder) throws Exception {
        try (SeparatePostgres server = SeparatePostgres.start(major, Map.of("max_prepared_transactions", "5"));
                TestingDatabase database = server.server().createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, v text)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "ALTER DATABASE " + database.name() + " SET logical_decoding_work_mem = '64kB'");
            following.spillFolder = Optional.of(folder);
            following.run();
            database.execute("BEGIN; INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 3000) i;"
                    + " PREPARE TRANSACTION 'large'");
            AtomicBoolean committed = new AtomicBoolean();
            following.untilCurrent = false;
            following.enough = reader -> {
                if (!committed.get() && spilled(folder) >= 200_000) {
                    assertThat(following.lines).isEmpty();
                    committed.set(true);
                    commit(database);
                }
                return false;
            };
            following.run(line -> line.equals("INSERT t 0 end"));

            assertThat(following.lines).hasSize(3001).startsWith("INSERT t 1 " + "x".repeat(100));
        }
    }

    private static void commit(TestingDatabase database) {
        try {
            database.execute("COMMIT PREPARED 'large'", "INSERT INTO t VALUES (0, 'end')");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long spilled(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        } catch (IOException | UncheckedIOException goneMeanwhile) {
            return 0;
        }
    }
}
