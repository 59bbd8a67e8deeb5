package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.parameter.Problem;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code pgType} of the specification, in the envelope that it stands in there. */
class PgTypeIT {

    private static final String TABLE =
            " (bigint_arr bigint[], double_arr double precision[], text_arr text[], jsonb_obj jsonb, json_obj json)";

    /** As in the specification. */
    private static final String COLUMNS_AND_TYPES = """
            "column": ["bigint_arr", "double_arr", "text_arr", "jsonb_obj", "json_obj"],
            "pgType": {
              "bigint_arr": "bigint[]",
              "double_arr": "double[]",
              "text_arr": "text[]",
              "jsonb_obj": "jsonb",
              "json_obj": "json"
            }""";

    private static TestingDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void createDatabase() throws Exception {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE source" + TABLE,
                "INSERT INTO source VALUES ('{9223372036854775807,NULL}', '{NaN,0.1,-Infinity}', '{\"a,b\",NULL,\"\"}',"
                        + " '{\"a\": [1, null]}', ' {\"b\" : 1.50}'), ('{}', '{{1},{2}}', '{}', '1', '2'),"
                        + " (NULL, NULL, NULL, NULL, NULL)");
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    @BeforeEach
    void createTarget() throws Exception {
        database.execute("DROP TABLE IF EXISTS target", "CREATE TABLE target" + TABLE);
    }

    private TestingJobs.Ended run(String reader, String mode, String columnsAndTypes) {
        String job =
                """
                {"job": {
                  "content": [{
                    "reader": %s,
                    "writer": {"name": "postgresqlwriter", "parameter": {
                      "username": "%s", "password": "%s", "writeMode": "%s",
                      "connection": [{"jdbcUrl": "%s", "table": ["target"]}],
                      %s}}
                  }],
                  "setting": {"speed": {"channel": 1}, "errorLimit": {"record": 10}}
                }}""".formatted(reader, database.user(), database.password(), mode, database.jdbcUrl(), columnsAndTypes);
        return new TestingJobs(folder).run(job);
    }

    private static String strings(String... values) {
        StringBuilder columns = new StringBuilder();
        for (String value : values) {
            columns.append(columns.isEmpty() ? "" : ", ")
                    .append("{\"type\": \"string\", \"value\": \"")
                    .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"}");
        }
        return "{\"name\": \"streamreader\", \"parameter\": {\"sliceRecordCount\": 2, \"column\": [" + columns + "]}}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "copy"})
    void stringsBecomeArraysAndDocuments(String mode) throws Exception {
        TestingJobs.Ended ended = run(
                strings("{1,NULL}", "{0.5,NaN}", "{\"a,b\",NULL}", "{\"k\":  1}", "{\"k\":  1}"),
                mode,
                COLUMNS_AND_TYPES);
        assertThat(ended.errorMessage()).isEmpty();
        List<String> row = List.of("{1,NULL}", "{0.5,NaN}", "{\"a,b\",NULL}", "{\"k\": 1}", "{\"k\":  1}");
        assertThat(database.query("SELECT * FROM target")).containsExactly(row, row);
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "copy"})
    void whatIsNoArrayOrDocumentIsDirty(String mode) throws Exception {
        String[] good = {"{1}", "{1}", "{a}", "1", "1"};
        for (int bad = 0; bad < good.length; bad++) {
            String[] values = good.clone();
            values[bad] = "{x";
            TestingJobs.Ended ended = run(strings(values), mode, COLUMNS_AND_TYPES);
            String column = List.of("bigint_arr", "double_arr", "text_arr", "jsonb_obj", "json_obj")
                    .get(bad);
            assertThat(ended.dirty())
                    .hasSize(2)
                    .allSatisfy(dirty -> assertThat(dirty.get("message").asText())
                            .startsWith("column " + column + ": the server refused the value {x: "));
        }
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "copy"})
    void arraysAndDocumentsOfPostgresArriveAsTheyWere(String mode) throws Exception {
        String reader = """
                {"name": "postgresqlreader", "parameter": {"username": "%s", "password": "%s", "column": ["*"],
                  "connection": [{"jdbcUrl": ["%s"], "table": ["source"]}]}}""".formatted(database.user(), database.password(), database.jdbcUrl());
        TestingJobs.Ended ended = run(reader, mode, COLUMNS_AND_TYPES);
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(database.query("SELECT * FROM target")).isEqualTo(database.query("SELECT * FROM source"));
    }

    @Test
    void aColumnOfAnotherTypeIsToldBeforeAnythingMoves() {
        TestingJobs.Ended ended = run(
                strings("{1}"), "insert", "\"column\": [\"bigint_arr\"], \"pgType\": {\"bigint_arr\": \"double[]\"}");
        assertThat(ended.errors()).extracting(Problem::code).containsExactly("PG_TYPE_MISMATCH");
        assertThat(ended.errors().get(0).toString()).contains("bigint_arr", "double[]", "bigint[]");
    }
}
