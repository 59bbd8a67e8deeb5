package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.report.JobReport.Status;
import dev.transvase.distribution.TestingDistribution;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes from one server to another, from end to end: nothing is lost and nothing comes twice. */
class ChangeStreamIT {

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private TestingDatabase target;
    private TestingBank bank;
    private TestingJobs jobs;

    @BeforeEach
    void create() throws Exception {
        source = TestingPostgres.newest().createDatabase();
        target = TestingPostgres.oldest().createDatabase();
        bank = TestingBank.open(source, target, 1);
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
    }

    @AfterEach
    void drop() {
        source.close();
        target.close();
    }

    private String job() {
        return TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"source\", \"solutionId\": \"" + source.name()
                        + "\", \"table\": [\"account\", \"audit\"]}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                "{\"speed\": {\"concurrent\": 2}}");
    }

    @Test
    void theSnapshotAndAllChangesSinceAreAtTheTarget() throws Exception {
        assertThat(jobs.runUntilCurrent(job()).errorMessage()).isEmpty();
        bank.assertSame();
        bank.transact(300);
        TestingJobs.Ended ended = jobs.runUntilCurrent(job());
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.report().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(ended.report().position()).isPresent();
        assertThat(ended.report().read().records())
                .isEqualTo(ended.report().written().records())
                .isGreaterThan(1200);
        bank.assertSame();
    }

    @Test
    void aJobInTheOtherDirectionIsRefused() throws Exception {
        assertThat(jobs.runUntilCurrent(job()).errorMessage()).isEmpty();
        target.execute("ALTER TABLE account REPLICA IDENTITY FULL");
        TestingJobs.Ended back = jobs.run(TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"target\", \"solutionId\": \"back\", \"snapshot\": \"never\","
                        + " \"table\": [\"account\"]}",
                "postgresql",
                "{\"datasource\": \"source\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                "{}"));
        assertThat(back.errors()).singleElement().satisfies(e -> {
            assertThat(e.code()).isEqualTo("LOOP");
            assertThat(e.message()).contains("di_slot_" + source.name(), "public.account");
        });
    }

    @Test
    void anAddedColumnIsAddedAtTheTarget() throws Exception {
        jobs.runUntilCurrent(job());
        source.execute(
                "ALTER TABLE account ADD COLUMN currency char(3)",
                "ALTER TABLE account ADD COLUMN rate numeric(8,3) NOT NULL DEFAULT 1.5,"
                        + " ADD COLUMN tags text[] DEFAULT ARRAY['it''s', NULL, '{a,\"b\"}']",
                "INSERT INTO account VALUES (5000, 1, 'new', NULL, 'EUR', 2, NULL)");
        assertThat(jobs.runUntilCurrent(job()).errorMessage()).isEmpty();
        assertThat(target.queryForString("SELECT currency FROM account WHERE id = 5000"))
                .isEqualTo("EUR");
        bank.assertSame();
    }

    @Test
    void aColumnThatTheTargetHasAlreadyIsFilledWithWhatTheSourcesRowsGot() throws Exception {
        jobs.runUntilCurrent(job());
        target.execute("ALTER TABLE account ADD COLUMN rate numeric(8,3)");
        source.execute(
                "ALTER TABLE account ADD COLUMN rate numeric(8,3) DEFAULT 1.5",
                "INSERT INTO account VALUES (5000, 1, 'new', NULL, NULL)");
        TestingJobs.Ended ended = jobs.runUntilCurrent(job());
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.report().warnings()).noneSatisfy(w -> assertThat(w).contains("rate"));
        bank.assertSame();
    }

