package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.transvase.distribution.TestingDistribution;
import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** There is no room for a transaction in progress: the job says where and what to do, cleans up, and loses nothing. */
class SpillFolderIT {

    private static final int ROWS = 30_000;

    /** A disk of the process's own, which goes with it; then the command, and what that has left on the disk. */
    private static final String ON_SMALL_DISK =
            "mount -t tmpfs -o size=1m small \"$0\" || exit 77; \"$@\"; code=$?; ls -A \"$0\" >\"$0.left\"; exit $code";

    /** No file may grow beyond a megabyte: that has an effect anywhere. */
    private static final String WITH_SMALL_FILES =
            "ulimit -f 2048; \"$@\"; code=$?; ls -A \"$0\" >\"$0.left\"; exit $code";

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private TestingDatabase target;
    private TestingJobs jobs;
    private TestingDistribution transvase;
    private Path spill;

    @BeforeEach
    void create() throws Exception {
        source = TestingPostgres.newest().createDatabase();
        target = TestingPostgres.oldest().createDatabase();
        source.execute(
                "ALTER DATABASE " + source.name() + " SET logical_decoding_work_mem = '64kB'",
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "ALTER TABLE t REPLICA IDENTITY FULL");
        target.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
        spill = Files.createDirectory(folder.resolve("spill"));
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
        transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
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
                        + "\", \"table\": \"t\", \"spillFolder\": \"" + spill + "\"}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                "{}");
    }

    private Ended runIn(List<String> shell) throws Exception {
        assertThat(jobs.runUntilCurrent(job()).errorMessage()).isEmpty();
        source.execute("INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, " + ROWS + ") i");
        return new TestingRunner(transvase, folder, shell, "-XX:TieredStopAtLevel=1").runUntilCurrent();
    }

    private void assertToldAndRecovered(Ended ended, String reason) throws Exception {
        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(ended.err()).contains(spill.toString(), reason, "free space there", "spillFolder");
        assertThat(folder.resolve("spill.left")).isEmptyFile();
        assertThat(target.queryForString("SELECT count(*) FROM t")).isEqualTo("0");
        assertThat(jobs.runUntilCurrent(job()).errorMessage()).isEmpty();
        assertThat(target.query("SELECT count(*), min(v), max(v) FROM t"))
                .isEqualTo(source.query("SELECT count(*), min(v), max(v) FROM t"));
        assertThat(spill).isEmptyDirectory();
    }

    @Test
    void theDiskIsFull() throws Exception {
        List<String> shell =
                List.of("unshare", "--map-root-user", "--mount", "sh", "-c", ON_SMALL_DISK, spill.toString());
        Ended ended = runIn(shell);
        assumeThat(ended.code()).as("may mount: %s", ended.err()).isNotIn(1, 77);
        assertToldAndRecovered(ended, "No space left on device");
    }

    @Test
    void aFileMayNotGrowAnyMore() throws Exception {
        assertToldAndRecovered(runIn(List.of("sh", "-c", WITH_SMALL_FILES, spill.toString())), "File too large");
    }
}
