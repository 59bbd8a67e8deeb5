package dev.transvase.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.job.JobSettings.ErrorLimit;
import dev.transvase.core.job.JobSettings.Speed;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataXJobTest {

    private static final String POSTGRES_TO_STREAM = """
            {"job": {
              "setting": {
                "speed": {"byte": 1048576, "channel": 3}, // bytes per second
                "errorLimit": {"record": 0, "percentage": 0.02}
              },
              "content": [{
                "reader": {"name": "postgresqlreader", "parameter": {
                  "username": "loader", "password": "${env:PW}",
                  "column": ["id", "name"], "splitPk": "id", "where": "id > 10", "fetchSize": 1024,
                  "connection": [{"table": ["orders"], "jdbcUrl": ["jdbc:postgresql://db:5432/shop"]}]
                }},
                "writer": {"name": "streamwriter", "parameter": {"print": true, "encoding": "UTF-8",}}
              }]
            }}""";

    private static final String STREAM_TO_POSTGRES = """
            {"job": {
              "setting": {"speed": {"channel": "1"}},
              "content": [{
                "reader": {"name": "streamreader", "parameter": {
                  "column": [{"value": "tide", "type": "string"}, {"value": 19920817, "type": "long"},
                             {"value": "1992-08-17 12:00:00", "type": "date"}, {"value": true, "type": "bool"},
                             {"random": "1,9", "type": "bytes"}],
                  "sliceRecordCount": 1000}},
                "writer": {"name": "postgresqlwriter", "parameter": {
                  "username": "loader", "password": "hunter2", "column": ["*"],
                  "preSql": ["delete from @table"], "postSql": [], "batchSize": 2048,
                  "connection": [{"jdbcUrl": "jdbc:postgresql://127.0.0.1:3002/shop", "table": ["tides"]}]
                }}
              }]
            }}""";

    /** The pgType example of the specification. */
    private static final String PG_TYPE = """
            {
            "job": {
            "content": [{
            "reader": {},
            "writer": {
            "parameter": {
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
            """;

    private static final String CONNECTION = """
            {"job": {"content": [{
              "reader": {"name": "postgresqlreader", "parameter": {%s}},
              "writer": {"name": "streamwriter"}}]}}""";

    record Source(
            @Parameter(description = "The data source.", required = true)
            String datasource,

            @Parameter(description = "The table.", required = true, acceptsSingle = true)
            List<String> table,

            @Parameter(description = "The columns.") List<String> column) {}

    @TempDir
    private Path folder;

    @Test
    void aJobFromPostgresToAStreamIsRead() {
        JobFile job = TestingJobFile.read(folder, POSTGRES_TO_STREAM).good();

        assertThat(job.reader().stepType()).isEqualTo("postgresqlreader");
        assertThat(job.reader().stepName()).isEqualTo("Reader");
        assertThat(job.reader().path()).isEqualTo("job.json: job.content[0].reader.parameter");
        assertThat(job.reader().stepTypePath()).isEqualTo("job.json: job.content[0].reader.name");
        assertThat(job.reader().parameter().toString())
                .isEqualTo("{\"column\":[\"id\",\"name\"],\"splitPk\":\"id\",\"where\":\"id > 10\",\"fetchSize\":1024,"
                        + "\"table\":\"orders\"}");
        DataSourceSpec own = job.reader().inlineDataSource().orElseThrow();
        assertThat(own.parameters().toString())
                .isEqualTo("{\"jdbcUrl\":\"jdbc:postgresql://db:5432/shop\",\"username\":\"loader\","
                        + "\"password\":\"${env:PW}\"}");
        assertThat(own.baseFolder()).isEqualTo(folder);
        assertThat(own.withType("postgresql").type()).isEqualTo("postgresql");
        assertThat(job.writer().stepType()).isEqualTo("streamwriter");
        assertThat(job.writer().inlineDataSource()).isEmpty();
        assertThat(job.settings())
                .isEqualTo(new JobSettings(
                        new ErrorLimit(0, OptionalDouble.empty()), // record counts alone, as in DataX
                        new Speed(3, true, OptionalDouble.of(1), OptionalLong.empty()),
                        Optional.empty()));
    }

    @Test
    void aJobFromAStreamToPostgresIsRead() {
        JobFile job = TestingJobFile.read(folder, STREAM_TO_POSTGRES).good();

        assertThat(job.reader().parameter().path("column").path(1).toString())
                .isEqualTo("{\"value\":19920817,\"type\":\"long\"}");
        assertThat(job.writer().parameter().toString())
                .isEqualTo("{\"column\":[\"*\"],\"preSql\":[\"delete from @table\"],\"postSql\":[],\"batchSize\":2048,"
                        + "\"table\":\"tides\"}");
        assertThat(job.writer().inlineDataSource().orElseThrow().path())
                .isEqualTo("job.json: job.content[0].writer.parameter");
        assertThat(job.settings()).isEqualTo(JobSettings.DEFAULTS);
        assertThat(job.toString()).doesNotContain("hunter2");
    }

    @Test
    void theEnvelopeOfThePgTypeExampleIsReadAndToldWhatItLacks() {

        assertThat(TestingJobFile.read(folder, PG_TYPE).errors())
                .containsExactly(
                        "job.content[0].reader.name: is required but missing -> name a step type, for example"
                                + " postgresqlreader or streamreader",
                        "job.content[0].writer.name: is required but missing -> name a step type, for example"
                                + " postgresqlwriter or streamwriter");

        String named = PG_TYPE.replace("\"reader\": {}", "\"reader\": {\"name\": \"streamreader\"}")
                .replace("\"writer\": {", "\"writer\": {\"name\": \"postgresqlwriter\",");
        assertThat(TestingJobFile.read(folder, named)
                        .good()
                        .writer()
                        .parameter()
                        .path("pgType")
                        .path("double_arr")
                        .asText())
                .isEqualTo("double[]");
    }

    @Test
    void aStepWithItsOwnDataSourceNeedsNoOther() {
        JobFile job = TestingJobFile.read(folder, CONNECTION.formatted("""
                                "guid": null, "envType": 1, "username": "u",
                                "connection": [{"jdbcUrl": "jdbc:postgresql:a", "table": ["x", "y"]}]""")).good();
        Problems problems = new Problems();

        Source source = job.reader().bind(Source.class, folder, problems).orElseThrow();

        assertThat(source.table()).containsExactly("x", "y");
        assertThat(source.datasource()).isNotEmpty();
        assertThat(problems.warnings())
                .extracting(problem -> problem.path().replaceFirst(".*\\.", ""))
                .containsExactly("envType");
        assertThat(job.writer().bind(Source.class, folder, problems)).isEmpty();
        assertThat(problems.errors().get(0).path()).isEqualTo("job.json: job.content[0].writer.parameter.datasource");
    }

    @Test
    void aDataSourceMayBeNamedInThisShapeToo() {
        JobFile job = TestingJobFile.read(folder, CONNECTION.formatted("\"datasource\": \"shop\", \"table\": \"t\""))
                .good();

        assertThat(job.reader().inlineDataSource()).isEmpty();
        assertThat(job.reader().parameter().path("datasource").asText()).isEqualTo("shop");
    }

    @Test
    void connectionsToTheSameDatabaseAreOne() {
        JobFile job = TestingJobFile.read(folder, CONNECTION.formatted("""
                                "connection": [{"jdbcUrl": ["jdbc:postgresql:a", "jdbc:postgresql:a"], "table": ["x"]},
                                               {"jdbcUrl": "jdbc:postgresql:a", "table": "y"}]""")).good();

        assertThat(job.reader().parameter().toString()).isEqualTo("{\"table\":[\"x\",\"y\"]}");
    }

    @Test
    void aReaderMayHaveSeveralDatabases() {
        JobFile job = TestingJobFile.read(folder, CONNECTION.formatted("""
                                "username": "u", "fetchSize": 7,
                                "connection": [{"jdbcUrl": "jdbc:postgresql:a", "table": ["x"]},
                                               {"jdbcUrl": "jdbc:postgresql:b", "table": ["y", "z"]},
                                               {"jdbcUrl": "jdbc:postgresql:a", "table": ["w"]}]""")).good();

        StepSpec first = job.reader();
        assertThat(first.place()).isEqualTo("connection[0]");
        assertThat(first.parameter().toString()).isEqualTo("{\"fetchSize\":7,\"table\":[\"x\",\"w\"]}");
        assertThat(first.others()).singleElement().satisfies(other -> {
            assertThat(other.place()).isEqualTo("connection[1]");
            assertThat(other.path()).isEqualTo(first.path());
            assertThat(other.parameter().toString()).isEqualTo("{\"fetchSize\":7,\"table\":[\"y\",\"z\"]}");
            assertThat(other.inlineDataSource().orElseThrow().parameters().toString())
                    .isEqualTo("{\"jdbcUrl\":\"jdbc:postgresql:b\",\"username\":\"u\"}");
        });
    }

    @Test
    void aWriterHasOneDatabase() {
        String job = CONNECTION
                .formatted("\"datasource\": \"shop\"")
                .replace(
                        "\"writer\": {",
                        "\"writer\": {\"parameter\": {\"connection\": [{\"jdbcUrl\": \"a\"}, {\"jdbcUrl\": \"b\"}]}, ");
        assertThat(TestingJobFile.read(folder, job).errors())
                .anySatisfy(e -> assertThat(e)
                        .contains("writer.parameter.connection: names 2 different databases, but a step"
                                + " connects to one"));
    }

    @Test
    void oneQueryStandsAloneAndSeveralAreAList() {
        String connection = "\"connection\": [{\"jdbcUrl\": [\"jdbc:postgresql:a\"], \"querySql\": [%s]}]";

        assertThat(TestingJobFile.read(folder, CONNECTION.formatted(connection.formatted("\"select 1\"")))
                        .good()
                        .reader()
                        .parameter()
                        .toString())
                .isEqualTo("{\"querySql\":\"select 1\"}");
        assertThat(TestingJobFile.read(folder, CONNECTION.formatted(connection.formatted("\"a\", \"b\"")))
                        .good()
                        .reader()
                        .parameter()
                        .toString())
                .isEqualTo("{\"querySql\":[\"a\",\"b\"]}");
    }

    @Test
    void everyMistakeOfAConnectionIsTold() {
        assertThat(connection("'connection': {'jdbcUrl': ['jdbc:postgresql:a', 'jdbc:postgresql:b']}"))
                .singleElement()
                .asString()
                .startsWith("connection: names 2 different databases, but each connection has one")
                .contains("one URL: jdbc:postgresql://host1:5432,host2:5432/database")
                .doesNotContain("postgresql:a");
        assertThat(connection("'connection': [{'jdbcurl': 'u', 'table': [5]}]"))
                .containsExactly(
                        "connection[0].table[0]: expected a text, found a number",
                        "connection[0].jdbcUrl: is required but missing -> give the database, for example"
                                + " jdbc:postgresql://host:5432/database");
        assertThat(connection("'connection': [{'jdbcUrl': ''}]"))
                .containsExactly("connection[0].jdbcUrl: must not be empty");
        assertThat(connection("'connection': []"))
                .containsExactly("connection: must not be empty -> give jdbcUrl and table");
        assertThat(connection("'connection': 'jdbc'"))
                .containsExactly("connection: expected a list [...], found a text");
        assertThat(connection("'datasource': 'shop', 'connection': [{'jdbcUrl': 'u'}]"))
                .singleElement()
                .asString()
                .startsWith("datasource: names a data source, but `connection` gives a jdbcUrl");
        assertThat(connection("'table': 'a', 'connection': [{'jdbcUrl': 'u', 'table': 'b'}]"))
                .containsExactly("table: is given both here and in `connection` -> keep one of the two");
    }

    @Test
    void aKeyThatNobodyKnowsIsIgnoredWithAWarning() {
        JobFile job = TestingJobFile.read(folder, CONNECTION.formatted("""
                                "guid": 1, "tabel": "t", "_comment": "x", "checkSlave": true, "hint": "", "batchByteSize": 1,
                                "datasource": "shop", "table": "t\"""")).good();
        Problems problems = new Problems();

        assertThat(job.reader().bind(Source.class, folder, problems)).isPresent();
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings())
                .extracting(problem ->
                        problem.path().replaceFirst(".*\\.", "") + ": " + problem.message() + problem.remedy())
                .containsExactlyInAnyOrder(
                        "guid: has no meaning here and is ignored",
                        "checkSlave: has no meaning here and is ignored",
                        "hint: has no meaning here and is ignored",
                        "batchByteSize: has no meaning here and is ignored",
                        "tabel: is not known here and is ignored, as in DataXdid you mean `table`?");
    }

    record Writing(
            @Parameter(description = "How.", defaultValue = "insert")
            String writeMode,

            @Parameter(description = "The key.") List<String> conflictKey,

            @Parameter(description = "Whether.", defaultValue = "false")
            boolean emptyAsNull) {}

    @Test
    void whatAWriterOfDataXDoesWithoutBeingToldIsDoneHereToo() {
        assertThat(writing("")).isEqualTo(new Writing("insert", List.of(), true));
        assertThat(writing("'emptyAsNull': false").emptyAsNull()).isFalse();
        assertThat(writing("'writeMode': 'update'")).isEqualTo(new Writing("upsert", List.of(), true));
        assertThat(writing("'writeMode': 'update (id, \\\"a,b\\\")'"))
                .isEqualTo(new Writing("upsert", List.of("id", "\"a,b\""), true));
    }

    private Writing writing(String parameters) {
        JobFile job = TestingJobFile.read(folder, """
                {"job": {"content": {
                  "reader": {"name": "streamreader"},
                  "writer": {"name": "postgresqlwriter", "parameter": {%s}}}}}""".formatted(parameters.replace('\'', '"')))
                .good();
        Problems problems = new Problems();
        Writing writing = job.writer().bind(Writing.class, folder, problems).orElseThrow();
        assertThat(problems.warnings()).isEmpty();
        return writing;
    }

    @Test
    void namesBetweenCommasAndRangesAreTables() {
        assertThat(tables("\"orders_[00-02], b.t[9-11]x\""))
                .isEqualTo("[\"orders_00\",\"orders_01\",\"orders_02\",\"b.t9x\",\"b.t10x\",\"b.t11x\"]");
        assertThat(tables("[\"t,u\", \"v\"]")).isEqualTo("[\"t\",\"u\",\"v\"]");
        assertThat(tables("\"t[1-1]\"")).isEqualTo("\"t1\"");
        assertThat(tables("\"t_[2-1]\"")).isEqualTo("[\"t_1\",\"t_2\"]");
        assertThat(tables("\"t_[11-09]\"")).isEqualTo("[\"t_09\",\"t_10\",\"t_11\"]");
        assertThat(tables("[\"\\\"a,b[1-2]\\\"\"]")).isEqualTo("\"\\\"a,b[1-2]\\\"\"");
        assertThat(connection("'connection': {'jdbcUrl': 'u', 'table': ['t[0-99999]']}"))
                .containsExactly("connection.table[0]: expected a range of up to 10000 tables, found \"t[0-99999]\"");
    }

    private String tables(String table) {
        String given = "\"connection\": {\"jdbcUrl\": \"jdbc:postgresql:a\", \"table\": " + table + "}";
        return TestingJobFile.read(folder, CONNECTION.formatted(given))
                .good()
                .reader()
                .parameter()
                .path("table")
                .toString();
    }

    @Test
    void aBlankQueryBesideATableIsNone() {
        String given = "\"connection\": {\"jdbcUrl\": \"jdbc:postgresql:a\", \"table\": %s, \"querySql\": %s}";
        assertThat(parameters(given.formatted("\"t\"", "\" \""))).isEqualTo("{\"table\":\"t\"}");
        assertThat(parameters(given.formatted("\"t\"", "[\"\"]"))).isEqualTo("{\"table\":\"t\"}");
        assertThat(parameters(given.formatted("[\"\"]", "\"select 1\""))).isEqualTo("{\"querySql\":\"select 1\"}");
    }

    private String parameters(String given) {
        return TestingJobFile.read(folder, CONNECTION.formatted(given))
                .good()
                .reader()
                .parameter()
                .toString();
    }

    @Test
    void aLoneColumnIsAListAndAConditionHasNoSemicolon() {
        assertThat(TestingJobFile.read(
                                folder,
                                CONNECTION.formatted("\"column\": \"*\", \"where\": \"id > 1 ; \", \"table\": \"t\""))
                        .good()
                        .reader()
                        .parameter()
                        .toString())
                .isEqualTo("{\"column\":[\"*\"],\"where\":\"id > 1 \",\"table\":\"t\"}");
    }

    @Test
    void anotherEncodingThanTheDatabasesIsRefused() {
        assertThat(connection("'mandatoryEncoding': 'gbk'"))
                .singleElement()
                .asString()
                .startsWith("mandatoryEncoding: texts cannot be read in an encoding other than the database's");
        assertThat(connection("'mandatoryEncoding': 'UTF-8'")).isEmpty();
    }

    @Test
    void urlsThatDifferByTheirHostAreTriedInTurn() {
        String connection = "\"connection\": [{\"jdbcUrl\": [\"jdbc:postgresql://a:1/shop?ssl=true\","
                + " \"jdbc:postgresql://b/shop?ssl=true\"], \"table\": \"t\"}]";
        assertThat(TestingJobFile.read(folder, CONNECTION.formatted(connection))
                        .good()
                        .reader()
                        .inlineDataSource()
                        .orElseThrow()
                        .parameters()
                        .path("jdbcUrl")
                        .asText())
                .isEqualTo("jdbc:postgresql://a:1,b/shop?ssl=true");
        assertThat(connection("'connection': [{'jdbcUrl': ['jdbc:postgresql://a/x', 'jdbc:postgresql://a/y']}]"))
                .singleElement()
                .asString()
                .startsWith("connection: names 2 different databases");
    }

    @Test
    void aVariableMayStandWithoutBraces() {
        JobFile job = TestingJobFile.read(
                        folder,
                        CONNECTION.formatted("\"where\": \"d = '$day' and x <> $$day$$ and n > $1 and $other\""),
                        Map.of("day", "2026-01-31"))
                .good();

        assertThat(job.reader().parameter().path("where").asText())
                .isEqualTo("d = '2026-01-31' and x <> $$day$$ and n > $1 and $other");
    }

    @Test
    void everyMistakeOfTheFrameIsTold() {
        assertThat(TestingJobFile.read(folder, "{\"job\": 1}").errors())
                .containsExactly("job: expected an object {...}, found a number");
        assertThat(TestingJobFile.read(folder, "{\"job\": {}}").errors())
                .containsExactly("job.content: is required but missing -> give [{\"reader\": ..., \"writer\": ...}]");
        assertThat(TestingJobFile.read(folder, "{\"job\": {\"content\": []}}").errors())
                .containsExactly("job.content: expected one pair of reader and writer, found 0 -> add one");
        TestingJobFile read = TestingJobFile.read(folder, """
                                {"job": {"contents": [], "setting": {"speed": "fast", "errorLimits": {}}, "content": [
                                  {"reader": {"nmae": "streamreader"}, "transformer": [{"name": "dx_substr"}]}, {}]},
                                 "steps": []}""");
        assertThat(read.warnings())
                .containsExactly(
                        "steps: is not known here and is ignored, as in DataX",
                        "job.contents: is not known here and is ignored, as in DataX -> did you mean `content`?",
                        "job.setting.errorLimits: is not known here and is ignored, as in DataX -> did you mean"
                                + " `errorLimit`?",
                        "job.content[0].reader.nmae: is not known here and is ignored, as in DataX -> did you mean"
                                + " `name`?");
        assertThat(read.errors())
                .containsExactly(
                        "job.setting.speed: expected an object {...}, found a text",
                        "job.content: expected one pair of reader and writer, found 2 -> write a separate job for each",
                        "job.content[0].transformer: transformers are not supported -> use expressions in the reader's"
                                + " `column`, or `querySql`",
                        "job.content[0].reader.name: is required but missing -> name a step type, for example"
                                + " postgresqlreader or streamreader",
                        "job.content[0].writer: is required but missing");
    }

    @Test
    void whatTunesDataXItselfIsIgnoredWithAWarning() {
        TestingJobFile read = TestingJobFile.read(folder, """
                {"core": {"transport": {"channel": {"speed": {"byte": -1}, "capacity": 512}}, "container": {}},
                 "entry": {"jvm": "-Xmx1g"}, "common": {"column": {"timeZone": "GMT+8"}}, "job": {"jobInfo": {}, "content": [
                  {"reader": {"name": "streamreader"}, "writer": {"name": "streamwriter"}, "transformer": []}]}}""");

        assertThat(read.errors()).isEmpty();
        assertThat(read.warnings())
                .containsExactly(
                        "entry: has no meaning here and is ignored",
                        "common: has no meaning here and is ignored",
                        "core.container: has no meaning here and is ignored",
                        "core.transport.channel.capacity: has no meaning here and is ignored",
                        "job.jobInfo: has no meaning here and is ignored");
    }

    @Test
    void aVariableAlsoReachesTheConnection() {
        DataSourceSpec own = TestingJobFile.read(
                        folder,
                        CONNECTION.formatted(
                                "\"password\": \"${PW}\", \"connection\": [{\"jdbcUrl\": \"jdbc:postgresql:${DB}\"}]"),
                        Map.of("PW", "secret", "DB", "shop"))
                .good()
                .reader()
                .inlineDataSource()
                .orElseThrow();

        assertThat(own.parameters().toString())
                .isEqualTo("{\"jdbcUrl\":\"jdbc:postgresql:shop\",\"password\":\"secret\"}");
    }

    private List<String> connection(String parameters) {
        return TestingJobFile.read(folder, CONNECTION.formatted(parameters.replace('\'', '"'))).errors().stream()
                .map(error -> error.replaceFirst("^job\\.content\\[0]\\.reader\\.parameter\\.", ""))
                .toList();
    }

    @Test
    void onlyThePasswordThatTheFileItselfRefersToIsLookedUp() {
        Map<String, String> given = Map.of("U", "${env:HOME}", "P", "${file:/etc/hostname}", "DB", "${env:HOME}");
        DataSourceSpec referring = ownDataSource("u-${U}", "${env:PW}", given);
        DataSourceSpec given1 = ownDataSource("${U}", "${P}", given);
        DataSourceSpec bare = ownDataSource("$U", "$P", given);

        assertThat(referring.literal()).containsExactlyInAnyOrder("jdbcUrl", "username");
        assertThat(referring.parameters().path("username").asText()).isEqualTo("u-${env:HOME}");
        assertThat(given1.literal()).containsExactlyInAnyOrder("jdbcUrl", "username", "password");
        assertThat(bare.literal()).isEqualTo(given1.literal());
        Problems problems = new Problems();
        assertThat(given1.bind(Login.class, problems))
                .contains(new Login(
                        "jdbc:postgresql://db/${env:HOME}", "${env:HOME}", new Secret("${file:/etc/hostname}")));
        assertThat(problems.errors()).isEmpty();
    }

    record Login(
            @Parameter(description = "URL.", required = true)
            String jdbcUrl,

            @Parameter(description = "User.", required = true)
            String username,

            @Parameter(description = "Password.", required = true)
            Secret password) {}

    private DataSourceSpec ownDataSource(String username, String password, Map<String, String> variables) {
        return TestingJobFile.read(folder, CONNECTION.formatted("""
                        "username": "%s", "password": "%s", "column": ["*"],
                        "connection": [{"jdbcUrl": ["jdbc:postgresql://db/${DB}"], "table": ["t"]}]""".formatted(username, password)), variables)
                .good()
                .reader()
                .inlineDataSource()
                .orElseThrow();
    }

    @Test
    void aVariableCannotBecomeAPartOfAReference() {
        assertThat(TestingJobFile.read(folder, CONNECTION.formatted("""
                                        "username": "${env:USER}", "password": "${env:A}${B}", "column": ["*"],
                                        "connection": [{"jdbcUrl": ["jdbc:postgresql://${env:HOST}/db"], "table": ["t"]}]"""), Map.of("B", "x"))
                        .errors())
                .satisfiesExactlyInAnyOrder(
                        user -> assertThat(user).contains("reader.parameter.username: ${env:USER} has no value"),
                        password ->
                                assertThat(password).contains("reader.parameter.password: contains both a reference"),
                        url -> assertThat(url).contains("jdbcUrl[0]: ${env:HOST} has no value"));
    }
}
