package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A read that cannot start leaves the target as it was: {@code check} and {@code run} tell it alike, before preSql. */
class FailingReadsIT {

    private static final List<String> READERS = List.of(
            "\"querySql\": \"SELECT nextval('s') AS id\"",
            "\"querySql\": \"SELECT id FROM t FOR UPDATE\"",
            "\"querySql\": \"SELECT writes() AS id\"",
            "\"querySql\": \"SELECT a::int AS id FROM t\"",
            "\"querySql\": \"SELECT id FROM t WHERE 1 / (id - 1) = 1\"",
            "\"querySql\": \"SELECT id FROM t WHERE gone(id)\"",
            "\"querySql\": \"SELECT id FROM t; SELECT id FROM t\"",
            "\"querySql\": \"SELECT id FROM t WHERE id = $1\"",
            "\"querySql\": \"SELECT FROM t\"",
            "\"querySql\": \"COPY t TO STDOUT\"",
            "\"querySql\": \"SELECT pg_sleep(0) AS id\"",
            "\"querySql\": \"SELECT id FROM secret\"",
            "\"table\": \"t\", \"column\": [\"nextval('s')\"]",
            "\"table\": \"t\", \"column\": [\"writes()\"]",
            "\"table\": \"t\", \"column\": [\"a::int\"]",
            "\"table\": \"t\", \"column\": [\"id\"], \"where\": \"1 / (id - 1) = 1\"",
            "\"table\": \"t\", \"column\": [\"id\"], \"where\": \"gone(id)\"",
            "\"table\": \"secret\", \"column\": [\"id\"]",
            "\"table\": \"counting\", \"column\": [\"id\"]");

    @TempDir
    private Path folder;

