package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases of all encodings, and text that has no place in one. */
class EncodingsIT {

    private static final List<String> MODES = List.of("insert", "copy");

    @TempDir
    private Path folder;

    private static TestingDatabase create(TestingPostgres server, String encoding) {
        return server.createDatabase("TEMPLATE template0 ENCODING '" + encoding + "' LC_COLLATE 'C' LC_CTYPE 'C'");
    }

    private TestingJobs.Ended copy(
            TestingDatabase source, TestingDatabase target, String table, String mode, int tolerated) {
        return new TestingJobs(folder)
                .dataSource("source", source)
                .dataSource("target", target)
                .run(TestingJobs.postgresJob(
                        "{\"datasource\": \"source\", \"table\": \"" + table + "\", \"column\": [\"*\"]}",
                        "{\"datasource\": \"target\", \"table\": \"" + table
                                + "\", \"column\": [\"*\"], \"preSql\": [\"TRUNCATE @table\"], \"writeMode\": \"" + mode
                                + "\"}",
                        "{\"errorLimit\": {\"record\": " + tolerated + "}}"));
    }

    @ParameterizedTest
    @CsvSource({"EUC_CN, UTF8", "UTF8, EUC_CN", "EUC_CN, EUC_CN"})
    void chineseIsTranscoded(String from, String to) throws Exception {
        String[] table = {
            "CREATE TYPE \"心情\" AS ENUM ('高兴', '难过')",
            "CREATE TYPE \"对\" AS (\"一\" text, \"二\" \"心情\")",
            "CREATE TABLE \"订单\" (id integer, \"名称\" text, \"短\" varchar(2), \"定长\" char(3), n name, j json, b jsonb,"
                    + " x xml, m \"心情\", ms \"心情\"[], p \"对\", a text[], v tsvector, c bytea)"
        };
        try (TestingDatabase source = create(TestingPostgres.newest(), from);
                TestingDatabase target = create(TestingPostgres.newest(), to)) {
            source.execute(table);
            source.execute("INSERT INTO \"订单\" VALUES (1, '数据 \"集成\"', '两字', '一', '名', '{\"键\": \"值\"}', '{\"键\":"
                    + " \"值\"}', '<a>文</a>', '高兴', '{难过,NULL}', '(文,高兴)', '{文,\"逗,号\"}', '词:1', '\\xb0a1')");
            target.execute(table);
            for (String mode : MODES) {
                TestingJobs.Ended ended = copy(source, target, "\\\"订单\\\"", mode, 0);
                assertThat(ended.errorMessage()).isEmpty();
                assertThat(target.query("SELECT * FROM \"订单\""))
                        .hasSize(1)
                        .isEqualTo(source.query("SELECT * FROM \"订单\""));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "EUC_CN"})
    void whatTheTargetsEncodingLacksIsDirty(String encoding) throws Exception {
        String column = encoding.equals("LATIN1") ? "größe" : "尺寸";
        String good = encoding.equals("LATIN1") ? "ä" : "大";
        String[] table = {"CREATE TABLE t (id integer, \"" + column + "\" text, j json, s text[])"};
        try (TestingDatabase source = TestingPostgres.newest().createDatabase();
                TestingDatabase target = create(TestingPostgres.newest(), encoding)) {
            source.execute(table);
            source.execute("INSERT INTO t SELECT i, '" + good + "', '{}', '{}' FROM generate_series(1, 300) i");
            source.execute(
                    "UPDATE t SET \"" + column + "\" = 'a\u20ac\ud83d\ude00' WHERE id = 100",
                    "UPDATE t SET j = '\"\ud83d\ude00\"' WHERE id = 200",
                    "UPDATE t SET s = '{x,\ud83d\ude00}' WHERE id = 201");
            target.execute(table);
            for (String mode : MODES) {
                TestingJobs.Ended ended = copy(source, target, "t", mode, 10);
                assertThat(ended.errorMessage()).isEmpty();
                assertThat(target.queryForString("SELECT count(*) FROM t WHERE \"" + column + "\" = '" + good + "'"))
                        .isEqualTo("297");
                assertThat(ended.dirty())
                        .extracting(d -> d.get("values").get("id").asText())
                        .containsExactly("100", "200", "201");
                assertThat(ended.dirty())
                        .extracting(d -> d.get("sqlState").asText())
                        .containsOnly("22P05");
                assertThat(message(ended.dirty().get(0)))
                        .startsWith("column " + column + ": the server refused the value a\u20ac\ud83d\ude00: ");
                assertThat(message(ended.dirty().get(1))).startsWith("column j: the server refused the value \"");
                assertThat(message(ended.dirty().get(2))).startsWith("column s: the server refused the value {x,");
            }
        }
    }

    private static String message(JsonNode dirty) {
        return dirty.get("message").asText();
    }

    private static void fillWithBytes(TestingDatabase database) throws SQLException {
        database.execute(
                "CREATE TYPE pair AS (a integer, b text)",
                "CREATE TABLE t (id integer, v varchar(9), c char(9), j json, p pair)",
                "INSERT INTO t VALUES (1, 'plain', '{}', '{}', NULL), (2, 'ä', 'o', '\"ü\"', '(1,ß)'),"
                        + " (3, E'raw \\xff', '', '{}', NULL), (4, '', '', E'\"\\xff\"', NULL),"
                        + " (5, '', '', '{}', E'(1,\\xff)'), (6, '', E'\\xff', '{}', NULL), (7, 'end', '', '{}', NULL)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF8", "SQL_ASCII"})
    void bytesThatAreNoTextAreDirty(String encoding) throws Exception {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            try (TestingDatabase source = create(server, "SQL_ASCII");
                    TestingDatabase target = create(server, encoding)) {
                fillWithBytes(source);
                target.execute(
                        "CREATE TYPE pair AS (a integer, b text)",
                        "CREATE TABLE t (id integer, v varchar(9), c char(9), j json, p pair)");
                for (String mode : MODES) {
                    TestingJobs.Ended ended = copy(source, target, "t", mode, 4);
                    assertThat(ended.errorMessage()).isEmpty();
                    assertThat(target.query("SELECT * FROM t ORDER BY id"))
                            .hasSize(3)
                            .isEqualTo(source.query("SELECT * FROM t WHERE id IN (1, 2, 7) ORDER BY id"));
                    assertThat(ended.dirty())
                            .extracting(dirty -> message(dirty).replaceAll(" value .*", ""))
                            .containsExactly(
                                    "column v: the server refused the",
                                    "column j: the server refused the",
                                    "column p: the server refused the",
                                    "column c: the server refused the");
                    assertThat(ended.dirty().get(0).get("values").get("v").asText())
                            .isEqualTo("\\x72617720ff");
                }
            }
        }
    }

