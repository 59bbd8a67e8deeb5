package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The specification's own scripts, with nothing changed but that the names are filled in. */
class SpecificationScriptsIT {

    private static TestingDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void createDatabase() throws Exception {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE public.read_from (col2 text, col1 integer)",
                "INSERT INTO public.read_from VALUES ('one', 1), (NULL, 2)",
                "CREATE TABLE public.write_to (col1 bigint PRIMARY KEY, col2 text)",
                "CREATE TABLE arrays (bigint_arr bigint[], double_arr double precision[], text_arr text[],"
                        + " jsonb_obj jsonb, json_obj json)");
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    private TestingJobs jobs() {
        return new TestingJobs(folder).dataSource("shop", database);
    }

    @Test
    void theJobsLogInByPasswordOverScram() throws Exception {
        assertThat(database.queryForString(
                        "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = current_user"))
                .isEqualTo("t");
        assertThat(database.queryForString("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'trust'"))
                .isEqualTo("0");
    }

    @Test
    void theReaderScript() throws Exception {
        TestingJobs.Ended ended = jobs().run("""
                {
                "type": "job",
                "version": "2.0",
                "steps": [
                {
                "stepType": "postgresql",
                "parameter": {
                "datasource": "shop", // Data source name
                "column": [ // Columns to sync
                "col1",
                "col2"
                ],
                "where": "", // Filter condition
                "splitPk": "", // Column for data sharding (enables concurrent sync)
                "table": "public.read_from" // Table name
                },
                "name": "Reader",
                "category": "reader"
                },
                {
                "stepType": "stream",
                "parameter": {%s},
                "name": "Writer",
                "category": "writer"
                }
                ],
                "setting": {
                "errorLimit": {
                "record": "0" // Maximum number of error records
                },
                "speed": {
                "throttle": true, // true: throttling enabled; false: mbps has no effect
                "concurrent": 1, // Number of concurrent jobs
                "mbps": "12" // Throttle rate (1 mbps = 1 MB/s)
                }
                },
                "order": {
                "hops": [
                {
                "from": "Reader",
                "to": "Writer"
                }
                ]
                }
                }
                """.formatted("\"path\": \"rows.txt\""));

        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.warnings()).isEmpty();
        assertThat(Files.readAllLines(folder.resolve("rows.txt"))).containsExactlyInAnyOrder("1\tone", "2\tnull");
    }

    @Test
    void theWriterScript() throws Exception {
        TestingJobs.Ended ended = jobs().run("""
                {
                "type": "job",
                "version": "2.0",
                "steps": [
                {
                "stepType": "stream",
                "parameter": {},
                "name": "Reader",
                "category": "reader"
                },
                {
                "stepType": "postgresql",
                "parameter": {
                "datasource": "shop", // Data source name
                "column": [ // Destination columns
                "col1",
                "col2"
                ],
                "table": "public.write_to", // Destination table name
                "preSql": [], // SQL to run before the sync task
                "postSql": [] // SQL to run after the sync task
                },
                "name": "Writer",
                "category": "writer"
                }
                ],
                "setting": {
                "errorLimit": {
                "record": "0"
                },
                "speed": {
                "throttle": true,
                "concurrent": 1,
                "mbps": "12"
                }
                },
                "order": {
                "hops": [
                {
                "from": "Reader",
                "to": "Writer"
                }
                ]
                }
                }
                """);

        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.warnings()).isEmpty();
        assertThat(database.query("SELECT min(col1), max(col1), count(*), count(DISTINCT col2) FROM public.write_to"))
                .containsExactly(List.of("1", "10", "10", "1"));
    }

    @Test
    void thePgTypeExample() throws Exception {
        TestingJobs.Ended ended = jobs().run("""
                {
                "job": {
                "content": [{
                "reader": {
                "name": "streamreader",
                "parameter": {
                "column": [
                {"value": "{1,-9223372036854775808,NULL}"},
                {"value": "{0.1,NaN,-Infinity}"},
                {"value": "{a,\\"b,c\\",NULL,\\"\\"}"},
                {"value": "{\\"b\\": [1, 2], \\"a\\": null}"},
                {"value": "{\\"b\\": [1, 2], \\"a\\": null}"}
                ],
                "sliceRecordCount": 2
                }
                },
                "writer": {
                "name": "postgresqlwriter",
                "parameter": {
                "datasource": "shop",
                "table": "arrays",
                "column": [
                "bigint_arr",
                "double_arr",
                "text_arr",
                "jsonb_obj",
                "json_obj"
                ],
                "pgType": {
                "bigint_arr": "bigint[]",
                "double_arr": "double[]",
                "text_arr": "text[]",
                "jsonb_obj": "jsonb",
                "json_obj": "json"
                }
                }
                }
                }]
                }
                }
                """);

        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.warnings()).isEmpty();
        List<String> row = List.of(
                "{1,-9223372036854775808,NULL}",
                "{0.1,NaN,-Infinity}",
                "{a,\"b,c\",NULL,\"\"}",
                "{\"a\": null, \"b\": [1, 2]}",
                "{\"b\": [1, 2], \"a\": null}");
        assertThat(database.query("SELECT * FROM arrays")).containsExactly(row, row);
    }
}
