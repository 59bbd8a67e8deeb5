package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many columns as there can be, and more. */
class WideTablesIT {

    private static final int MOST_OF_A_TABLE = 1600;
    private static final int MORE_THAN_A_RECORD = 32_768;

    @TempDir
    private Path folder;

    private TestingDistribution transvase;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(folder.resolve("transvase"));
    }

    @Test
    void theWidestTableIsCopiedAndAWiderJobIsRefused() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            String columns = columns(MOST_OF_A_TABLE, "c%d int", ", ");
            database.execute(
                    "CREATE TABLE a (" + columns + ")",
                    "CREATE TABLE b (" + columns + ")",
                    "INSERT INTO a (c0, c1599) VALUES (1, 2)");
            Path sources = Files.writeString(folder.resolve("sources.json"), """
                    {"datasources": {"shop": {"type": "postgresql", "host": "%s", "port": %d, "database": "%s",
                      "username": "%s", "password": "%s"}}}
                    """.formatted(
                            database.host(), database.port(), database.name(), database.user(), database.password()));

            Ended copied = transvase.run("run", job("\"*\"", "copy"), "--datasources", sources);
            Ended inserted = transvase.run("run", job("\"*\"", "insert"), "--datasources", sources);

            assertThat(copied.err()).contains("SUCCEEDED");
            assertThat(inserted.err()).contains("SUCCEEDED");
            assertThat(database.queryForList("SELECT c1599 FROM b WHERE c0 = 1"))
                    .hasSize(2);

            Ended names = transvase.run(
                    "run", job(columns(MORE_THAN_A_RECORD, "\"c%d\"", ","), "copy"), "--datasources", sources);
            assertThat(names.code()).isEqualTo(2);
            assertThat(names.err()).contains("expected up to 1664 columns").hasLineCount(5);

            Ended constants = transvase.run(
                    "run", job(columns(MORE_THAN_A_RECORD, "\"%d\"", ","), "copy"), "--datasources", sources);
            assertThat(constants.code()).isEqualTo(2);
            assertThat(constants.err()).contains("[TOO_MANY_COLUMNS]");
        }
    }

    @Test
    void aReaderOfMoreColumnsThanARecordHasIsRefused() throws IOException, InterruptedException {
        String columns = columns(MORE_THAN_A_RECORD, "{\"value\": %d}", ",");
        Path job = Files.writeString(
                folder.resolve("job.json"),
                CommandLineIT.streamJob(1, 1, "").replace("{\"type\": \"long\", \"incr\": \"1,1\"}", columns));
        Ended run = transvase.run("run", job);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("stream has 32768 columns, a record has at most 32767", "[TOO_MANY_COLUMNS]");
    }

    private Path job(String columns, String mode) throws IOException {
        return Files.writeString(folder.resolve("job.json"), """
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "postgresql", "name": "Reader", "category": "reader", "parameter": {
                    "datasource": "shop", "table": "a", "column": [%s]}},
                  {"stepType": "postgresql", "name": "Writer", "category": "writer", "parameter": {
                    "datasource": "shop", "table": "b", "column": ["*"], "writeMode": "%s"}}]}
                """.formatted(columns, mode));
    }

    private static String columns(int count, String format, String between) {
        return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining(between));
    }
}
