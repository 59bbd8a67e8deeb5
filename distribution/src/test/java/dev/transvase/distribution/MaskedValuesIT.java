package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a data source gets from the environment or a file is shown nowhere, whoever speaks of it. */
class MaskedValuesIT {

    private static final String JOB = """
            {"type": "job", "version": "2.0", "steps": [
              {"stepType": "postgresql", "name": "Reader", "category": "reader", "parameter": {
                "datasource": "shop", "table": "%s", "column": ["id"]}},
              {"stepType": "stream", "name": "Writer", "category": "writer", "parameter": {"print": false}}]}
            """;

    @TempDir
    private Path folder;

    private TestingDistribution transvase;
    private Path sources;
    private Path report;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(folder.resolve("transvase"));
        sources = folder.resolve("sources.json");
        report = folder.resolve("report.json");
    }

    @Test
    void aServersMessageDoesNotGiveThemAway() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            sources(database, "\"username\": \"${file:user.txt}\", \"password\": \"pass-of-nobody\"");
            Files.writeString(folder.resolve("user.txt"), "nobody_knows\n");
            Map<String, String> given = Map.of("THE_DATABASE", "no_such_database");
            Path job = Files.writeString(folder.resolve("job.json"), JOB.formatted("t"));

            Ended test = transvase.run(given, "datasource", "test", "shop", "--datasources", sources, "--verbose");
            Ended check = transvase.run(given, "check", job, "--datasources", sources);
            Ended run = transvase.run(given, "run", job, "--datasources", sources, "--report", report);

            assertThat(test.code()).isIn(2, 3);
            assertThat(check.code()).isEqualTo(test.code());
            assertThat(run.code()).isEqualTo(test.code());
            assertThat(run.err()).contains("***");
            assertThat(Files.readString(report)).contains("***");
            String all = test.out()
                    + test.err()
                    + check.out()
                    + check.err()
                    + run.out()
                    + run.err()
                    + Files.readString(report)
                    + Files.readString(transvase.home().resolve("log/transvase.log"));
            assertThat(all).doesNotContain("nobody_knows", "no_such_database", "pass-of-nobody");
        }
    }

    @Test
    void thePlanAndTheAnswerOfATestDoNotEither() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            database.execute("CREATE TABLE t (id int)");
            sources(
                    database,
                    "\"username\": \"%s\", \"password\": \"%s\"".formatted(database.user(), database.password()));
            Map<String, String> given = Map.of("THE_DATABASE", database.name());
            Path job = Files.writeString(folder.resolve("job.json"), JOB.formatted("t"));

            Ended test = transvase.run(given, "datasource", "test", "shop", "--datasources", sources);
            Ended check = transvase.run(given, "check", job, "--datasources", sources);

            assertThat(test.code()).isZero();
            assertThat(check.code()).isZero();
            assertThat(test.out() + test.err() + check.out() + check.err()).doesNotContain(database.name());
        }
    }

    @Test
    void aPasswordInAUrlIsNotRepeated() throws IOException, InterruptedException {
        Path job = Files.writeString(folder.resolve("job.json"), JOB.formatted("t"));
        for (String url : new String[] {
            "jdbc:postgresql://db.invalid/shop?user=u&password=hidden-word",
            "jdbc:postgresql://loader:hidden-word@db.invalid/shop",
            "postgresql://loader:hidden-word@db.invalid/shop",
            "jdbc:postgresql://db.invalid/shop?sslpassword=hidden-word&x=%%zz"
        }) {
            Files.writeString(
                    sources,
                    "{\"datasources\": {\"shop\": {\"type\": \"postgresql\", \"jdbcUrl\": \"%s\", \"username\": \"u\"}}}"
                            .formatted(url));
            Ended run = transvase.run("run", job, "--datasources", sources, "--report", report, "--verbose");
            assertThat(run.code()).as(url).isIn(2, 3);
            assertThat(run.out() + run.err() + Files.readString(report)).doesNotContain("hidden-word");
        }
        assertThat(Files.readString(transvase.home().resolve("log/transvase.log")))
                .doesNotContain("hidden-word");
    }

    private void sources(TestingDatabase database, String login) throws IOException {
        Files.writeString(
                sources,
                "{\"datasources\": {\"shop\": {\"type\": \"postgresql\", \"host\": \"%s\", \"port\": %d, %s,"
                                .formatted(database.host(), database.port(), login)
                        + "\"database\": \"${env:THE_DATABASE}\"}}}");
    }
}
