package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions that are sent while they are in progress. */
class SpilledTransactionsIT {

    @TempDir
    private Path folder;

    private static TestingDatabase database() throws Exception {
        TestingDatabase database = TestingPostgres.newest().createDatabase();
        database.execute(
                "ALTER DATABASE " + database.name() + " SET logical_decoding_work_mem = '64kB'",
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "ALTER TABLE t REPLICA IDENTITY FULL");
        return database;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bringWhatWasCommittedAndNothingElse(boolean streaming) throws Exception {
        try (TestingDatabase database = database();
                Following following = new Following(database, "t")) {
            following.streaming = streaming;
            following.spillFolder = Optional.of(folder);
            following.run();
            List<String> expected = new ArrayList<>();
            try (Connection one = database.connect();
                    Connection other = database.connect();
                    Statement first = one.createStatement();
                    Statement second = other.createStatement()) {
                one.setAutoCommit(false);
                other.setAutoCommit(false);
                first.execute("INSERT INTO t SELECT i, repeat('x', 50) FROM generate_series(1, 3000) i");
                second.execute("INSERT INTO t SELECT i, repeat('y', 50) FROM generate_series(10001, 13000) i");
                first.execute("SAVEPOINT s");
                first.execute("INSERT INTO t SELECT i, repeat('z', 50) FROM generate_series(3001, 6000) i");
                first.execute("ROLLBACK TO s");
                first.execute("UPDATE t SET v = 'last' WHERE id = 1");
                other.rollback();
                one.commit();
            }
            for (int i = 1; i <= 3000; i++) {
                expected.add("INSERT t " + i + ' ' + "x".repeat(50));
            }
            expected.add("UPDATE_BEFORE t 1 " + "x".repeat(50));
            expected.add("UPDATE_AFTER t 1 last");
            following.run();
            assertThat(following.lines).isEqualTo(expected);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aFolderThatTakesNothingIsToldAndNothingIsLost() throws Exception {
        try (TestingDatabase database = database();
                Following following = new Following(database, "t")) {
            following.run();
            database.execute("INSERT INTO t SELECT i, repeat('x', 50) FROM generate_series(1, 3000) i");
            following.spillFolder = Optional.of(Files.createFile(folder.resolve("no-folder")));
            assertThatThrownBy(following::run).hasMessageContaining("no-folder").hasMessageContaining("spillFolder");
            assertThat(following.lines).isEmpty();
            following.spillFolder = Optional.of(folder.resolve("folder"));
            following.run();
            assertThat(following.lines).hasSize(3000);
        }
    }
}