    @Test
    void bytesThatAreNoTextEndAPrintWithTheColumnsName() throws Exception {
        try (TestingDatabase source = create(TestingPostgres.newest(), "SQL_ASCII")) {
            fillWithBytes(source);
            TestingJobs.Ended ended = new TestingJobs(folder)
                    .dataSource("source", source)
                    .run(TestingJobs.job(
                            "postgresql",
                            "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"]}",
                            "stream",
                            "{\"print\": true, \"path\": \"printed\"}",
                            "{}"));
            assertThat(ended.errorCode()).isEqualTo("MALFORMED_VALUE");
            assertThat(ended.errorMessage()).contains("column v of public.t in record 2", "not UTF-8 at byte 4");
            assertThat(Files.readString(folder.resolve("printed"))).doesNotContain("\ufffd");
        }
    }

    @Test
    void aNulCharacterIsDirty() throws Exception {
        try (TestingDatabase target = TestingPostgres.newest().createDatabase()) {
            target.execute("CREATE TABLE t (id integer, a text, b jsonb, c json)");
            TestingJobs jobs = new TestingJobs(folder).dataSource("target", target);
            for (String mode : MODES) {
                for (String text : List.of("plain", "nul\\u0000")) {
                    for (String json : List.of("1", "\\\"\\\\u0000\\\"")) {
                        TestingJobs.Ended ended = jobs.run(TestingJobs.job(
                                "stream",
                                "{\"sliceRecordCount\": 1, \"column\": [{\"type\": \"int\", \"value\": 1}, {\"value\": \""
                                        + text + "\"}, {\"type\": \"json\", \"value\": \"" + json
                                        + "\"}, {\"type\": \"json\", \"value\": \"" + json + "\"}]}",
                                "postgresql",
                                "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"preSql\": \"TRUNCATE t\","
                                        + " \"writeMode\": \"" + mode + "\"}",
                                "{\"errorLimit\": {\"record\": 1}}"));
                        assertThat(ended.errorMessage()).isEmpty();
                        boolean good = text.equals("plain") && json.equals("1");
                        assertThat(target.queryForString("SELECT count(*) FROM t"))
                                .isEqualTo(good ? "1" : "0");
                        if (!good) {
                            assertThat(message(ended.dirty().get(0)))
                                    .startsWith(
                                            "column " + (text.equals("plain") ? "b" : "a") + ": the server refused");
                        }
                    }
                }
            }
        }
    }
}