    @Test
    void leaveTheTargetAsItWas() throws Exception {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            try (TestingDatabase source = server.createDatabase();
                    TestingDatabase target = TestingPostgres.newest().createDatabase()) {
                TestingLogin login = source.createLogin();
                source.execute(
                        "CREATE TABLE t (id int, a text)",
                        "INSERT INTO t SELECT i, 'x' || i FROM generate_series(1, 9) i",
                        "CREATE TABLE secret (id int)",
                        "CREATE SEQUENCE s",
                        "CREATE VIEW counting AS SELECT nextval('s')::int AS id FROM t",
                        "CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql AS"
                                + " $$ BEGIN INSERT INTO t VALUES (99); RETURN 1; END $$",
                        "GRANT SELECT, INSERT, UPDATE ON t TO " + login.user(),
                        "GRANT ALL ON SEQUENCE s TO " + login.user(),
                        "GRANT SELECT ON counting TO " + login.user());
                target.execute("CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)");
                TestingJobs jobs = new TestingJobs(folder)
                        .dataSource(
                                "source",
                                source,
                                entry -> entry.put("username", login.user()).put("password", login.password()))
                        .dataSource("target", target);
                for (String reader : READERS) {
                    String job = TestingJobs.postgresJob(
                            "{\"datasource\": \"source\", " + reader + "}",
                            "{\"datasource\": \"target\", \"table\": \"kept\", \"column\": [\"id\"],"
                                    + " \"preSql\": [\"TRUNCATE kept\"]}",
                            "{}");
                    List<Problem> errors = jobs.run(job).errors();
                    assertThat(errors).as(reader).isNotEmpty();
                    assertThat(errors).as(reader).extracting(Problem::type).containsOnly(ErrorType.USER);
                    assertThatThrownBy(() -> jobs.plan(job, Map.of(), new Problems()))
                            .as(reader)
                            .isInstanceOfSatisfying(
                                    InvalidJobException.class,
                                    e -> assertThat(e.problems())
                                            .extracting(Problem::message)
                                            .isEqualTo(errors.stream()
                                                    .map(Problem::message)
                                                    .toList()));
                    assertThat(target.queryForString("SELECT id FROM kept"))
                            .as(reader)
                            .isEqualTo("7");
                }
                assertThat(source.queryForString("SELECT count(*) FROM t")).isEqualTo("9");
                assertThat(source.queryForString("SELECT is_called FROM s")).isEqualTo("f");
            }
        }
    }

    @Test
    void rowsThatCannotBeReadAreDirtyRecords() throws Exception {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            try (TestingDatabase source =
                            server.createDatabase("TEMPLATE template0 ENCODING 'WIN1252' LC_COLLATE 'C' LC_CTYPE 'C'");
                    TestingDatabase target = TestingPostgres.newest().createDatabase()) {
                source.execute(
                        "CREATE TABLE t (id int PRIMARY KEY, a text, d int)",
                        "INSERT INTO t SELECT i, chr(228) || CASE WHEN i = 700 THEN chr(129) ELSE '' END,"
                                + " CASE WHEN i = 900 THEN 0 ELSE 1 END FROM generate_series(1, 1000) i");
                target.execute("CREATE TABLE t (id int, a text, d int)");
                TestingJobs jobs =
                        new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
                for (String reader : List.of(
                        "\"table\": \"t\", \"column\": [\"id\", \"a\", \"100 / d\"], \"splitPk\": \"id\"",
                        "\"querySql\": \"SELECT id, a, 100 / d AS e FROM t\"")) {
                    String job = TestingJobs.postgresJob(
                            "{\"datasource\": \"source\", " + reader + "}",
                            "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"],"
                                    + " \"preSql\": [\"TRUNCATE t\"]}",
                            "{\"errorLimit\": {\"record\": 2}, \"speed\": {\"concurrent\": 2}}");
                    TestingJobs.Ended ended = jobs.run(job);
                    assertThat(ended.errorMessage()).as(reader).isEmpty();
                    assertThat(ended.report().read().records()).isEqualTo(1000);
                    assertThat(ended.report().written().records()).isEqualTo(998);
                    assertThat(ended.report().dirty()).isEqualTo(2);
                    assertThat(ended.dirty())
                            .extracting(dirty -> dirty.path("values").path("id").asText())
                            .containsExactlyInAnyOrder("700", "900");
                    assertThat(ended.dirty())
                            .extracting(dirty -> dirty.path("sqlState").asText())
                            .containsExactlyInAnyOrder("22P05", "22012");
                    assertThat(target.queryForString("SELECT count(*) || ' ' || sum(id) || ' ' || min(a) FROM t"))
                            .isEqualTo("998 " + (500500 - 1600) + " \u00e4");
                    TestingJobs.Ended strict = jobs.run(job.replace("\"record\": 2", "\"record\": 1"));
                    assertThat(strict.errorCode()).isEqualTo("ERROR_LIMIT_EXCEEDED");
                }
            }
        }
    }

    @Test
    void whatFailsAfterAChangeIsToldAsSuch() throws Exception {
        try (TestingDatabase source = TestingPostgres.newest().createDatabase();
                TestingDatabase target = TestingPostgres.newest().createDatabase()) {
            source.execute("CREATE SEQUENCE s");
            target.execute("CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)");
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            String late = "{\"datasource\": \"source\", \"querySql\":"
                    + " \"SELECT CASE WHEN i = 3 THEN nextval('s') END::int AS id FROM generate_series(1, 3) i\"}";
            for (boolean changing : List.of(false, true)) {
                TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(
                        late,
                        "{\"datasource\": \"target\", \"table\": \"kept\", \"column\": [\"id\"]"
                                + (changing ? ", \"preSql\": [\"TRUNCATE kept\"]}" : "}"),
                        "{}"));
                assertThat(ended.errorCode()).isEqualTo("READ_ONLY");
                assertThat(ended.report().error().orElseThrow().targetChanged()).isEqualTo(changing);
                assertThat(target.queryForString("SELECT count(*) FROM kept")).isEqualTo(changing ? "0" : "1");
            }
        }
    }
}
