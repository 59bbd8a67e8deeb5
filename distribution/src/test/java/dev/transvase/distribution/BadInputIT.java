package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees of a job that is wrong: all of it at once, no stack trace, exit code 2, and nothing was moved. */
class BadInputIT {

    @TempDir
    private Path folder;

    @Test
    void everyErrorOfAJobIsToldAndNothingIsMoved() throws Exception {
        TestingDistribution transvase = TestingDistribution.unpack(folder.resolve("transvase"));
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            database.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)", "CREATE TABLE u (id int)");
            Files.writeString(folder.resolve("sources.json"), """
                    {"datasources": {"shop": {"type": "postgresql", "host": "%s", "port": %d, "database": "%s",
                      "username": "%s", "password": "%s"}}}
                    """.formatted(
                            database.host(), database.port(), database.name(), database.user(), database.password()));
            String good = """
                    {"type": "job", "version": "2.0", "steps": [
                      {"stepType": "postgresql", "name": "Reader", "category": "reader", "parameter": {
                        "datasource": "shop", "table": "t", "column": ["id"]}},
                      {"stepType": "postgresql", "name": "Writer", "category": "writer", "parameter": {
                        "datasource": "shop", "table": "u", "column": ["id"], "preSql": ["INSERT INTO u VALUES (9)"]}}],
                     "setting": {"speed": {"concurrent": 1}},
                     "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
                    """;
            String bad = good.replace(
                            "\"datasource\": \"shop\", \"table\": \"t\"",
                            "\"datasource\": \"shpo\", \"splitFactor\": 101")
                    .replace(
                            "\"column\": [\"id\"], \"pre",
                            "\"writeMode\": \"replace\", \"pgType\": {\"id\": 5.5, \"x\": []}, \"pre")
                    .replace("\"concurrent\": 1", "\"concurrent\": 0")
                    .replace("\"to\": \"Writer\"", "\"to\": \"Wirter\"");

            Ended ended = run(transvase, bad.getBytes(StandardCharsets.UTF_8));

            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err())
                    .contains(
                            "job.json: setting.speed.concurrent: expected a whole number from 1 to 1024, found 0",
                            "job.json: order.hops[0].to: there is no step with the name \"Wirter\"",
                            "job.json: steps[0].parameter.splitFactor: expected a whole number from 1 to 100, found 101",
                            "job.json: steps[0].parameter.datasource: there is no data source \"shpo\"",
                            "did you mean `shop`?",
                            "job.json: steps[1].parameter.column: is required but missing",
                            "job.json: steps[1].parameter.writeMode: expected one of insert, copy",
                            "job.json: steps[1].parameter.pgType.x: expected a text, found a list",
                            "nothing was moved")
                    .doesNotContain("\tat ", "Exception");

            // What rests on the values themselves is told once the kinds are right.
            Ended values = run(
                    transvase,
                    good.replace(
                                    "\"column\": [\"id\"], \"pre",
                                    "\"column\": [\"id\"], \"pgType\": {\"id\": \"bigint\"}, \"pre")
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(values.code()).isEqualTo(2);
            assertThat(values.err())
                    .contains("steps[1].parameter.pgType.id: expected one of bigint[], double[], text[], jsonb, json,"
                            + " found bigint")
                    .doesNotContain("\tat ");
            assertThat(run(transvase, new byte[] {'{', (byte) 0xff, '}'}).code())
                    .isEqualTo(2);
            assertThat(database.queryForList("SELECT id FROM u")).isEmpty();
        }
    }

    private Ended run(TestingDistribution transvase, byte[] job) throws Exception {
        return transvase.run(
                "run", Files.write(folder.resolve("job.json"), job), "--datasources", folder.resolve("sources.json"));
    }
}