    @Test
    void whatIsNotCarriedOverStandsInTheReport() throws Exception {
        String job = job().replace("\"solutionId\"", "\"ddl\": {\"truncate\": \"ignore\"}, \"solutionId\"");
        jobs.runUntilCurrent(job);
        source.execute("TRUNCATE audit", "INSERT INTO audit (what) VALUES ('after')");
        TestingJobs.Ended ended = jobs.runUntilCurrent(job);
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.report().warnings())
                .last()
                .asString()
                .contains("public.audit was truncated at the source; the target keeps its rows");
    }

    /** The run that stops has not applied what came before it: deleting first, as one may think, would leave these rows. */
    @Test
    void whatTheErrorsOfPartitionsAdviseMakesBothSidesTheSame() throws Exception {
        target.execute("CREATE TABLE part (id int PRIMARY KEY)");
        source.execute(
                "CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE part0 PARTITION OF part FOR VALUES FROM (0) TO (100)",
                "ALTER TABLE part REPLICA IDENTITY FULL",
                "ALTER TABLE part0 REPLICA IDENTITY FULL",
                "INSERT INTO part VALUES (1), (2)");
        String job = job().replace("\"account\", \"audit\"", "\"part\"");
        assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();

        source.execute(
                "CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (100) TO (200)",
                "INSERT INTO part VALUES (3), (101), (102)",
                "DROP TABLE part1");
        assertThat(jobs.runUntilCurrent(job).errorMessage())
                .contains("set ddl.other to ignore for one run, and after it");
        assertThat(jobs.runUntilCurrent(ignoring(job, "other")).errorMessage()).isEmpty();
        target.execute("DELETE FROM part WHERE id >= 100");
        assertPartIs("1 2 3");

        source.execute("INSERT INTO part VALUES (4), (5)", "TRUNCATE part0", "INSERT INTO part VALUES (6)");
        assertThat(jobs.runUntilCurrent(job).errorMessage())
                .contains("set ddl.truncate to ignore for one run", "delete at the target after that run");
        assertThat(jobs.runUntilCurrent(ignoring(job, "truncate")).errorMessage())
                .isEmpty();
        target.execute("DELETE FROM part WHERE id < 6");
        assertPartIs("6");
        source.execute("INSERT INTO part VALUES (7)");
        assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();
        assertPartIs("6 7");
    }

    private static String ignoring(String job, String what) {
        return job.replace("\"solutionId\"", "\"ddl\": {\"" + what + "\": \"ignore\"}, \"solutionId\"");
    }

    private void assertPartIs(String ids) throws SQLException {
        for (TestingDatabase database : List.of(source, target)) {
            assertThat(database.queryForString("SELECT string_agg(id::text, ' ' ORDER BY id) FROM part"))
                    .isEqualTo(ids);
        }
    }

    @Test
    void theSnapshotComesInTheOrderOfTheForeignKeys() throws Exception {
        for (TestingDatabase database : List.of(source, target)) {
            database.execute(
                    "CREATE TABLE z_parent (id int PRIMARY KEY)",
                    "CREATE TABLE a_child (id int PRIMARY KEY, parent int NOT NULL REFERENCES z_parent)");
        }
        source.execute(
                "ALTER TABLE z_parent REPLICA IDENTITY FULL",
                "ALTER TABLE a_child REPLICA IDENTITY FULL",
                "INSERT INTO z_parent SELECT generate_series(1, 3000)",
                "INSERT INTO a_child SELECT i, 3001 - i FROM generate_series(1, 3000) i");
        String job = job().replace("\"account\", \"audit\"", "\"a_child\", \"z_parent\"");
        assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();
        assertThat(target.queryForString("SELECT count(*) FROM a_child")).isEqualTo("3000");
        assertThat(jobs.runUntilCurrent(job.replace("\"concurrent\": 2", "\"concurrent\": 1"))
                        .errorMessage())
                .isEmpty();
    }

    @Test
    void toldToEndItFinishesAndEndsWell() throws Exception {
        TestingDistribution transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
        jobs.write(job());
        TestingRunner runner = new TestingRunner(transvase, folder, List.of(), "");
        Process process = runner.start();
        while (!target.queryForString("SELECT count(*) FROM audit").equals("2000")
                || target.queryForString("SELECT to_regclass('transvase_position')") == null
                || target.queryForList("SELECT description FROM transvase_position WHERE description <> ''")
                        .isEmpty()) {
            assertThat(process.isAlive()).as(runner.output()).isTrue();
            target.execute("SELECT pg_sleep(0.05)");
        }
        source.execute("INSERT INTO audit (what) VALUES ('last')");
        while (!target.queryForString("SELECT count(*) FROM audit").equals("2001")) {
            target.execute("SELECT pg_sleep(0.01)");
        }
        process.destroy();
        assertThat(process.waitFor()).as(runner.output()).isZero();
        assertThat(runner.output()).contains("durable at the target up to");
        bank.assertSame();
        assertThat(transvase
                        .run(
                                "cdc",
                                "drop",
                                folder.resolve("job.json"),
                                "--datasources",
                                folder.resolve("datasources.json"))
                        .code())
                .isZero();
        assertThat(source.queryForList("SELECT pubname FROM pg_publication")).isEmpty();
        assertThat(target.queryForString("SELECT count(*) FROM transvase_position"))
                .isEqualTo("0");
    }

    @Test
    void valuesOfSequencesComeWithTheirRowsAndNeitherSequencesNorLargeObjectsDo() throws Exception {
        String table = "CREATE TABLE document (id serial PRIMARY KEY, content oid)";
        source.execute(table, "ALTER TABLE document REPLICA IDENTITY FULL");
        target.execute(table);
        String job = job().replace("[\"account\", \"audit\"]", "\"document\"");
        String insert = "INSERT INTO document (content) VALUES (lo_from_bytea(0, '\\x01'))";
        source.execute(insert);
        assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();
        source.execute(insert, "SELECT nextval('document_id_seq')", insert);
        assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();
        assertThat(target.queryForList("SELECT id FROM document ORDER BY id")).containsExactly("1", "2", "4");
        assertThat(target.query("SELECT * FROM document ORDER BY id"))
                .isEqualTo(source.query("SELECT * FROM document ORDER BY id"));
        assertThat(target.queryForString("SELECT is_called FROM document_id_seq"))
                .isEqualTo("f");
        assertThat(source.queryForString("SELECT count(*) FROM pg_largeobject_metadata"))
                .isEqualTo("3");
        assertThat(target.queryForString("SELECT count(*) FROM pg_largeobject_metadata"))
                .isEqualTo("0");
    }
}
