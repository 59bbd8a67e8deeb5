package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.Problem;
import dev.transvase.embedded.ServerSetup;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingAuthority;
import dev.transvase.testing.TestingCertificate;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs whose data sources use TLS or a password that changes, with the plugins in their own class loaders. */
class TlsJobsIT {

    private static final String READER = """
            {"datasource": "source", "table": "t", "column": ["*"], "splitPk": "id"}""";
    private static final String WRITER = """
            {"datasource": "target", "table": "t", "column": ["*"]}""";
    private static final String SETTING = """
            {"speed": {"concurrent": 2}}""";

    @TempDir
    private Path folder;

    /** Client certificates in place of passwords on both sides, files beside the data sources file. */
    @Test
    void aJobWithClientCertificatesMovesItsRows() throws Exception {
        TestingAuthority servers = TestingAuthority.named("servers");
        TestingAuthority clients = TestingAuthority.named("clients");
        TestingCertificate server = servers.server("127.0.0.1", "localhost");
        TestingCertificate client = clients.client("mover");
        Files.writeString(folder.resolve("ca.pem"), servers.pem());
        Files.writeString(folder.resolve("client.crt"), client.pem());
        Files.writeString(folder.resolve("client.pk8"), client.keyPem());
        ServerSetup setup = new ServerSetup(
                Map.of("ssl", "on", "ssl_ca_file", "clients.crt"),
                List.of("host all postgres all scram-sha-256", "hostssl all mover all cert"),
                Map.of("server.crt", server.pem(), "server.key", server.keyPem(), "clients.crt", clients.pem()));
        try (SeparatePostgres oldest =
                        SeparatePostgres.start(TestingPostgres.majors().get(0), setup);
                SeparatePostgres newest =
                        SeparatePostgres.start(TestingPostgres.newest().major(), setup);
                TestingDatabase source = oldest.server().createDatabase();
                TestingDatabase target = newest.server().createDatabase()) {
            for (TestingDatabase database : List.of(source, target)) {
                database.execute("CREATE ROLE mover LOGIN", "CREATE TABLE t (id int PRIMARY KEY, note text)");
                database.execute("GRANT ALL ON t TO mover");
            }
            source.execute("INSERT INTO t SELECT i, 'n' || i FROM generate_series(1, 1000) i");

            TestingJobs jobs = new TestingJobs(folder)
                    .dataSource("source", source, TlsJobsIT::byCertificate)
                    .dataSource("target", target, TlsJobsIT::byCertificate);
            TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(READER, WRITER, SETTING));

            assertThat(ended.errorMessage()).isEmpty();
            assertThat(target.query("SELECT * FROM t ORDER BY id"))
                    .isEqualTo(source.query("SELECT * FROM t ORDER BY id"));
        }
    }

    private static void byCertificate(ObjectNode entry) {
        entry.put("username", "mover").remove("password");
        entry.putObject("ssl")
                .put("mode", "verify-ca")
                .put("truststore", "ca.pem")
                .put("keystore", "client.crt")
                .put("privateKey", "client.pk8");
    }

    @Test
    void aPasswordThatChangesWhileAJobIsPlannedEndsItWithWhatToDo() throws SQLException {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            TestingLogin login = database.createLogin();
            database.execute(
                    "CREATE TABLE t AS SELECT 1 AS id",
                    "CREATE TABLE u (id int)",
                    "GRANT ALL ON t, u TO " + login.user());
            TestingJobs jobs = new TestingJobs(folder);
            for (String name : List.of("source", "target")) {
                jobs.dataSource(
                        name,
                        database,
                        entry -> entry.put("username", login.user()).put("password", login.password()));
            }
            String job = TestingJobs.postgresJob(READER, WRITER.replace("\"t\"", "\"u\""), SETTING);

            TestingJobs.Ended ended = jobs.run(job, Map.of(), running -> {
                try {
                    database.execute("ALTER ROLE " + login.user() + " PASSWORD 'n3w'");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(ended.errorCode()).isEqualTo("AUTHENTICATION_FAILED");
            assertThat(ended.errorMessage())
                    .contains("update the data source, run `transvase datasource test NAME`, then run the job again")
                    .doesNotContain(login.password());
            assertThat(database.queryForString("SELECT count(*) FROM u")).isEqualTo("0");
        }
    }

    /** What verify-ca needs is asked for before anything is connected to, with all else that is wrong. */
    @Test
    void whatAModeNeedsIsToldWithAllOtherProblems() throws SQLException {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase()) {
            TestingJobs jobs = new TestingJobs(folder)
                    .dataSource("source", database, entry -> {
                        entry.put("port", 70_000).put("conectTimeout", 3);
                        entry.putObject("ssl").put("mode", "verify-ca");
                    })
                    .dataSource(
                            "target",
                            database,
                            entry ->
                                    entry.putObject("ssl").put("mode", "prefer").put("keystore", "client.crt"));

            TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(READER, WRITER, SETTING));

            assertThat(ended.errors())
                    .extracting(Problem::path, Problem::code)
                    .extracting(t -> t.toList().get(0) + " " + t.toList().get(1))
                    .anySatisfy(p -> assertThat(p).endsWith("source.ssl.truststore MISSING_PARAMETER"))
                    .anySatisfy(p -> assertThat(p).endsWith("source.ssl.keystore MISSING_PARAMETER"))
                    .anySatisfy(p -> assertThat(p).endsWith("source.ssl.privateKey MISSING_PARAMETER"))
                    .anySatisfy(p -> assertThat(p).endsWith("source.port INVALID_PARAMETER"))
                    .anySatisfy(p -> assertThat(p).endsWith("source.conectTimeout UNKNOWN_PARAMETER"))
                    .anySatisfy(p -> assertThat(p).endsWith("target.ssl.privateKey MISSING_PARAMETER"));
        }
    }
}
