package dev.transvase.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.job.JobSettings.ErrorLimit;
import dev.transvase.core.job.JobSettings.Speed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataWorksJobTest {

    /** The reader script of the specification, character for character. */
    private static final String READER_SCRIPT = """
            {
            "type": "job",
            "version": "2.0",
            "steps": [
            {
            "stepType": "postgresql",
            "parameter": {
            "datasource": "", // Data source name
            "column": [ // Columns to sync
            "col1",
            "col2"
            ],
            "where": "", // Filter condition
            "splitPk": "", // Column for data sharding (enables concurrent sync)
            "table": "" // Table name
            },
            "name": "Reader",
            "category": "reader"
            },
            {
            "stepType": "stream",
            "parameter": {},
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
            """;

    /** The writer script of the specification, character for character. */
    private static final String WRITER_SCRIPT = """
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
            "datasource": "", // Data source name
            "column": [ // Destination columns
            "col1",
            "col2"
            ],
            "table": "", // Destination table name
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
            """;

    private static final String STEPS = """
            "steps": [{"stepType": "stream", "category": "reader", "name": "Reader", "parameter": {}},
                      {"stepType": "stream", "category": "writer", "name": "Writer", "parameter": {}}]""";

    @TempDir
    private Path folder;

    @Test
    void theReaderScriptOfTheSpecificationIsRead() {

        TestingJobFile read = TestingJobFile.read(folder, READER_SCRIPT);
        JobFile job = read.good();

        assertThat(read.warnings()).isEmpty();
        assertThat(job.reader().stepType()).isEqualTo("postgresql");
        assertThat(job.reader().stepName()).isEqualTo("Reader");
        assertThat(job.reader().path()).isEqualTo("job.json: steps[0].parameter");
        assertThat(job.reader().stepTypePath()).isEqualTo("job.json: steps[0].stepType");
        assertThat(job.reader().parameter().toString())
                .isEqualTo("{\"datasource\":\"\",\"column\":[\"col1\",\"col2\"],\"where\":\"\",\"splitPk\":\"\","
                        + "\"table\":\"\"}");
        assertThat(job.reader().inlineDataSource()).isEmpty();
        assertThat(job.writer().stepType()).isEqualTo("stream");
        assertThat(job.settings())
                .isEqualTo(new JobSettings(
                        new ErrorLimit(0, OptionalDouble.empty()),
                        new Speed(1, true, OptionalDouble.of(12), OptionalLong.empty()),
                        Optional.empty()));
        assertThat(job.settings().speed().bytesPerSecond()).hasValue(12 * 1_048_576.0);
    }

    @Test
    void theWriterScriptOfTheSpecificationIsRead() {
        JobFile job = TestingJobFile.read(folder, WRITER_SCRIPT).good();

        assertThat(job.reader().stepType()).isEqualTo("stream");
        assertThat(job.writer().stepType()).isEqualTo("postgresql");
        assertThat(job.writer().path()).isEqualTo("job.json: steps[1].parameter");
        assertThat(job.writer().parameter().path("preSql").isArray()).isTrue();
    }

    @Test
    void theStepsMayStandInAnyOrder() {
        JobFile job = TestingJobFile.read(folder, """
                        {"type": "job", "version": "2.0", "steps": [
                          {"stepType": "b", "category": "Writer", "name": "W"}, {"stepType": "a", "category": "reader"}],
                         "order": {"hops": [{"from": "Reader", "to": "W"}]}}""").good();

        assertThat(job.reader().stepType()).isEqualTo("a");
        assertThat(job.writer().stepType()).isEqualTo("b");
        assertThat(job.writer().path()).isEqualTo("job.json: steps[0].parameter");
    }

    @Test
    void withoutThrottleTheLimitsHaveNoEffect() {

        Speed off = setting("{'speed': {'throttle': 'false', 'mbps': 1, 'record': 5}}");
        assertThat(off.mbps()).hasValue(1);
        assertThat(off.bytesPerSecond()).isEmpty();
        assertThat(off.recordsPerSecond()).isEmpty();

        Speed on = setting("{'speed': {'throttle': true, 'mbps': '0.5', 'record': '5', 'concurrent': '4'}}");
        assertThat(on.bytesPerSecond()).hasValue(524_288);
        assertThat(on.recordsPerSecond()).hasValue(5);
        assertThat(on.concurrent()).isEqualTo(4);

        assertThat(TestingJobFile.read(folder, withSetting("{'speed': {'mbps': 1}}"))
                        .warnings())
                .containsExactly("setting.speed.mbps: has no effect unless `throttle` is given as true");
    }

    @Test
    void aPercentageAloneIsTheOnlyLimit() {
        JobFile job = TestingJobFile.read(folder, withSetting("{'errorLimit': {'percentage': 0.02}}"))
                .good();
        assertThat(job.settings().errorLimit()).isEqualTo(new ErrorLimit(Long.MAX_VALUE, OptionalDouble.of(0.02)));
    }

    @Test
    void theErrorLimitIsReadAsItIs() {
        JobFile job = TestingJobFile.read(folder, withSetting("{'errorLimit': {'record': '12', 'percentage': '0.02'}}"))
                .good();

        assertThat(job.settings().errorLimit()).isEqualTo(new ErrorLimit(12, OptionalDouble.of(0.02)));
    }

    @Test
    void everyMistakeOfTheSettingsIsTold() {
        assertThat(TestingJobFile.read(folder, withSetting("""
                                        {'errorLimit': {'record': -1, 'percentage': 2, 'recrod': 1},
                                         'speed': {'concurrent': 0, 'throttle': 'maybe', 'mbps': 'fast', 'record': 0},
                                         'sped': {}}""")).errors())
                .containsExactly(
                        "setting.sped: is not known here -> did you mean `speed`?",
                        "setting.errorLimit.recrod: is not known here -> did you mean `record`?",
                        "setting.errorLimit.record: expected a whole number of at least 0, found -1",
                        "setting.errorLimit.percentage: expected a number from 0 to 1, found 2",
                        "setting.speed.concurrent: expected a whole number from 1 to 1024, found 0",
                        "setting.speed.throttle: expected true or false, found \"maybe\"",
                        "setting.speed.mbps: expected a number of at least 0, found \"fast\"",
                        "setting.speed.record: expected a whole number of at least 1, found 0");
        assertThat(TestingJobFile.read(folder, withSetting("{'speed': {'mbps': 0, 'throttle': true}}"))
                        .errors())
                .containsExactly("setting.speed.mbps: expected a number above 0, found 0.0");
        assertThat(TestingJobFile.read(folder, withSetting("[]")).errors())
                .containsExactly("setting: expected an object {...}, found a list [...]");
    }

    @Test
    void whatTheConsoleExportsBesidesIsIgnoredWithAWarning() {
        TestingJobFile read = TestingJobFile.read(folder, """
                {"type": "job", "version": "2.0", "extend": {"mode": "code"},
                 "steps": [{"stepType": "stream", "category": "reader", "name": "Reader", "copies": 1, "gui": null},
                   {"stepType": "stream", "category": "writer", "name": "Writer"},
                   {"stepType": null, "category": "processor", "name": "Processor", "copies": 1,
                    "parameter": {"nodes": [], "edges": [], "groups": [], "version": "2.0"}}],
                 "setting": {"executeMode": null, "failoverEnable": true, "jvmOption": "-Xms1g", "locale": "zh_CN",
                   "errorLimit": {"record": ""}, "speed": {"concurrent": 2, "throttle": false, "dmu": 1, "mbps": ""}}}""");

        assertThat(read.good().settings().speed().concurrent()).isEqualTo(2);
        assertThat(read.good().settings().errorLimit().record()).isZero();
        assertThat(read.warnings())
                .extracting(warning -> warning.replaceFirst(":.*", ""))
                .containsExactlyInAnyOrder(
                        "extend",
                        "setting.errorLimit.record",
                        "setting.speed.mbps",
                        "setting.speed.dmu",
                        "setting.failoverEnable",
                        "setting.jvmOption",
                        "setting.locale",
                        "steps[0].copies",
                        "steps[2]");
    }

    @Test
    void aProcessorThatDoesSomethingIsRefused() {
        assertThat(TestingJobFile.read(folder, """
                                {"type": "job", "version": "2.0", "steps": [
                                  {"stepType": "stream", "category": "reader"},
                                  {"stepType": "stream", "category": "writer"},
                                  {"category": "processor", "parameter": {"nodes": [{"id": "mask"}]}}]}""").errors())
                .singleElement()
                .asString()
                .startsWith("steps[2]: is a processor, which is not supported");
    }

    @Test
    void anotherTypeOrVersionIsRefused() {
        assertThat(TestingJobFile.read(folder, "{\"type\": \"jobs\", \"version\": \"1.0\", " + STEPS + "}")
                        .errors())
                .containsExactly(
                        "type: expected \"job\", found \"jobs\" -> only type \"job\" is supported",
                        "version: expected \"2.0\", found \"1.0\" -> only version \"2.0\" is supported");
        assertThat(TestingJobFile.read(folder, "{\"type\": \"job\", \"version\": 2.0, " + STEPS + "}")
                        .errors())
                .isEmpty();
    }

    @Test
    void typeAndVersionThatAreMissingAreAssumedAloud() {
        TestingJobFile read = TestingJobFile.read(folder, "{" + STEPS + "}");

        assertThat(read.errors()).isEmpty();
        assertThat(read.warnings())
                .containsExactly("type: is missing; read as \"job\"", "version: is missing; read as \"2.0\"");
    }

    @Test
    void everyMistakeOfTheStepsIsTold() {
        assertThat(TestingJobFile.read(folder, """
                                {"type": "job", "version": "2.0", "setings": {}, "steps": [
                                  {"stepType": "stream", "category": "raeder", "parameters": {}},
                                  {"category": "writer", "parameter": []},
                                  {"stepType": 5, "category": "writer"},
                                  {"stepType": "stream"},
                                  "stream"]}""").errors())
                .containsExactly(
                        "setings: is not known here -> did you mean `setting`?",
                        "steps[4]: expected an object {...}, found a text",
                        "steps[0].parameters: is not known here -> did you mean `parameter`?",
                        "steps[0].category: expected reader or writer, found \"raeder\" -> did you mean `reader`?",
                        "steps[1].stepType: is required but missing -> name a step type; `transvase plugins` lists what"
                                + " is installed",
                        "steps[1].parameter: expected an object {...}, found a list [...]",
                        "steps[2].stepType: expected a text, found 5",
                        "steps[3].category: is required but missing -> give \"reader\" or \"writer\"",
                        "steps: expected exactly one step of category reader, found 0 -> add one",
                        "steps: expected exactly one step of category writer, found 2 -> write a separate job for each",
                        "steps: two steps have the same name -> give each step a name of its own, since order.hops"
                                + " refers to it");
    }

    @Test
    void missingStepsAreToldOnce() {
        assertThat(TestingJobFile.read(folder, "{\"type\": \"job\", \"version\": \"2.0\"}")
                        .errors())
                .containsExactly("steps: is required but missing -> give one step of category reader and one of"
                        + " category writer");
        assertThat(TestingJobFile.read(folder, "{\"type\": \"job\", \"version\": \"2.0\", \"steps\": {}}")
                        .errors())
                .containsExactly("steps: expected a list [...], found an object {...}");
    }

    @Test
    void hopsAreCheckedAgainstTheSteps() {
        assertThat(hops("[{'from': 'Reader', 'to': 'Wirter'}]"))
                .containsExactly(
                        "order.hops[0].to: there is no step with the name \"Wirter\" -> did you mean `Writer`?");
        assertThat(hops("[{'from': 'Writer', 'to': 'Reader'}]"))
                .containsExactly(
                        "order.hops[0].from: a hop goes from a reader to a writer, but \"Writer\" is a writer",
                        "order.hops[0].to: a hop goes from a reader to a writer, but \"Reader\" is a reader");
        assertThat(hops("[{'from': 'Reader'}]"))
                .containsExactly("order.hops[0].to: is required but missing -> give the name of the writer");
        assertThat(hops("[{'from': 'Reader', 'to': 'Writer'}, {'from': 'Reader', 'to': 'Writer'}]"))
                .containsExactly(
                        "order.hops: expected one hop, found 2 -> one reader feeds one writer: write a separate job"
                                + " for each");
        assertThat(hops("[]")).isEmpty();
        // In a circle, or from a step to itself.
        assertThat(hops("[{'from': 'Reader', 'to': 'Writer'}, {'from': 'Writer', 'to': 'Reader'}]"))
                .hasSize(3)
                .contains("order.hops[1].from: a hop goes from a reader to a writer, but \"Writer\" is a writer")
                .last()
                .asString()
                .startsWith("order.hops: expected one hop, found 2");
        assertThat(hops("[{'from': 'Reader', 'to': 'Reader'}]"))
                .containsExactly("order.hops[0].to: a hop goes from a reader to a writer, but \"Reader\" is a reader");
        assertThat(hops("{}")).containsExactly("order.hops: expected a list [...], found an object {...}");
    }

    @Test
    void withoutOrderTheReaderLeadsToTheWriter() {
        for (String order : List.of("", ", \"order\": null", ", \"order\": {}", ", \"order\": {\"hops\": null}")) {
            JobFile job = TestingJobFile.read(
                            folder, "{\"type\": \"job\", \"version\": \"2.0\", " + STEPS + order + "}")
                    .good();
            assertThat(job.reader().stepName()).isEqualTo("Reader");
            assertThat(job.writer().stepName()).isEqualTo("Writer");
        }
        assertThat(TestingJobFile.read(
                                folder, "{\"type\": \"job\", \"version\": \"2.0\", " + STEPS + ", \"order\": []}")
                        .errors())
                .containsExactly("order: expected an object {...}, found a list [...]");
    }

    @Test
    void twoReadersAreTold() {
        assertThat(TestingJobFile.read(folder, """
                                {"type": "job", "version": "2.0", "steps": [
                                  {"stepType": "stream", "category": "reader", "name": "A"},
                                  {"stepType": "stream", "category": "reader", "name": "B"},
                                  {"stepType": "stream", "category": "writer"}]}""").errors())
                .containsExactly(
                        "steps: expected exactly one step of category reader, found 2 -> write a separate job for each");
    }

    @Test
    void aConnectionMayNameADataSource() {
        JobFile job = TestingJobFile.read(folder, """
                        {"type": "job", "version": "2.0", "steps": [
                          {"stepType": "postgresql", "category": "reader", "parameter": {
                            "connection": [{"datasource": "shop", "table": ["public.orders"]}], "column": ["*"]}},
                          {"stepType": "stream", "category": "writer"}]}""").good();

        assertThat(job.reader().inlineDataSource()).isEmpty();
        assertThat(job.reader().parameter().toString())
                .isEqualTo("{\"column\":[\"*\"],\"table\":\"public.orders\",\"datasource\":\"shop\"}");
    }

    private List<String> hops(String hops) {
        return TestingJobFile.read(
                        folder,
                        "{\"type\": \"job\", \"version\": \"2.0\", " + STEPS + ", \"order\": {\"hops\": "
                                + hops.replace('\'', '"') + "}}")
                .errors();
    }

    private Speed setting(String setting) {
        return TestingJobFile.read(folder, withSetting(setting))
                .good()
                .settings()
                .speed();
    }

    private static String withSetting(String setting) {
        return "{\"type\": \"job\", \"version\": \"2.0\", " + STEPS + ", \"setting\": " + setting.replace('\'', '"')
                + "}";
    }
}
